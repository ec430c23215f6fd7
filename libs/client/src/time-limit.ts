import { TimeoutError } from './errors.ts';

/** One attempt to send a call. */
export interface Attempt {
  /** 1 for the first attempt. */
  readonly number: number;
  readonly timeoutMs: number;
  /** The signal of the caller. */
  readonly signal: AbortSignal | undefined;
}

/**
 * Runs `work` until it settles, the time limit is reached or the caller aborts. `work` receives a signal for this attempt
 * only. The promise settles even if `work` ignores that signal.
 *
 * @throws {TimeoutError} if the time limit is reached.
 */
export async function withTimeLimit<T>(
  { number, timeoutMs, signal }: Attempt,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const own = new AbortController();
  const timer = setTimeout(() => {
    own.abort(new TimeoutError(timeoutMs, number));
  }, timeoutMs);
  const abort = () => {
    own.abort(signal?.reason);
  };
  signal?.addEventListener('abort', abort);
  const aborted = new Promise<never>((_, reject) => {
    own.signal.addEventListener('abort', () => {
      reject(own.signal.reason as Error);
    });
  });
  try {
    return await Promise.race([work(own.signal), aborted]);
  } catch (error) {
    // `fetch` may reject with an error of its own when its signal is aborted.
    own.signal.throwIfAborted();
    throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}
