import { TimeoutError } from './errors.ts';

/** When one attempt ends, whatever it is doing. */
export interface Limit {
  readonly attempt: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * Runs `work` until it settles, the time is over or the caller aborts. `work` is given a signal of this attempt alone; the
 * wait ends also if it pays no attention to the signal.
 */
export async function limited<T>(
  { attempt, timeoutMs, signal }: Limit,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const own = new AbortController();
  const timer = setTimeout(() => {
    own.abort(new TimeoutError(timeoutMs, attempt));
  }, timeoutMs);
  const abort = () => {
    own.abort(signal?.reason);
  };
  signal?.addEventListener('abort', abort);
  const ended = new Promise<void>((resolve) => {
    own.signal.addEventListener('abort', () => {
      resolve();
    });
  });
  try {
    const working = work(own.signal);
    await Promise.race([working, ended]);
    own.signal.throwIfAborted();
    return await working;
  } catch (error) {
    own.signal.throwIfAborted();
    throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}

/** Waits; rejects with the signal's reason as soon as the caller aborts. */
export async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
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
