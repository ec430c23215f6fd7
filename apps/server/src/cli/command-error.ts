import { StoreUnavailableError } from '../database/database.ts';

/** A command cannot do what it was asked for; the message is for people. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

/** The words of a command line do not go together; the message is for people. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What a failure is called on the terminal: its message and, where only the engine knows more, that of its cause. */
export function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  const reason = error instanceof StoreUnavailableError && cause !== undefined ? describeCause(cause) : '';
  const more = error.message.includes(reason) ? '' : ` ${reason}`;
  return `${error.message}${more}`;
}

/** Connections that fail at every address of a host have no message, but a code. */
function describeCause(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  if (cause.message !== '') return cause.message;
  return cause.cause === undefined ? ((cause as NodeJS.ErrnoException).code ?? cause.name) : describeCause(cause.cause);
}
