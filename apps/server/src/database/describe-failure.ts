import { StoreUnavailableError } from './database.ts';

/** The message of a failure. If the store is unavailable, it includes the database's own message. */
export function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  const reason = error instanceof StoreUnavailableError && cause !== undefined ? describeCause(cause) : '';
  const suffix = error.message.includes(reason) ? '' : ` ${reason}`;
  return `${error.message}${suffix}`;
}

/** The message of the cause, or its code: a connection that failed at every address of a host has no message. */
function describeCause(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  if (cause.message !== '') return cause.message;
  return cause.cause === undefined ? ((cause as NodeJS.ErrnoException).code ?? cause.name) : describeCause(cause.cause);
}
