import { judgeClock } from './clock.ts';
import type { Outcome } from './finding.ts';

describe('clock', () => {
  it.each<[number, Outcome]>([
    [0, 'ok'],
    [2_000, 'ok'],
    [-2_000, 'ok'],
    [2_001, 'warning'],
    [-30_000, 'warning'],
    [30_001, 'failed'],
    [-30_001, 'failed'],
  ])('%d ms away is %s', (milliseconds, result) => {
    expect(judgeClock("PostgreSQL's", milliseconds)).toMatchObject({ check: 'clock', result });
  });
});
