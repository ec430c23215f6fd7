import pg from 'pg';
import { NO_TLS } from '../config/known-failures.ts';
import { ForeignDatabaseError, StoreUnavailableError, type SqlSession } from './database.ts';

/** SQLSTATE codes and classes of errors of the server's state. All others mean that the statement is wrong. */
const UNAVAILABLE = [
  '08', // connection exceptions
  '25006', // read-only: the server has become a standby
  '28', // the password was changed
  '3D', // the database was dropped
  '3F', // a right in the schema was revoked
  '42501', // a right was revoked
  '40', // rolled back because of other transactions
  '53', // out of disk, memory, connections
  '55P03', // lock not available
  '57', // stopped by an operator, starting up, statement timeout
  '58', // I/O errors
];

const SERIALIZATION_FAILURE = '40001';
const DEADLOCK_DETECTED = '40P01';
const INVALID_STATEMENT_NAME = '26000';
const DUPLICATE_PREPARED_STATEMENT = '42P05';

/** The message of the library, which has no code. */
const TLS_UNSUPPORTED = 'The server does not support SSL connections';

/** PostgreSQL did not respond: there was no connection, it ended, or the time was up. */
export class ConnectionLostError extends Error {
  override readonly name = 'ConnectionLostError';
  readonly code?: string;

  constructor(cause: unknown) {
    // If all addresses of a host name fail, the error has a code but no message.
    super(cause instanceof Error ? cause.message || (cause as NodeJS.ErrnoException).code : String(cause), { cause });
    if (this.message === TLS_UNSUPPORTED) this.code = NO_TLS;
  }
}

/** The connection was lost before the commit of a transaction, so PostgreSQL rolls the transaction back. */
export class UncommittedError extends Error {
  override readonly name = 'UncommittedError';

  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** Whether the connection ended without a response. The statement may have been executed. */
export function isLost(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return error.severity === 'FATAL' || error.severity === 'PANIC';
  return error instanceof ConnectionLostError;
}

/** Whether the server rolled the transaction back because of others. Repeating it is safe and likely to succeed. */
export function isConflict(error: unknown): boolean {
  const state = sqlState(error);
  return state === SERIALIZATION_FAILURE || state === DEADLOCK_DETECTED;
}

/** Whether a prepared statement is not in this session, because a pooler gave the session to another client. */
export function isMisplacedStatement(error: unknown): boolean {
  const state = sqlState(error);
  return state === INVALID_STATEMENT_NAME || state === DUPLICATE_PREPARED_STATEMENT;
}

/** `StoreUnavailableError` for an error of the server's state, any other error as it is. */
export function asStoreError(error: unknown, { outcomeUnknown }: { outcomeUnknown: boolean }): Error {
  const state = sqlState(error);
  const unavailable =
    isLost(error) ||
    error instanceof UncommittedError ||
    UNAVAILABLE.some((prefix) => state?.startsWith(prefix) === true);
  if (!unavailable) return error as Error;
  return new StoreUnavailableError(`PostgreSQL cannot respond: ${(error as Error).message}`, {
    cause: error,
    outcomeUnknown,
  });
}

/** Throws `ForeignDatabaseError` if the schema for new tables, which programs can share, has a relation of one of these names. */
export async function expectFreeNames(tables: readonly string[], query: SqlSession['query']): Promise<void> {
  const names = tables.map((_name, index) => `$${index + 1}`).join(', ');
  const [taken] = await query(
    'SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace ' +
      `WHERE n.nspname = current_schema() AND c.relname IN (${names}) ORDER BY 1 LIMIT 1`,
    tables,
  );
  if (taken !== undefined) throw new ForeignDatabaseError('DATABASE_URL', taken.name);
}

function sqlState(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.code : undefined;
}
