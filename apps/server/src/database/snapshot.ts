import type { DatabaseConfig } from '../config/config.ts';
import { exists } from '../files/exists.ts';
import type { Row, SqlSession, SqlValue } from './database.ts';
import { expectNoTable } from './sqlite-errors.ts';
import { expectContent, openSqlite, type DatabaseSync } from './sqlite-driver.ts';

/** Milliseconds that a reader of a database file waits for an exclusive lock, for example of a recovery. */
const BUSY_TIMEOUT = 5_000;

export interface SnapshotOptions {
  /** Milliseconds to wait for the response of PostgreSQL to one query; no limit if omitted. */
  readonly responseTimeout?: number;
}

/** The file of the embedded database does not exist. */
export class NoDatabaseError extends Error {
  override readonly name = 'NoDatabaseError';
}

/**
 * Reads one state of a database while servers go on writing. Changes and locks nothing. Throws `NoDatabaseError` if there is no
 * file, and `StoreUnavailableError` if PostgreSQL cannot respond or is too old.
 */
export async function readSnapshot<T>(
  database: DatabaseConfig,
  work: (session: SqlSession) => Promise<T>,
  options: SnapshotOptions = {},
): Promise<T> {
  if (database.engine === 'sqlite') return readFile(database.path, work);
  const { readServer } = await import('./postgres-snapshot.ts');
  return readServer(database.url, work, options.responseTimeout);
}

async function readFile<T>(path: string, work: (session: SqlSession) => Promise<T>): Promise<T> {
  if (!exists(path)) throw new NoDatabaseError(`There is no database at ${path}.`);
  expectContent(path);
  // Read-only, because a second connection that checkpoints would be a second writer.
  const connection = await openSqlite(path, { readOnly: true, timeout: BUSY_TIMEOUT });
  try {
    connection.exec('BEGIN');
    const query = (sql: string, values: readonly SqlValue[] = []): Promise<readonly Row[]> => {
      const named = Object.fromEntries(values.map((value, index) => [`$${index + 1}`, value]));
      return Promise.resolve(connection.prepare(sql).all(named) as Row[]);
    };
    const hasTable = async (name: string) =>
      (await query("SELECT name FROM sqlite_master WHERE type = 'table' AND name = $1", [name])).length > 0;
    return await work({ hasTable, expectPlaceFor: () => expectNoTable(path, query), query });
  } finally {
    rollBack(connection);
    connection.close();
  }
}

/** A connection that is closed in a transaction has its lock until its statements are garbage-collected. */
function rollBack(connection: DatabaseSync): void {
  try {
    connection.exec('ROLLBACK');
  } catch {
    // SQLite has ended the transaction, for example because the file is damaged.
  }
}
