import type { ResolvedClient } from './resolved-client.ts';

/** A client in the cache. Times are milliseconds since 1970, durations are milliseconds. */
export interface Entry {
  readonly client: ResolvedClient;
  /** When the request that last confirmed the client was sent. */
  readonly confirmedAt: number;
  readonly maxAgeMs: number;
  readonly staleIfErrorMs: number;
  /** When the last request failed, if it was sent after `confirmedAt`. */
  readonly failedAt?: number;
}

/** During an outage, a stale client is used for this time before the API is asked again. */
const RETRY_AFTER_MS = 1_000;

/** Whether the client may be returned without asking the API: at most `maxAgeMs` after it was confirmed, or later during an outage. */
export function isUsable(entry: Entry, now: number, maxAgeMs: number): boolean {
  const { confirmedAt, failedAt } = entry;
  if (isWithin(confirmedAt, entry.maxAgeMs, now) && now - confirmedAt <= maxAgeMs) return true;
  return isWithin(failedAt, RETRY_AFTER_MS, now) && isUsableInOutage(entry, now);
}

/** Whether the client may be returned if the API cannot be asked. */
export function isUsableInOutage({ confirmedAt, staleIfErrorMs }: Entry, now: number): boolean {
  return now - confirmedAt < staleIfErrorMs;
}

/** Whether less than `ms` passed since a time. A time in the future, after a change of the clock, counts as long ago. */
export function isWithin(since: number | undefined, ms: number, now: number): boolean {
  return since !== undefined && since <= now && now - since < ms;
}
