import { ApiError } from './api-error.ts';

/** A limit for a day is reached. Both planes respond with HTTP 429 and `Retry-After`. */
export class QuotaError extends ApiError {
  constructor(
    result: 'openRegistrationsExceeded' | 'openUpdatesExceeded' | 'clientUpdatesExceeded',
    limit: number,
    /** Seconds. */
    readonly retryAfter: number,
  ) {
    super(429, result, { limit });
  }
}
