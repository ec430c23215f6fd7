import { knownFailure, sqliteCodeOf } from '../config/known-failures.ts';
import { ForeignDatabaseError, StoreUnavailableError, type SqlSession } from './database.ts';

/** SQLite's primary result code of a lock that another connection has. */
const BUSY = 5;

/** SQLite's primary result code of a full disk. */
const FULL = 13;

/** SQLite's extended result code IOERR_FSYNC. */
const FLUSH_FAILED = 1034;

const CANNOT_RESPOND = 'The database cannot respond.';

/** Primary result codes of errors of the engine's state. All others mean that the statement is wrong. */
const UNAVAILABLE: ReadonlySet<number | undefined> = new Set([
  BUSY,
  6, // LOCKED
  7, // NOMEM
  8, // READONLY
  10, // IOERR
  FULL,
  14, // CANTOPEN
  15, // PROTOCOL
]);

/** The primary result codes for errors of the operating system. */
const OF_SYSTEM: Readonly<Record<string, number>> = { EROFS: 8, ENOSPC: 13, EDQUOT: 13, EACCES: 14, EPERM: 14 };

/** `StoreUnavailableError` for an error of the engine's state, any other error as it is. */
export function asStoreError(error: unknown): Error {
  return UNAVAILABLE.has(codeOf(error)) ? unavailable(error) : (error as Error);
}

/**
 * The error of a failed commit. After a failed flush, the transaction may be found after a crash. After any other failure, it is rolled
 * back.
 */
export function commitError(error: unknown): StoreUnavailableError {
  return unavailable(error, (error as { errcode?: number }).errcode === FLUSH_FAILED);
}

/** Whether there is no space. */
export function isFull(error: unknown): boolean {
  return codeOf(error) === FULL;
}

/** Whether another connection has the lock. */
export function isBusy(error: unknown): boolean {
  return codeOf(error) === BUSY;
}

/** A table of a file, unless it belongs to SQLite or to Litestream, which replicates files. */
export const FIRST_TABLE = `
  SELECT name FROM sqlite_master
  WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE '\\_litestream\\_%' ESCAPE '\\' LIMIT 1`;

/** Throws `ForeignDatabaseError` if a file without a schema has a table: each store has its own file. */
export async function expectNoTable(path: string, query: SqlSession['query']): Promise<void> {
  const [table] = await query(FIRST_TABLE);
  if (table !== undefined) throw new ForeignDatabaseError(path, table.name);
}

function unavailable(error: unknown, outcomeUnknown = false): StoreUnavailableError {
  const known = knownFailure({ errcode: codeOf(error) }, false);
  const message = known === undefined ? CANNOT_RESPOND : `${known.reason} ${known.remedy}`;
  return new StoreUnavailableError(message, { cause: error, outcomeUnknown });
}

/** The primary result code, also of an error of the operating system. */
function codeOf(error: unknown): number | undefined {
  const { code = '' } = error as { code?: string };
  return sqliteCodeOf(error as object) ?? OF_SYSTEM[code];
}
