import { clockFinding } from './clock.ts';
import type { Outcome } from './finding.ts';

describe('clockFinding', () => {
  it.each<[number, Outcome]>([
    [0, 'ok'],
    [2_000, 'ok'],
    [-2_000, 'ok'],
    [2_001, 'warning'],
    [-30_000, 'warning'],
    [30_001, 'failed'],
    [-30_001, 'failed'],
  ])('reports a difference of %d ms as %s', (milliseconds, result) => {
    expect(clockFinding("PostgreSQL's", milliseconds)).toMatchObject({ check: 'clock', result });
  });
});
