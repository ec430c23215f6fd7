import { parseDuration, parseTime } from './duration.ts';

describe('durations of the command line', () => {
  it.each([
    ['0', 0],
    ['90', 90],
    ['30s', 30],
    ['15m', 900],
    ['1h', 3_600],
    ['7d', 604_800],
  ])('%s', (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds);
  });

  it.each(['', '-1', '1w', '1.5h', '1h30m', '9'.repeat(20)])('refuse %p', (text) => {
    expect(() => parseDuration(text)).toThrow('Pass a duration');
  });
});

describe('times of the command line', () => {
  const NOW = Date.UTC(2026, 5, 1);

  it.each([
    ['2026-01-31', Date.UTC(2026, 0, 31)],
    ['2026-01-31T12:00Z', Date.UTC(2026, 0, 31, 12)],
    ['2026-01-31T12:00:30.5+01:00', Date.UTC(2026, 0, 31, 11, 0, 30, 500)],
    ['90d', NOW - 90 * 86_400_000],
  ])('%s', (text, time) => {
    expect(parseTime(text, NOW)).toBe(time);
  });

  it.each(['', '2026', '2026-13-01', '2026-01-31T12:00', 'yesterday', '1800000000', '999999d'])('refuse %p', (text) => {
    expect(() => parseTime(text, NOW)).toThrow('Pass a date');
  });
});
