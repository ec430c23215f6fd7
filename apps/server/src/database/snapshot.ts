import { existsSync } from 'node:fs';
import pg from 'pg';
import type { DatabaseConfig } from '../config/config.ts';
import type { Row, SchemaSession, SqlValue } from './database.ts';
import { TYPES } from './postgres-database.ts';
import { asStoreError, ConnectionLostError } from './postgres-errors.ts';
import { openSqlite } from './sqlite-driver.ts';

/** Milliseconds that a reader of a database file waits for what keeps others out: its recovery, for example. */
const BUSY_TIMEOUT = 5_000;

export interface SnapshotOptions {
  /** Milliseconds that the answer of PostgreSQL to one query is waited for; as long as it takes when omitted. */
  readonly answerTimeout?: number;
}

/** There is no file where the embedded database should be. */
export class NoDatabaseError extends Error {
  override readonly name = 'NoDatabaseError';
}

/**
 * Reads one state of a database for as long as the work takes, while servers go on writing. Nothing is changed or locked:
 * an embedded database may be in use. Throws `NoDatabaseError` when there is no file, `StoreUnavailableError` when PostgreSQL
 * cannot answer.
 */
export function readSnapshot<T>(
  database: DatabaseConfig,
  work: (session: SchemaSession) => Promise<T>,
  options: SnapshotOptions = {},
): Promise<T> {
  return database.engine === 'sqlite' ? readFile(database.path, work) : readServer(database.url, work, options);
}

async function readFile<T>(path: string, work: (session: SchemaSession) => Promise<T>): Promise<T> {
  if (!existsSync(path)) throw new NoDatabaseError(`There is no database at ${path}.`);
  // Only reading: a second connection that checkpoints would be a second writer.
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
    connection.close();
  }
}

async function readServer<T>(
  url: string,
  work: (session: SchemaSession) => Promise<T>,
  { answerTimeout = 0 }: SnapshotOptions,
): Promise<T> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'clientele',
    connectionTimeoutMillis: 5_000,
    query_timeout: answerTimeout,
    keepAlive: true,
    types: TYPES,
  });
  // A connection that is lost between two queries fails the next one.
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
    await send('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const hasTable = async (name: string) =>
      Boolean((await send('SELECT to_regclass($1) IS NOT NULL AS found', [name]))[0]?.found);
    return await work({ hasTable, query: send });
  } finally {
    await client.end();
  }
}

function storeError(error: unknown): Error {
  const cause = error instanceof pg.DatabaseError ? error : new ConnectionLostError(error);
  return asStoreError(cause, { outcomeUnknown: false });
}
