import { RESULTS } from '@clientele/model/metadata';
import fc from 'fast-check';
import { apiError } from '../test/support.ts';
import { ConnectionError, TimeoutError } from './errors.ts';
import { delayMs, retryChange, retryRead } from './retry.ts';

describe('retry rules', () => {
  it('a read is retried after connection errors, timeouts and temporary statuses', () => {
    expect(retryRead(new ConnectionError(1, { cause: 'x' }))).toBe(true);
    expect(retryRead(new TimeoutError(1, 1))).toBe(true);
    const statuses = Array.from({ length: 500 }, (_, i) => 100 + i).filter((status) => retryRead(apiError(status)));
    expect(statuses).toEqual([408, 429, 500, 502, 503, 504]);
  });

  it('a change is retried only after a status that says that the request was not processed', () => {
    expect(retryChange(new ConnectionError(1, { cause: 'x' }))).toBe(false);
    expect(retryChange(new TimeoutError(1, 1))).toBe(false);
    const statuses = Array.from({ length: 500 }, (_, i) => 100 + i).filter((status) => retryChange(apiError(status)));
    expect(statuses).toEqual([429]);
  });

  it('a change is retried after a 503 with one of the result codes that say that nothing was changed', () => {
    const retried = Object.entries(RESULTS).filter(([, { code }]) =>
      retryChange(apiError(503, undefined, { resultCode: code })),
    );
    expect(retried.map(([name]) => name).sort()).toEqual([
      'clockWrong',
      'documentsBusy',
      'issuerKeysUnavailable',
      'overloaded',
      'storeUnavailable',
    ]);
  });

  it('nothing is retried after an error that the SDK did not throw', () => {
    const errors = [new Error('x'), new DOMException('x', 'AbortError'), undefined, { status: 503 }];
    for (const error of errors) expect([retryRead(error), retryChange(error)]).toEqual([false, false]);
  });
});

describe('delayMs', () => {
  it('doubles from 200 ms to 5 s, and jitter removes up to half of it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_000 }), (attempt) => {
        const backoff = Math.min(200 * 2 ** (attempt - 1), 5_000);
        const delay = delayMs(attempt, new TimeoutError(1, attempt));
        expect(delay).toBeGreaterThanOrEqual(backoff / 2);
        expect(delay).toBeLessThanOrEqual(backoff);
      }),
    );
  });

  it('is that of Retry-After, but not shorter than the backoff and not longer than a minute', () => {
    expect(delayMs(1, apiError(429, 3_000))).toBe(3_000);
    expect(delayMs(1, apiError(429, 86_400_000))).toBe(60_000);
    expect(delayMs(1, apiError(429, Number.POSITIVE_INFINITY))).toBe(60_000);
    expect(delayMs(1, apiError(429, 0))).toBeGreaterThanOrEqual(100);
  });
});
