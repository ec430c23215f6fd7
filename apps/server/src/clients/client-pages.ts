import { Injectable } from '@nestjs/common';
import { SecretEncryption } from '../crypto/secret-encryption.ts';
import { Database, type Row, type SqlValue } from '../database/database.ts';
import { clientOf } from './client-row.ts';
import type { ClientRow } from './client-sql.ts';
import { CLIENT_TABLE } from './client-tables.ts';
import type { FoundClient } from './client.ts';

/** Where a page begins: after the client with this number and, if the clients are ordered by name, this term. */
export interface Position {
  readonly term: string;
  readonly clientId: number;
}

export const BEGINNING: Position = { term: '', clientId: 0 };

/** A client, and the position at which the next clients begin. It has no secrets, because lists do not contain them. */
export interface PlacedClient {
  readonly client: FoundClient;
  readonly position: Position;
  /** Characters of its metadata and of its administration part, which are nearly all of a response. */
  readonly characters: number;
}

/** Which clients of a service are read: all of them, those with a term, or those with a term that has a beginning. */
export type Range = 'all' | { readonly term: string } | { readonly beginning: string };

const COLUMNS = Object.keys(CLIENT_TABLE.columns)
  .filter((name) => name !== 'secrets')
  .map((name) => `client.${name}`)
  .join(', ');

/** Joins the clients to the found numbers, in this order, so that a limit is applied before the rows are read. */
const clientsOf = (found: string, order: string): string => `
  SELECT found.term, ${COLUMNS} FROM (${found}) AS found
  JOIN client ON client.service_id = $1 AND client.client_id = found.client_id ORDER BY ${order}`;

const ALL = `SELECT '' AS term, client_id FROM client WHERE service_id = $1`;
const WITH_TERM = `SELECT '' AS term, client_id FROM client_search WHERE service_id = $1 AND term = $2`;
const BY_NUMBER = 'ORDER BY client_id LIMIT';

const FIND_ALL = clientsOf(`${ALL} AND client_id > $2 ${BY_NUMBER} $3`, 'found.client_id');
const FIND_WITH_TERM = clientsOf(`${WITH_TERM} AND client_id > $3 ${BY_NUMBER} $4`, 'found.client_id');
// A letter sorts after all digits of a term, in every language.
const FIND_WITH_BEGINNING = clientsOf(
  `SELECT term, client_id FROM client_search
   WHERE service_id = $1 AND (term, client_id) > ($2, $3) AND term < $4 || 'z' ORDER BY term, client_id LIMIT $5`,
  'found.term, found.client_id',
);

/** Counts the clients of the sealed changes and those of the changes that are not sealed yet. */
const COUNT = `
  SELECT chain.clients + (
    SELECT COALESCE(SUM(CASE WHEN document_after IS NULL THEN -1 WHEN version = 1 THEN 1 ELSE 0 END), 0)
    FROM audit_pending AS pending WHERE pending.service_id = $1 AND pending.client_id <> 0 AND pending.version <> 0
  ) AS n
  FROM audit_chain AS chain WHERE chain.service_id = $1`;

/** Reads the clients of a service in a stable order. All methods throw `StoreUnavailableError` if the engine cannot respond. */
@Injectable()
export class ClientPages {
  constructor(
    private readonly database: Database,
    private readonly encryption: SecretEncryption,
  ) {}

  /** The first clients of a range after a position: by number, or by term and number if the range has several terms. */
  async read(serviceId: number, range: Range, after: Position, limit: number): Promise<readonly PlacedClient[]> {
    const [sql, values] = queryOf(range, after, limit);
    const rows = await this.database.read({ sql, values: [serviceId, ...values] });
    return rows.map((row) => ({
      client: clientOf(row as ClientRow, this.encryption),
      position: { term: String(row.term), clientId: Number(row.client_id) },
      characters: lengthOf(row.metadata) + lengthOf(row.administration),
    }));
  }

  /** The position before the client with an index, from 0; `undefined` if there are fewer clients. */
  async positionAt(serviceId: number, range: 'all' | { term: string }, index: number): Promise<Position | undefined> {
    if (index === 0) return BEGINNING;
    const [row] =
      range === 'all'
        ? await this.readOne(`${ALL} ${BY_NUMBER} 1 OFFSET $2`, [serviceId, index])
        : await this.readOne(`${WITH_TERM} ${BY_NUMBER} 1 OFFSET $3`, [serviceId, range.term, index]);
    return row && { term: '', clientId: Number(row.client_id) - 1 };
  }

  /** The number of clients of a service. */
  async count(serviceId: number): Promise<number> {
    const [row] = await this.readOne(COUNT, [serviceId]);
    return Number(row?.n ?? 0);
  }

  private readOne(sql: string, values: readonly SqlValue[]): Promise<readonly Row[]> {
    return this.database.read({ sql, values });
  }
}

function queryOf(range: Range, { term, clientId }: Position, limit: number): [sql: string, values: SqlValue[]] {
  if (range === 'all') return [FIND_ALL, [clientId, limit]];
  if ('term' in range) return [FIND_WITH_TERM, [range.term, clientId, limit]];
  const { beginning } = range;
  return [FIND_WITH_BEGINNING, [term === '' ? beginning : term, clientId, beginning, limit]];
}

function lengthOf(value: SqlValue | undefined): number {
  return typeof value === 'string' ? value.length : 0;
}
