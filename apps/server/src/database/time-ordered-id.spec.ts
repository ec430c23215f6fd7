import { ClockError } from './clock.ts';
import { timeOrderedId } from './time-ordered-id.ts';

describe('timeOrderedId', () => {
  it.each([Date.UTC(2020, 0, 1, 0, 0, 1), Date.UTC(2025, 6, 1), Date.UTC(2089, 0, 1) - 1])(
    'is a positive integer below 2^53 at %d',
    (now) => {
      const ids = Array.from({ length: 1000 }, () => timeOrderedId(now));

      expect(ids.every((id) => Number.isSafeInteger(id) && id > 0)).toBe(true);
      expect(new Set(ids).size).toBeGreaterThan(800);
    },
  );

  it.each([0, Date.UTC(2020, 0, 1) - 1, Date.UTC(2089, 0, 1)])('is refused if the clock says %d', (now) => {
    expect(() => timeOrderedId(now)).toThrow(ClockError);
    expect(() => timeOrderedId(now)).toThrow(`says ${new Date(now).toISOString()}`);
  });

  it('increases with time', () => {
    const now = Date.UTC(2025, 6, 1);

    for (let i = 0; i < 100; i++) expect(timeOrderedId(now + 1)).toBeGreaterThan(timeOrderedId(now));
  });
});
