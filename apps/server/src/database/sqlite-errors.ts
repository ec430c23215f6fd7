import { StoreUnavailableError } from './database.ts';

/** SQLite's primary result code of a lock that another connection has. */
const BUSY = 5;

/** SQLite's extended result code IOERR_FSYNC. */
const FLUSH_FAILED = 1034;

const CANNOT_RESPOND = 'The database cannot respond.';

/** Primary result codes of errors of the engine's state, with the message. All others mean that the statement is wrong. */
const UNAVAILABLE: ReadonlyMap<number | undefined, string> = new Map([
  [BUSY, CANNOT_RESPOND],
  [6, CANNOT_RESPOND], // LOCKED
  [7, CANNOT_RESPOND], // NOMEM
  // READONLY
  [8, 'The store is read-only. Make its disk writable, and its folder and all files in it writable for this user.'],
  [10, 'The disk of the store failed. Check its free space, its limits and its health.'], // IOERR
  [13, 'The disk of the store is full. Free space on it.'], // FULL
  [14, 'The store cannot be opened. Its folder and all files in it must be writable for this user.'], // CANTOPEN
  [15, CANNOT_RESPOND], // PROTOCOL
]);

/** The primary result codes for errors of the operating system. */
const OF_SYSTEM: Readonly<Record<string, number>> = { EROFS: 8, ENOSPC: 13, EDQUOT: 13, EACCES: 14, EPERM: 14 };

/** `StoreUnavailableError` for an error of the engine's state, any other error as it is. */
export function asStoreError(error: unknown): Error {
  return UNAVAILABLE.has(codeOf(error)) ? unavailable(error) : (error as Error);
}

/** The error of a failed commit. After a failed flush, the transaction may be found after a crash. After any other failure it is rolled back. */
export function commitError(error: unknown): StoreUnavailableError {
  return unavailable(error, (error as { errcode?: number }).errcode === FLUSH_FAILED);
}

/** Whether another connection has the lock. */
export function isBusy(error: unknown): boolean {
  return codeOf(error) === BUSY;
}

function unavailable(error: unknown, outcomeUnknown = false): StoreUnavailableError {
  return new StoreUnavailableError(UNAVAILABLE.get(codeOf(error)) ?? CANNOT_RESPOND, { cause: error, outcomeUnknown });
}

/** The primary result code, also of an error of the operating system. */
function codeOf(error: unknown): number | undefined {
  const { errcode, code = '' } = error as { errcode?: number; code?: string };
  return errcode === undefined ? OF_SYSTEM[code] : errcode & 0xff;
}
