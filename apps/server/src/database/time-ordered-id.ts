import { randomInt } from 'node:crypto';
import { EPOCH, expectUsableClock } from './clock.ts';

const RANDOM_IDS_PER_MILLISECOND = 4096;

/**
 * A time-ordered ID: milliseconds since 2020-01-01 and twelve random bits, below 2^53 until 2089. IDs created at about the same
 * time are neighbours in an index. Two IDs may be equal: the caller stores the row with a new ID if the first one is taken. Throws
 * `ClockError`.
 *
 * @param now Milliseconds since 1970.
 */
export function timeOrderedId(now: number): number {
  expectUsableClock(now);
  return (now - EPOCH) * RANDOM_IDS_PER_MILLISECOND + randomInt(RANDOM_IDS_PER_MILLISECOND);
}
