import { CHANGE_STATE } from '../services/service-store.ts';
import type { Database, Row, SqlValue, Statement } from '../database/database.ts';
import { missingKeys } from '../database/encryption-keys.ts';
import type { SecretEncryption } from '../crypto/secret-encryption.ts';
import { TransferError, type Counts, type Header, type TransferReader, type TransferRecord } from './transfer-file.ts';
import {
  hasEnded,
  SERVICE_COLUMNS,
  TRANSFER_TABLES,
  type TransferredRow,
  type TransferTable,
} from './transfer-tables.ts';

/** Rows that one statement keeps. */
const BATCH = 200;

export interface ImportOptions {
  readonly encryption: SecretEncryption;
  /** Whether what an unfinished import has left of this service is removed first. */
  readonly startOver: boolean;
  readonly onRecords: (count: number) => void;
}

export interface Imported {
  /** Without the records that have ended by themselves since they were exported. */
  readonly counts: Counts;
  /** Whether the same service was there already: nothing was written. */
  readonly already: boolean;
}

/**
 * Stores an exported service with all that belongs to it. The service and the API access tokens come last, in one transaction,
 * and nobody can use what is there before; so an import that failed leaves nothing that can be seen, and can be repeated. A
 * service that is there is never changed.
 */
export async function importService(
  database: Database,
  header: Header,
  reader: TransferReader,
  { encryption, startOver, onRecords }: ImportOptions,
): Promise<Imported> {
  const { serviceId } = header;
  expectFit(header, encryption);
  const records = reader.records();
  const service = await records.next();
  if (service.done) throw new TransferError('The file holds no service.');
  const already = await isThere(database, serviceId, service.value.row);
  if (!already) {
    if (startOver) await removeUnfinished(database, serviceId);
    await noteKeys(database, header.encryptionKeys);
  }

  let done = 0;
  const tokens: Token[] = [];
  const counts: Record<string, number> = { [service.value.kind]: 1 };
  for await (const [table, all] of batchesOf(records)) {
    expectKeysOf(table, all, encryption);
    done += all.length;
    const rows = all.filter((row) => !hasEnded(table, row));
    if (rows.length > 0) {
      if (already) await expectSame(database, table, serviceId, rows, already);
      else if (isTokens(table)) tokens.push(...rows.map((row) => ({ table, row })));
      else if ((await database.write(insert(table, serviceId, rows)))[0] !== rows.length)
        await expectSame(database, table, serviceId, rows, already);
      counts[table.kind] = (counts[table.kind] ?? 0) + rows.length;
    }
    onRecords(done);
  }
  for (const table of TRANSFER_TABLES) await expectNoMore(database, table, serviceId, counts, already);
  if (!already) await makeUsable(database, serviceId, service.value.row, tokens);
  return { counts, already };
}

/** An API access token of the file, which is stored with the service. */
interface Token {
  readonly table: TransferTable;
  readonly row: TransferredRow;
}

/** Whether the rows are API access tokens, with which callers could use a service before its import is complete. */
function isTokens({ table }: TransferTable): boolean {
  return table === 'api_access_token';
}

/** Stores the service and its API access tokens, all or nothing. Tokens that are stored already must be as in the file. */
async function makeUsable(
  database: Database,
  serviceId: number,
  service: TransferredRow,
  tokens: readonly Token[],
): Promise<void> {
  const statements = [insertService(serviceId, service)];
  for (const { table, row } of tokens) {
    const there = await find(database, table, serviceId, [row]);
    if (there.size === 0) statements.push({ ...insert(table, serviceId, [row]), required: true });
    else await expectSame(database, table, serviceId, [row], false);
  }
  const changes = await database.write(...statements, CHANGE_STATE);
  if (changes.at(-1) === 0) {
    throw new TransferError(
      changes.length === 1
        ? `Another process has created a service ${serviceId} meanwhile. Nothing of the file can be used.`
        : 'An API access token stands in the file twice, or another process has stored it meanwhile. Nothing of the file can be used.',
    );
  }
}

/** Whether an API access token lets anybody call the service. */
export async function hasCallers(database: Database, serviceId: number): Promise<boolean> {
  const sql = 'SELECT token_hash FROM api_access_token WHERE service_id = $1 OR service_id IS NULL LIMIT 1';
  return (await database.read({ sql, values: [serviceId] })).length > 0;
}

function expectFit({ encryptionKeys }: Header, encryption: SecretEncryption): void {
  const missing = missingKeys(encryptionKeys, encryption);
  if (missing.length > 0) {
    throw new TransferError(
      `The secrets in the file were encrypted with the key ${missing.join(', ')}, which ENCRYPTION_KEY does not hold. ` +
        'Put it behind the first one, in the configuration of every server of this store.',
    );
  }
}

function expectKeysOf(
  { kind, encrypted }: TransferTable,
  rows: readonly TransferredRow[],
  encryption: SecretEncryption,
): void {
  for (const column of encrypted) {
    for (const row of rows) {
      const value = row[column];
      if (typeof value === 'string' && !encryption.holds(value.split('.')[0] ?? ''))
        throw new TransferError(
          `The ${column} of a ${kind} was encrypted with a key that ENCRYPTION_KEY does not hold.`,
        );
    }
  }
}

/** Throws when the service is there, but is not the one of the file. */
async function isThere(database: Database, serviceId: number, expected: TransferredRow): Promise<boolean> {
  const columns = Object.keys(SERVICE_COLUMNS);
  const [row] = await database.read({
    sql: `SELECT ${columns.join(', ')} FROM service WHERE service_id = $1`,
    values: [serviceId],
  });
  if (row === undefined) return false;
  if (columns.every((column) => row[column] === expected[column])) return true;
  throw new TransferError(
    `There is a service ${serviceId} already, and it is not the one of the file. Nothing was changed.`,
  );
}

