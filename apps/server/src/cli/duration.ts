import { InvalidArgumentError } from 'commander';

const SECONDS = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;

type Unit = keyof typeof SECONDS;

/** Parses a duration of the command line, for example `90d`, and returns seconds. */
export function parseDuration(text: string): number {
  const [, digits, unit = 's'] = /^(\d+)([smhd])?$/.exec(text) ?? [];
  const seconds = Number(digits) * SECONDS[unit as Unit];
  if (!Number.isSafeInteger(seconds))
    throw new InvalidArgumentError('Pass a duration such as 30s, 15m, 1h or 7d, or a number of seconds.');
  return seconds;
}

const DATE = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/;

/** Parses a time of the command line: a date (RFC 3339; without a time, its beginning in UTC), or a duration before now. */
export function parseTime(text: string, now = Date.now()): number {
  const time = DATE.test(text)
    ? Date.parse(text)
    : /[smhd]$/.test(text)
      ? now - parseDuration(text) * 1_000
      : Number.NaN;
  if (Number.isNaN(time) || time < 0)
    throw new InvalidArgumentError(
      'Pass a date such as 2026-01-31 or 2026-01-31T12:00Z, or a duration before now such as 90d.',
    );
  return time;
}
