import fc from 'fast-check';
import { ApiError, ConnectionError, TimeoutError } from './errors.ts';
import { delayMs, parseRetryAfter, whenChanging, whenReading } from './retry.ts';

const { jest } = import.meta;

function apiError(status: number, retryAfterMs?: number): ApiError {
  return new ApiError('No.', { status, body: '', requestId: undefined, retryAfterMs, attempts: 1 });
}

describe('what may be repeated', () => {
  it('reading: connection errors, timeouts, and statuses of temporary trouble', () => {
    expect(whenReading(new ConnectionError(1, { cause: 'x' }))).toBe(true);
    expect(whenReading(new TimeoutError(1, 1))).toBe(true);
    const statuses = Array.from({ length: 500 }, (_, i) => 100 + i).filter((status) => whenReading(apiError(status)));
    expect(statuses).toEqual([408, 429, 500, 502, 503, 504]);
  });

  it('changing: only where the API says that nothing was done', () => {
    expect(whenChanging(new ConnectionError(1, { cause: 'x' }))).toBe(false);
    expect(whenChanging(new TimeoutError(1, 1))).toBe(false);
    const statuses = Array.from({ length: 500 }, (_, i) => 100 + i).filter((status) => whenChanging(apiError(status)));
    expect(statuses).toEqual([429, 503]);
  });

  it('neither: what the SDK did not throw itself', () => {
    const failures = [new Error('x'), new DOMException('x', 'AbortError'), undefined, { status: 503 }];
    for (const failure of failures) expect([whenReading(failure), whenChanging(failure)]).toEqual([false, false]);
  });
});

describe('delayMs', () => {
  it('doubles from 200 ms to 5 s, and jitter takes up to half of it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_000 }), (attempt) => {
        const longest = Math.min(200 * 2 ** (attempt - 1), 5_000);
        const delay = delayMs(attempt, new TimeoutError(1, attempt));
        expect(delay).toBeGreaterThanOrEqual(longest / 2);
        expect(delay).toBeLessThanOrEqual(longest);
      }),
    );
  });

  it('is what the API asks for, but never less than the backoff nor more than a minute', () => {
    expect(delayMs(1, apiError(429, 3_000))).toBe(3_000);
    expect(delayMs(1, apiError(429, 86_400_000))).toBe(60_000);
    expect(delayMs(1, apiError(429, Number.POSITIVE_INFINITY))).toBe(60_000);
    expect(delayMs(1, apiError(429, 0))).toBeGreaterThanOrEqual(100);
  });
});

describe('parseRetryAfter', () => {
  beforeEach(() => jest.useFakeTimers({ now: Date.parse('Wed, 21 Oct 2015 07:28:00 GMT') }));
  afterEach(() => jest.useRealTimers());

  it.each([
    ['0', 0],
    ['120', 120_000],
    ['9'.repeat(400), Number.POSITIVE_INFINITY],
    ['Wed, 21 Oct 2015 07:28:30 GMT', 30_000],
    ['Wed, 21 Oct 2015 07:27:00 GMT', 0],
    ['soon', undefined],
    ['', undefined],
    [null, undefined],
  ])('%p is %p ms', (value, ms) => {
    expect(parseRetryAfter(value)).toBe(ms);
  });
});