/**
 * Removes the rows of an unfinished import: there is no service that they could belong to. Earlier versions left tokens of all
 * services as well. In a store without any service, nobody else can use them.
 */
async function removeUnfinished(database: Database, serviceId: number): Promise<void> {
  for (const { table, of } of TRANSFER_TABLES) {
    await database.write(
      of === 'service'
        ? { sql: `DELETE FROM ${table} WHERE service_id = $1`, values: [serviceId] }
        : {
            sql: `DELETE FROM ${table} WHERE service_id IS NULL AND NOT EXISTS (SELECT 1 FROM service)`,
            values: [],
          },
      CHANGE_STATE,
    );
  }
}

/** From now on no server starts without these keys. */
async function noteKeys(database: Database, keyIds: readonly string[]): Promise<void> {
  for (const keyId of keyIds) {
    await database.write({
      sql: 'INSERT INTO encryption_key (key_id, created_at) VALUES ($1, $2) ON CONFLICT DO NOTHING',
      values: [keyId, Date.now()],
    });
  }
}

async function* batchesOf(
  records: AsyncIterable<TransferRecord>,
): AsyncGenerator<readonly [TransferTable, readonly TransferredRow[]]> {
  let table: TransferTable | undefined;
  let rows: TransferredRow[] = [];
  for await (const { kind, row } of records) {
    if (table !== undefined && (table.kind !== kind || rows.length === BATCH)) {
      yield [table, rows];
      rows = [];
    }
    table = TRANSFER_TABLES.find((known) => known.kind === kind);
    rows.push(row);
  }
  if (table !== undefined && rows.length > 0) yield [table, rows];
}

/** Stores the rows that are missing. */
function insert(
  { table, of, columns, derived }: TransferTable,
  serviceId: number,
  rows: readonly TransferredRow[],
): Statement {
  const names = ['service_id', ...Object.keys(columns), ...(derived?.columns ?? [])];
  const values = rows.flatMap((row) => {
    const whole: TransferredRow = { ...row, ...derived?.of(row), service_id: of === 'service' ? serviceId : null };
    return names.map((name) => whole[name] ?? null);
  });
  const places = rows.map(
    (_row, index) => `(${names.map((_name, column) => `$${index * names.length + column + 1}`).join(', ')})`,
  );
  return {
    sql: `INSERT INTO ${table} (${names.join(', ')}) VALUES ${places.join(', ')} ON CONFLICT DO NOTHING`,
    values,
  };
}

/** The stored rows with the keys of the given ones, whatever they hold, by key. */
async function find(
  database: Database,
  transferTable: TransferTable,
  serviceId: number,
  rows: readonly TransferredRow[],
): Promise<ReadonlyMap<SqlValue | undefined, Row>> {
  const { table, key, columns } = transferTable;
  // A token is one of the whole store: it may be there, but be another service's.
  const { conditions, more } = isTokens(transferTable)
    ? { conditions: '', more: [] }
    : { conditions: 'service_id = $1 AND', more: [serviceId] };
  const places = rows.map((_row, index) => `$${more.length + index + 1}`);
  const found = await database.read({
    sql: `SELECT service_id, ${Object.keys(columns).join(', ')} FROM ${table} WHERE ${conditions} ${key} IN (${places.join(', ')})`,
    values: [...more, ...rows.map((row) => row[key] ?? null)],
  });
  return new Map(found.map((row) => [row[key], row]));
}

/** Throws unless all of the rows are there as they are in the file, but for those that have ended meanwhile. */
async function expectSame(
  database: Database,
  transferTable: TransferTable,
  serviceId: number,
  rows: readonly TransferredRow[],
  already: boolean,
): Promise<void> {
  const { kind, of, key, columns } = transferTable;
  const names = Object.keys(columns);
  const byKey = await find(database, transferTable, serviceId, rows);
  const owner: SqlValue = of === 'service' ? serviceId : null;
  const other = rows.find((row) => {
    const there = byKey.get(row[key] ?? null);
    if (there === undefined && hasEnded(transferTable, row)) return false;
    return there?.service_id !== owner || names.some((name) => there[name] !== row[name]);
  });
  if (other !== undefined) throw different(already, `a ${kind} is another one`);
}

/** Throws when there are other rows than those of the file; what has ended by itself does not count. */
async function expectNoMore(
  database: Database,
  { kind, table, of, endsAt }: TransferTable,
  serviceId: number,
  counts: Counts,
  already: boolean,
): Promise<void> {
  if (of !== 'service') return;
  const sql = `SELECT count(*) AS n FROM ${table} WHERE service_id = $1`;
  const [row] =
    endsAt === undefined
      ? await database.read({ sql, values: [serviceId] })
      : await database.read({ sql: `${sql} AND ${endsAt} > $2`, values: [serviceId, Date.now()] });
  // All of the file have been found; fewer are there only where some have ended since.
  if (Number(row?.n) > (counts[kind] ?? 0)) throw different(already, `it has other records of ${kind}`);
}

function different(already: boolean, how: string): TransferError {
  return new TransferError(
    already
      ? `The service was imported before and has changed since (${how}). Nothing was changed.`
      : `An unfinished import of another file has left something of this service (${how}). Remove that with --start-over.`,
  );
}

function insertService(serviceId: number, row: TransferredRow): Statement {
  const columns = Object.keys(SERVICE_COLUMNS);
  return {
    sql: `INSERT INTO service (service_id, ${columns.join(', ')}) VALUES ($1, ${columns.map((_name, index) => `$${index + 2}`).join(', ')})
      ON CONFLICT DO NOTHING`,
    values: [serviceId, ...columns.map((name) => row[name] ?? null)],
    required: true,
  };
}
