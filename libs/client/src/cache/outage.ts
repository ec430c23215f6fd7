import { ApiError, UnavailableError } from '../errors.ts';
import { retryRead } from '../retry.ts';

/**
 * Whether an error is an outage: no connection, no response in time, or a failure of the server. Statuses such as 401 and 403 are
 * not, because a stale client would hide the wrong configuration that causes them.
 */
export function isOutage(error: unknown): boolean {
  return retryRead(error) || error instanceof UnavailableError || (error instanceof ApiError && error.status >= 500);
}
