import { ApiError, ConnectionError, TimeoutError } from './errors.ts';

/** Whether an operation may be sent again after a failure. */
export type RetryRule = (failure: unknown) => boolean;

const TEMPORARY: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);

/** Reading changes nothing, so it is repeated whenever another attempt may succeed. */
export const whenReading: RetryRule = (failure) =>
  failure instanceof ConnectionError ||
  failure instanceof TimeoutError ||
  (failure instanceof ApiError && TEMPORARY.has(failure.status));

const NOTHING_DONE: ReadonlySet<number> = new Set([429, 503]);

/**
 * A change is repeated only when the API says that it did nothing. Where the answer is missing, the change may have been
 * made: a second registration would leave a client behind that nobody knows, a second update would overwrite what another
 * wrote in between.
 */
export const whenChanging: RetryRule = (failure) => failure instanceof ApiError && NOTHING_DONE.has(failure.status);

const FIRST_DELAY_MS = 200;
const MAX_DELAY_MS = 5_000;
const MAX_RETRY_AFTER_MS = 60_000;

/**
 * How long to wait after the failed attempt with this number, 1 for the first: twice as long each time, by a random part
 * less so that callers do not return all at once, and at least what the API asks for, within reason.
 */
export function delayMs(attempt: number, failure: unknown): number {
  const longest = Math.min(FIRST_DELAY_MS * 2 ** (attempt - 1), MAX_DELAY_MS);
  const asked = failure instanceof ApiError ? (failure.retryAfterMs ?? 0) : 0;
  return Math.max(longest * (0.5 + Math.random() / 2), Math.min(asked, MAX_RETRY_AFTER_MS));
}

/**
 * The milliseconds that a `Retry-After` header stands for, a number of seconds or a date.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110.html#section-10.2.3
 */
export function parseRetryAfter(value: string | null): number | undefined {
  if (value === null) return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(ms, 0);
}
