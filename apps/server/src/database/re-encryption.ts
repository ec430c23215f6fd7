import { DecryptionError, type SecretEncryption } from '../crypto/secret-encryption.ts';
import type { Database, Row, SqlValue, Statement } from './database.ts';
import { encryptedColumnsOf, ownerOf, sqlType, type Table } from './table.ts';

interface EncryptedColumn {
  readonly table: Table;
  readonly column: string;
}

/** Rows that one statement reads or changes. */
const PAGE = 500;

/** The most rows that an error names. */
const NAMED = 5;

/** Characters of a ciphertext before the dot: the ID of its key. */
const KEY_ID_LENGTH = 8;

/**
 * Encrypts every value again that another key than the current one encrypted; returns their number. A value is replaced only if
 * nobody changed it since it was read, so servers can go on writing. The work can be stopped and repeated at any point. It stops at the
 * first page with a value that cannot be decrypted.
 */
export async function reEncrypt(
  database: Database,
  tables: readonly Table[],
  encryption: SecretEncryption,
  onProgress: (done: number, total: number) => void,
): Promise<number> {
  const columns = encryptedColumns(tables);
  const counts = columns.map((column) => countOthers(database, column, encryption.currentKeyId));
  const total = (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
  let done = 0;
  for (const column of columns) {
    let last: Row | undefined;
    for (;;) {
      const rows = await readPage(database, column, encryption.currentKeyId, last);
      last = rows.at(-1);
      if (last === undefined) break;
      const [changed = 0] = await database.write(changePage(column, rows, encryption));
      done += changed;
      onProgress(Math.min(done, total), total);
    }
  }
  return done;
}

/** The number of values that each key encrypts, by the ID of the key. */
export async function usesOfKeys(database: Database, tables: readonly Table[]): Promise<ReadonlyMap<string, number>> {
  const uses = new Map<string, number>();
  for (const { table, column } of encryptedColumns(tables)) {
    const keyId = keyIdOf(column);
    const sql = `SELECT ${keyId} AS key_id, count(*) AS n FROM ${table.name} WHERE ${column} IS NOT NULL GROUP BY ${keyId}`;
    for (const { key_id: id, n } of await database.read({ sql, values: [] }))
      uses.set(String(id), (uses.get(String(id)) ?? 0) + Number(n));
  }
  return uses;
}

/**
 * Removes the records of keys that encrypt nothing, except the current key, and executes other statements with it. The same
 * statement looks up the keys in use.
 */
export async function forgetUnusedKeys(
  database: Database,
  tables: readonly Table[],
  currentKeyId: string,
  ...alongside: readonly Statement[]
): Promise<void> {
  const unused = encryptedColumns(tables).map(
    ({ table, column }) =>
      `NOT EXISTS (SELECT 1 FROM ${table.name} WHERE ${column} IS NOT NULL AND ${keyIdOf(column)} = encryption_key.key_id)`,
  );
  await database.write(
    {
      sql: `DELETE FROM encryption_key WHERE key_id <> $1 AND ${unused.join(' AND ')}`,
      values: [currentKeyId],
    },
    ...alongside,
  );
}

function encryptedColumns(tables: readonly Table[]): readonly EncryptedColumn[] {
  return tables.flatMap((table) => encryptedColumnsOf(table).map((column) => ({ table, column })));
}

async function countOthers(database: Database, { table, column }: EncryptedColumn, currentKeyId: string) {
  const [row] = await database.read({
    sql: `SELECT count(*) AS n FROM ${table.name} WHERE ${column} IS NOT NULL AND ${keyIdOf(column)} <> $1`,
    values: [currentKeyId],
  });
  return Number(row?.n);
}

/** The next rows in the order of the primary key. */
function readPage(
  database: Database,
  { table: { name, columns, primaryKey }, column }: EncryptedColumn,
  currentKeyId: string,
  last: Row | undefined,
): Promise<readonly Row[]> {
  const key = primaryKey.join(', ');
  const start = primaryKey.map((part) => last?.[part] ?? (sqlType(columns[part] ?? 'text') === 'TEXT' ? '' : -1));
  return database.read({
    sql: `
      SELECT ${key}, ${column} FROM ${name}
      WHERE (${key}) > (${primaryKey.map((_part, index) => `$${index + 2}`).join(', ')})
        AND ${column} IS NOT NULL AND ${keyIdOf(column)} <> $1
      ORDER BY ${key} LIMIT ${PAGE}`,
    values: [currentKeyId, ...start],
  });
}

/** The values of a page, encrypted again. Throws an error that names rows whose value cannot be decrypted. */
function encryptedAgain(
  { table, column }: EncryptedColumn,
  rows: readonly Row[],
  encryption: SecretEncryption,
): readonly string[] {
  const damaged: string[] = [];
  const withoutKey: string[] = [];
  const values = rows.map((row) => {
    const owner = ownerOf(table, row);
    try {
      return encryption.encrypt(encryption.decrypt(String(row[column]), owner), owner);
    } catch (error) {
      if (!(error instanceof DecryptionError)) throw error;
      (error.keyMissing ? withoutKey : damaged).push(owner);
      return '';
    }
  });
  const rowsNamed = (owners: readonly string[]): string =>
    `The column ${column} of ${owners.slice(0, NAMED).join(', ')}${owners.length > NAMED ? ' and others' : ''} ` +
    `(table/${table.primaryKey.join('/')})`;
  if (withoutKey.length > 0)
    throw new Error(
      `${rowsNamed(withoutKey)} needs a key that ENCRYPTION_KEY does not contain. Add it after the first key, and run the command again.`,
    );
  if (damaged.length > 0)
    throw new Error(
      `${rowsNamed(damaged)} cannot be decrypted: the store was changed behind the server. Restore a backup, or delete the clients or ` +
        'registrations with these rows. Then run the command again. Until then, all keys are needed; the secrets that were ' +
        're-encrypted so far are valid.',
    );
  return values;
}

function changePage({ table, column }: EncryptedColumn, rows: readonly Row[], encryption: SecretEncryption): Statement {
  const { name, columns, primaryKey } = table;
  const values: SqlValue[] = [];
  const encrypted = encryptedAgain({ table, column }, rows, encryption);
  const tuples = rows.map((row, position) => {
    const current = String(row[column]);
    const next = encrypted[position] ?? '';
    // PostgreSQL cannot infer the types of VALUES, so each is cast.
    const parts = [...primaryKey, column, column].map((part, index) => {
      const key = row[part] ?? null;
      values.push(index < primaryKey.length ? key : index === primaryKey.length ? current : next);
      return `CAST($${values.length} AS ${sqlType(columns[part] ?? 'text')})`;
    });
    return `(${parts.join(', ')})`;
  });
  return {
    sql: `
      WITH changed (${primaryKey.join(', ')}, current_value, next_value) AS (VALUES ${tuples.join(', ')})
      UPDATE ${name} SET ${column} = changed.next_value FROM changed
      WHERE ${primaryKey.map((part) => `${name}.${part} = changed.${part}`).join(' AND ')}
        AND ${name}.${column} = changed.current_value`,
    values,
  };
}

function keyIdOf(column: string): string {
  return `substr(${column}, 1, ${KEY_ID_LENGTH})`;
}
