/** IDs count milliseconds since this time. */
export const EPOCH = Date.UTC(2020, 0, 1);

/** From this time on, IDs would exceed 2^53. */
const END = Date.UTC(2089, 0, 1);

/** The clock of this machine is wrong, so nothing can be changed. */
export class ClockError extends Error {
  override readonly name = 'ClockError';

  constructor(now: number) {
    super(
      `The clock of this machine says ${new Date(now).toISOString()}, and Clientele needs a time from 2020 to 2088. ` +
        'Set the clock, for example with NTP.',
    );
  }
}

/** Whether the time is in the years 2020 to 2088. */
export function isUsableClock(now = Date.now()): boolean {
  return now >= EPOCH && now < END;
}

/** Throws `ClockError` outside of the years 2020 to 2088. */
export function expectUsableClock(now = Date.now()): void {
  if (!isUsableClock(now)) throw new ClockError(now);
}

/**
 * The current time, but not later than the time of the start plus the time for which this process has run. So nothing is deleted early
 * after the clock was set forward. After the clock was set back, this is the earlier time.
 */
export function cautiousNow(): number {
  return Math.min(Date.now(), Math.floor(performance.timeOrigin + performance.now()));
}
