import pg from 'pg';
import { StoreUnavailableError } from './database.ts';

/** SQLSTATE codes and classes that say that the server cannot work now, rather than that the statement is wrong. */
const UNAVAILABLE = [
  '08', // connection exceptions
  '25006', // read-only: the server has become a standby
  '28', // the password was changed
  '3D', // the database was dropped
  '40', // taken back because of other transactions
  '53', // out of disk, memory, connections
  '55P03', // lock not available
  '57', // stopped by an operator, starting up, statement timeout
  '58', // I/O errors
];

const SERIALIZATION_FAILURE = '40001';
const DEADLOCK_DETECTED = '40P01';
const INVALID_STATEMENT_NAME = '26000';
const DUPLICATE_PREPARED_STATEMENT = '42P05';

/** PostgreSQL did not answer: the connection could not be made, ended, or was silent for too long. */
export class ConnectionLostError extends Error {
  override readonly name = 'ConnectionLostError';

  constructor(cause: unknown) {
    // A name with several addresses fails with an error without a message, once for all of them.
    super(cause instanceof Error ? cause.message || (cause as NodeJS.ErrnoException).code : String(cause), { cause });
  }
}

/** The connection was lost in a transaction before it was to be committed: PostgreSQL takes back what was done in it. */
export class UncommittedError extends Error {
  override readonly name = 'UncommittedError';

  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** Whether the connection ended without an answer: what was sent on it may have been done. */
export function isLost(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return error.severity === 'FATAL' || error.severity === 'PANIC';
  return error instanceof ConnectionLostError;
}

/** Whether the server took the transaction back because of others: repeating it is safe, and likely to succeed. */
export function isConflict(error: unknown): boolean {
  const state = sqlState(error);
  return state === SERIALIZATION_FAILURE || state === DEADLOCK_DETECTED;
}

/** Whether a prepared statement was not where it was made: a pooler handed the session to somebody else. */
export function isMisplacedStatement(error: unknown): boolean {
  const state = sqlState(error);
  return state === INVALID_STATEMENT_NAME || state === DUPLICATE_PREPARED_STATEMENT;
}

/** The error as the stores know it: unavailability, or a mistake of ours. */
export function asStoreError(error: unknown, { outcomeUnknown }: { outcomeUnknown: boolean }): Error {
  const state = sqlState(error);
  const unavailable =
    isLost(error) ||
    error instanceof UncommittedError ||
    UNAVAILABLE.some((prefix) => state?.startsWith(prefix) === true);
  if (!unavailable) return error as Error;
  return new StoreUnavailableError(`PostgreSQL cannot answer: ${(error as Error).message}`, {
    cause: error,
    outcomeUnknown,
  });
}

function sqlState(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.code : undefined;
}
