import type { Config } from '../config/config.ts';
import { knownFailure, sqliteCodeOf, type KnownFailure } from '../config/known-failures.ts';
import { StoreUnavailableError } from './database.ts';

/**
 * The cause and the remedy of a failure if they are known, otherwise its message. If the store is unavailable, that includes the
 * database's own message.
 */
export function describeFailure(error: unknown, config?: Config): string {
  const known = explainFailure(error, config);
  if (known !== undefined) return `${known.reason} ${known.remedy}`;
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  const reason = error instanceof StoreUnavailableError && cause !== undefined ? describeCause(cause) : '';
  const suffix = error.message.includes(reason) ? '' : ` ${reason}`;
  return `${error.message}${suffix}`;
}

/** The cause and the remedy of a failure, or of the failure of the store that caused it. */
export function explainFailure(error: unknown, config?: Config): KnownFailure | undefined {
  const onSqlite = config?.database.engine === 'sqlite';
  let ofStore = false;
  let ofPostgres = false;
  let root: unknown = error;
  for (let each = error; each instanceof Error; each = each.cause) {
    root = each;
    ofStore ||= each instanceof StoreUnavailableError;
    ofPostgres ||= each instanceof StoreUnavailableError && !onSqlite && !isOfSqlite(each.cause);
    const known = knownFailure(each, ofPostgres, config);
    if (known !== undefined) return known;
    // The message of any other error says more than its cause.
    if (!ofStore) return undefined;
  }
  if (!ofPostgres || config === undefined) return undefined;
  return {
    reason: `PostgreSQL in DATABASE_URL: ${describeCause(root).replace(/\.$/, '')}.`,
    remedy: 'Check that PostgreSQL runs and that DATABASE_URL is correct; its log may name the cause.',
  };
}

function isOfSqlite(cause: unknown): boolean {
  return cause instanceof Error && sqliteCodeOf(cause) !== undefined;
}

/** The message of the cause, or its code: a connection that failed at every address of a host has no message. */
function describeCause(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  if (cause.message !== '') return cause.message;
  return cause.cause === undefined ? ((cause as NodeJS.ErrnoException).code ?? cause.name) : describeCause(cause.cause);
}
