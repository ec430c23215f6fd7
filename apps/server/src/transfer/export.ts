import { createHash } from 'node:crypto';
import type { DatabaseConfig } from '../config/config.ts';
import type { Row, SqlSession, SqlValue } from '../database/database.ts';
import { expectCurrent, type Schema } from '../database/schema.ts';
import { readSnapshot } from '../database/snapshot.ts';
import { sqlType } from '../database/table.ts';
import { hasExpired, recordKindsOf, type RecordKind } from './record-kind.ts';
import { FORMAT, FORMAT_VERSION, hashLine, TransferError, type Header, type Trailer } from './transfer-file.ts';

/** Rows that are read at once. */
const PAGE = 200;

export interface ExportOptions {
  readonly serviceId: number;
  /** Whether the export contains the API access tokens for all services. */
  readonly allServiceTokens: boolean;
  /** Reports how many clients are done. */
  readonly onProgress: (done: number, total: number) => void;
}

/** Writes one state of a service with everything that belongs to it, while servers go on; returns the number of records of each kind. */
export function exportService(
  database: DatabaseConfig,
  schema: Schema,
  { serviceId, allServiceTokens, onProgress }: ExportOptions,
  write: (text: string) => Promise<void>,
): Promise<Readonly<Record<string, number>>> {
  return readSnapshot(database, async (session) => {
    expectCurrent(await schema.status(session));
    const hash = createHash('sha256');
    const counts: Record<string, number> = {};
    const line = (value: object): string => {
      const text = JSON.stringify(value);
      hashLine(hash, text);
      return `${text}\n`;
    };
    const record = (kind: string, row: Row): string => {
      counts[kind] = (counts[kind] ?? 0) + 1;
      return line({ kind, row });
    };

    await expectService(session, serviceId);
    const [clients] = await session.query('SELECT count(*) AS n FROM client WHERE service_id = $1', [serviceId]);
    const keys = await session.query('SELECT key_id FROM encryption_key ORDER BY key_id');
    const header: Header = {
      format: FORMAT,
      version: FORMAT_VERSION,
      schemaVersion: schema.version,
      serviceId,
      exportedAt: new Date().toISOString(),
      encryptionKeys: keys.map((row) => String(row.key_id)),
    };
    await write(line(header));
    for (const kind of recordKindsOf(schema)) {
      if (kind.ofAllServices && !allServiceTokens) continue;
      for await (const rows of pagesOf(session, kind, serviceId)) {
        await write(rows.map((row) => record(kind.name, row)).join(''));
        onProgress(counts.client ?? 0, Number(clients?.n));
      }
    }
    const trailer: Trailer = { counts, sha256: hash.digest('hex') };
    await write(`${JSON.stringify(trailer)}\n`);
    return counts;
  });
}

async function expectService(session: SqlSession, serviceId: number): Promise<void> {
  const rows = await session.query('SELECT service_id FROM service WHERE service_id = $1', [serviceId]);
  if (rows.length === 0) throw new TransferError(`There is no service ${serviceId}.`);
}

async function* pagesOf(session: SqlSession, kind: RecordKind, serviceId: number): AsyncGenerator<readonly Row[]> {
  const { table, key, columns, ofAllServices } = kind;
  const owner = ofAllServices ? 'service_id IS NULL' : 'service_id = $2';
  const names = Object.keys(columns).join(', ');
  const sql = `SELECT ${names} FROM ${table.name} WHERE ${owner} AND ${key} > $1 ORDER BY ${key} LIMIT ${PAGE}`;
  let last: SqlValue = sqlType(table.columns[key] ?? 'id') === 'TEXT' ? '' : -1;
  for (;;) {
    const rows = await session.query(sql, ofAllServices ? [last] : [last, serviceId]);
    if (rows.length === 0) return;
    yield rows.filter((row) => !hasExpired(kind, row));
    // The key of a service and of its chain is not among the columns, and each is one row.
    const next = rows.at(-1)?.[key];
    if (next === undefined) return;
    last = next;
  }
}
