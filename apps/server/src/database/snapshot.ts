import pg from 'pg';
import type { DatabaseConfig } from '../config/config.ts';
import { exists } from '../files/exists.ts';
import type { Row, SqlSession, SqlValue } from './database.ts';
import { TYPES } from './postgres-database.ts';
import { asStoreError, ConnectionLostError } from './postgres-errors.ts';
import { expectSupportedVersion, VERSION_SQL } from './postgres-version.ts';
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
export function readSnapshot<T>(
  database: DatabaseConfig,
  work: (session: SqlSession) => Promise<T>,
  options: SnapshotOptions = {},
): Promise<T> {
  return database.engine === 'sqlite' ? readFile(database.path, work) : readServer(database.url, work, options);
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
    return await work({ hasTable, query });
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

async function readServer<T>(
  url: string,
  work: (session: SqlSession) => Promise<T>,
  { responseTimeout = 0 }: SnapshotOptions,
): Promise<T> {
  const client = newClient({
    connectionString: url,
    application_name: 'clientele',
    connectionTimeoutMillis: 5_000,
    query_timeout: responseTimeout,
    keepAlive: true,
    types: TYPES,
  });
  // If the connection is lost between two queries, the next query fails.
  client.on('error', () => undefined);
  const send = async (sql: string, values: readonly SqlValue[] = []): Promise<readonly Row[]> => {
    try {
      return (await client.query(sql, [...values])).rows as Row[];
    } catch (error) {
      throw storeError(error);
    }
  };
  try {
    await client.connect().catch((error: unknown) => {
      throw storeError(error);
    });
    expectSupportedVersion(await send(VERSION_SQL));
    await send('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const hasTable = async (name: string) =>
      Boolean((await send('SELECT to_regclass($1) IS NOT NULL AS found', [name]))[0]?.found);
    return await work({ hasTable, query: send });
  } finally {
    await client.end();
  }
}

/** Throws `StoreUnavailableError` if a file that the URL names cannot be read. */
function newClient(options: pg.ClientConfig): pg.Client {
  try {
    return new pg.Client(options);
  } catch (error) {
    throw storeError(error);
  }
}

function storeError(error: unknown): Error {
  const cause = error instanceof pg.DatabaseError ? error : new ConnectionLostError(error);
  return asStoreError(cause, { outcomeUnknown: false });
}
