import pg from 'pg';
import type { Row, SqlSession, SqlValue } from './database.ts';
import { TYPES } from './postgres-database.ts';
import { asStoreError, ConnectionLostError, expectFreeNames } from './postgres-errors.ts';
import { expectSupportedVersion, VERSION_SQL } from './postgres-version.ts';

/**
 * Reads one state of a PostgreSQL database. `responseTimeout` is in milliseconds; 0 is no limit. Throws `StoreUnavailableError` if it
 * cannot respond or is too old.
 */
export async function readServer<T>(
  url: string,
  work: (session: SqlSession) => Promise<T>,
  responseTimeout = 0,
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
    return await work({ hasTable, expectPlaceFor: (tables) => expectFreeNames(tables, send), query: send });
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
