import { INSTALLATION } from '../changes/chains.ts';
import { expectEntry } from '../changes/check-entry.ts';
import type { Entry } from '../changes/entry.ts';
import type { Row, SqlSession } from '../database/database.ts';
import { RecordError } from '../database/table.ts';
import { parseColumn } from '../http/record-checks.ts';

export interface ListOptions {
  readonly serviceId: number;
  /** Only the entries of this client. */
  readonly clientId?: number | undefined;
  /** The number after which the entries begin; if omitted, the latest ones are listed. */
  readonly after?: number | undefined;
  readonly limit: number;
}

/** An entry that this server cannot read: it was changed behind the server, or a newer server wrote it. */
export interface DamagedEntry {
  readonly sequence: number;
  /** The first part that cannot be read, and why. */
  readonly damage: string;
}

/** The sealed entries of a service, oldest first. */
export async function listEntries(
  session: SqlSession,
  { serviceId, clientId, after, limit }: ListOptions,
): Promise<readonly (Entry | DamagedEntry)[]> {
  const ofClient = clientId === undefined ? '' : 'AND client_id = $4';
  const rows = await session.query(
    `SELECT sequence, body FROM audit_entry WHERE service_id = $1 AND sequence > $2 ${ofClient}
     ORDER BY sequence ${after === undefined ? 'DESC' : 'ASC'} LIMIT $3`,
    [serviceId, after ?? 0, limit, ...(clientId === undefined ? [] : [clientId])],
  );
  const entries = rows.map(entryIn);
  return after === undefined ? entries.reverse() : entries;
}

function entryIn(row: Row): Entry | DamagedEntry {
  try {
    return expectEntry(parseColumn(row, 'body')) as unknown as Entry;
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    return { sequence: Number(row.sequence), damage: error.message };
  }
}

/** The number of the client that last had a `client_id`, which may be deleted. It reads the whole log of the service. */
export async function findInLog(
  session: SqlSession,
  serviceId: number,
  canonicalId: string,
): Promise<number | undefined> {
  // LIKE would ignore the case of letters on SQLite.
  const [row] = await session.query(
    `SELECT client_id FROM audit_entry WHERE service_id = $1 AND replace(body, $2, '') <> body ORDER BY sequence DESC LIMIT 1`,
    [serviceId, `"canonicalId":${JSON.stringify(canonicalId)}`],
  );
  return row && Number(row.client_id);
}

/** Whether a service, or the installation, has a log. The log of the installation is empty until its first change. */
export async function hasLog(session: SqlSession, serviceId: number): Promise<boolean> {
  if (serviceId === INSTALLATION) return true;
  return (await session.query('SELECT 1 FROM audit_chain WHERE service_id = $1', [serviceId])).length === 1;
}

/** The number of changes of a service that are not sealed yet. */
export async function countPending(session: SqlSession, serviceId: number): Promise<number> {
  const [row] = await session.query('SELECT count(*) AS n FROM audit_pending WHERE service_id = $1', [serviceId]);
  return Number(row?.n);
}
