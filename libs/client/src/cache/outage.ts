import { ApiError, UnavailableError } from '../errors.ts';
import { retryRead } from '../retry.ts';

/**
 * Whether an error says nothing about the client: no connection, no response in time, or a failure of the server. Statuses such
 * as 401 and 403 are no outage, because they tell of a wrong configuration, which must not stay hidden.
 */
export function isOutage(error: unknown): boolean {
  return retryRead(error) || error instanceof UnavailableError || (error instanceof ApiError && error.status >= 500);
}
