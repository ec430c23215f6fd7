import { jest } from '@jest/globals';
import { BusyNotice } from './busy-notice.ts';

describe('BusyNotice', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  const printed: string[] = [];
  const noticeOf = (...responses: readonly [status: number, retryAfter?: string | undefined][]) => {
    const left = [...responses];
    printed.length = 0;
    return new BusyNotice(
      () => {
        const [status, retryAfter] = left.shift()!;
        return Promise.resolve(
          new Response(null, { status, headers: retryAfter ? { 'retry-after': retryAfter } : {} }),
        );
      },
      (line) => printed.push(line),
    );
  };
  const NOTICE = 'The server is busy (Retry-After: 30). The call will be repeated.';

  it.each<[number, string | undefined, string[]]>([
    [503, '30', [NOTICE]],
    [429, '30', [NOTICE]],
    [503, undefined, []],
    [200, '30', []],
  ])('after a %d with Retry-After %p prints %j', async (status, retryAfter, lines) => {
    await noticeOf([status, retryAfter]).fetch('/', {});
    jest.advanceTimersByTime(10_000);
    expect(printed).toEqual(lines);
  });

  it('prints one line for parallel calls', async () => {
    const busy = noticeOf([503, '30'], [503, '30']);
    await Promise.all([busy.fetch('/', {}), busy.fetch('/', {})]);
    jest.advanceTimersByTime(10_000);
    expect(printed).toEqual([NOTICE]);
  });

  it('prints nothing if the call is repeated soon, or after the calls have ended', async () => {
    const busy = noticeOf([503, '1'], [200], [503, '30']);
    await busy.fetch('/', {});
    jest.advanceTimersByTime(1_000);
    await busy.fetch('/', {});
    jest.advanceTimersByTime(10_000);
    await busy.fetch('/', {});
    busy.end();
    jest.advanceTimersByTime(10_000);
    expect(printed).toEqual([]);
  });
});
