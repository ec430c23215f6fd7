import { ownerOfAnswer } from '../protocol/idempotent-registrations.ts';
import type { Database, Row, SqlValue, Statement } from './database.ts';
import type { SecretEncryption } from '../crypto/secret-encryption.ts';
import { ownerOfSecret } from '../clients/client-store.ts';

/** A column whose values are records of `SecretEncryption`. */
interface EncryptedColumn {
  readonly table: string;
  /** The columns of the primary key: the one of the service, and the one that tells rows of a service apart. */
  readonly key: readonly ['service_id', string];
  /** SQL type of the second of them. */
  readonly keyType: 'BIGINT' | 'TEXT';
  readonly column: string;
  /** What a record is bound to. */
  readonly ownerOf: (serviceId: number, key: SqlValue) => string;
}

/** All of them; a new one belongs here, or its values are lost with the key that they were encrypted with. */
const ENCRYPTED_COLUMNS: readonly EncryptedColumn[] = [
  {
    table: 'client',
    key: ['service_id', 'client_id'],
    keyType: 'BIGINT',
    column: 'client_secret',
    ownerOf: (serviceId, clientId) => ownerOfSecret(serviceId, Number(clientId)),
  },
  {
    table: 'idempotent_registration',
    key: ['service_id', 'key_hash'],
    keyType: 'TEXT',
    column: 'answer',
    ownerOf: (serviceId, keyHash) => ownerOfAnswer(serviceId, String(keyHash)),
  },
];

/** Rows that are read, and changed by one statement, at once. */
const PAGE = 500;

/** Characters of a record before the dot: the ID of its key. */
const KEY_ID_LENGTH = 8;

/**
 * Encrypts everything anew that was not encrypted with the current key; how many values. Each is changed only where it is
 * still what was read: a server may change the row meanwhile, and neither sees anything of the other. It can be ended at any
 * point and done again.
 */
export async function reEncrypt(
  database: Database,
  encryption: SecretEncryption,
  onProgress: (done: number, total: number) => void,
): Promise<number> {
  const counts = ENCRYPTED_COLUMNS.map((column) => countOthers(database, column, encryption.currentKeyId));
  const total = (await Promise.all(counts)).reduce((sum, count) => sum + count);
  let done = 0;
  for (const column of ENCRYPTED_COLUMNS) {
    let last: readonly SqlValue[] = [-1, column.keyType === 'TEXT' ? '' : -1];
    for (;;) {
      const rows = await readPage(database, column, encryption.currentKeyId, last);
      const end = rows.at(-1);
      if (end === undefined) break;
      const [changed = 0] = await database.write(changePage(column, rows, encryption));
      done += changed;
      onProgress(Math.min(done, total), total);
      last = [Number(end.first_key), end.second_key ?? null];
    }
  }
  return done;
}

/** The IDs of the keys that something is encrypted with. */
export async function keysInUse(database: Database): Promise<readonly string[]> {
  const used = await Promise.all(ENCRYPTED_COLUMNS.map((column) => keysIn(database, column)));
  return [...new Set(used.flat())];
}

/** Forgets the keys that nothing is encrypted with, but for the current one; what is used is looked up in the same statement. */
export async function forgetUnusedKeys(database: Database, currentKeyId: string): Promise<void> {
  const unused = ENCRYPTED_COLUMNS.map(
    ({ table, column }) =>
      `NOT EXISTS (SELECT 1 FROM ${table} WHERE ${column} IS NOT NULL AND ${keyIdOf(column)} = encryption_key.key_id)`,
  );
  await database.write({
    sql: `DELETE FROM encryption_key WHERE key_id <> $1 AND ${unused.join(' AND ')}`,
    values: [currentKeyId],
  });
}

async function keysIn(database: Database, { table, column }: EncryptedColumn): Promise<readonly string[]> {
  const sql = `SELECT DISTINCT ${keyIdOf(column)} AS key_id FROM ${table} WHERE ${column} IS NOT NULL`;
  return (await database.read({ sql, values: [] })).map((row) => String(row.key_id));
}

async function countOthers(
  database: Database,
  { table, column }: EncryptedColumn,
  currentKeyId: string,
): Promise<number> {
  const [row] = await database.read({
    sql: `SELECT count(*) AS n FROM ${table} WHERE ${column} IS NOT NULL AND ${keyIdOf(column)} <> $1`,
    values: [currentKeyId],
  });
  return Number(row?.n);
}

function readPage(
  database: Database,
  { table, key: [first, second], column }: EncryptedColumn,
  currentKeyId: string,
  last: readonly SqlValue[],
): Promise<readonly Row[]> {
  return database.read({
    sql: `
      SELECT ${first} AS first_key, ${second} AS second_key, ${column} AS record FROM ${table}
      WHERE (${first}, ${second}) > ($1, $2) AND ${column} IS NOT NULL AND ${keyIdOf(column)} <> $3
      ORDER BY ${first}, ${second} LIMIT ${PAGE}`,
    values: [...last, currentKeyId],
  });
}

function changePage(
  { table, key: [first, second], keyType, column, ownerOf }: EncryptedColumn,
  rows: readonly Row[],
  encryption: SecretEncryption,
): Statement {
  const values = rows.flatMap((row) => {
    const [firstKey, secondKey, record] = [Number(row.first_key), row.second_key ?? null, String(row.record)];
    const owner = ownerOf(firstKey, secondKey);
    return [firstKey, secondKey, record, encryption.encrypt(encryption.decrypt(record, owner), owner)];
  });
  // Values have no column from which PostgreSQL could learn their types.
  const tuple = (_row: Row, index: number): string =>
    `(CAST($${4 * index + 1} AS BIGINT), CAST($${4 * index + 2} AS ${keyType}), $${4 * index + 3}, $${4 * index + 4})`;
  return {
    sql: `
      WITH changed (first_key, second_key, old_record, new_record) AS (VALUES ${rows.map(tuple).join(', ')})
      UPDATE ${table} SET ${column} = changed.new_record FROM changed
      WHERE ${table}.${first} = changed.first_key AND ${table}.${second} = changed.second_key
        AND ${table}.${column} = changed.old_record`,
    values,
  };
}

function keyIdOf(column: string): string {
  return `substr(${column}, 1, ${KEY_ID_LENGTH})`;
}
