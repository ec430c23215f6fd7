import { ApiError, ConnectionError, TimeoutError } from './errors.ts';

/** Decides whether a call may be sent again after this error. */
export type RetryRule = (error: unknown) => boolean;

const TEMPORARY: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);

/** A read changes nothing, so it is retried after every failure that may be temporary. */
export const retryRead: RetryRule = (error) =>
  error instanceof ConnectionError ||
  error instanceof TimeoutError ||
  (error instanceof ApiError && TEMPORARY.has(error.status));

/**
 * Result codes of a 503 that says that nothing was changed: the store was unavailable from the start, the server is overloaded, its
 * clock is wrong, or a document of the client or of an issuer cannot be fetched now.
 */
const NOT_PROCESSED: ReadonlySet<string | undefined> = new Set(['A001102', 'A001104', 'A001109', 'A001110', 'A205309']);

/**
 * A change is retried only if the API says that it did not process the request. After any other failure the change may have
 * been made: a second registration would create a client that nobody uses, and a second update could overwrite the update of
 * another caller. A 503 without a result code comes from a proxy, which may have forwarded the request.
 */
export const retryChange: RetryRule = (error) =>
  error instanceof ApiError && (error.status === 429 || (error.status === 503 && NOT_PROCESSED.has(error.resultCode)));

const FIRST_DELAY_MS = 200;
const MAX_DELAY_MS = 5_000;
const MAX_RETRY_AFTER_MS = 60_000;

/**
 * Returns the delay after a failed attempt, in milliseconds. The first attempt has number 1. The delay doubles with each
 * attempt and is shortened at random, so that callers do not retry all at once. A longer `Retry-After`, up to 60 seconds,
 * replaces it.
 */
export function delayMs(attempt: number, error: unknown): number {
  const backoff = Math.min(FIRST_DELAY_MS * 2 ** (attempt - 1), MAX_DELAY_MS);
  const retryAfter = error instanceof ApiError ? (error.retryAfterMs ?? 0) : 0;
  return Math.max(backoff * (0.5 + Math.random() / 2), Math.min(retryAfter, MAX_RETRY_AFTER_MS));
}

/** Waits. Rejects with the reason of the signal as soon as the caller aborts. */
export async function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  await new Promise<void>((resolve) => {
    const wake = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, ms);
    signal?.addEventListener('abort', wake);
  });
  signal?.throwIfAborted();
}
