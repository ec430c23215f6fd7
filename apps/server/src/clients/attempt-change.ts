import { setImmediate as nextTurn } from 'node:timers/promises';
import { StoreUnavailableError } from '../database/database.ts';

/** In each round of attempts by concurrent processes, one of them succeeds. */
const ATTEMPTS = 256;

/**
 * Attempts a change until it returns a value. It returns `undefined` if another request changed the client or the service
 * meanwhile. Throws `StoreUnavailableError` after too many attempts.
 */
export async function attemptChange<T>(attempt: () => Promise<T | undefined>): Promise<T> {
  for (let attempts = 0; attempts < ATTEMPTS; attempts++) {
    const result = await attempt();
    if (result !== undefined) return result;
    await nextTurn();
  }
  throw new StoreUnavailableError('Too many other requests changed the same client or service at the same time.');
}
