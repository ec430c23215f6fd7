import { jest } from '@jest/globals';
import { BusyNotice } from './busy-notice.ts';

describe('BusyNotice', () => {
  beforeEach(() => {
    jest.useFakeTimers({ now: Date.UTC(2030, 0, 1) });
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

  it.each<[number, string | undefined, string[]]>([
    [503, '30', ['The server is busy; the call is repeated in 27 s.']],
    [429, 'Tue, 01 Jan 2030 00:00:10 GMT', ['The server is busy; the call is repeated in 7 s.']],
    [503, '3600', ['The server is busy; the call is repeated in 57 s.']],
    [503, '3', []],
    [503, undefined, []],
    [503, 'soon', []],
    [200, '30', []],
  ])('after a %d with Retry-After %p prints %j', async (status, retryAfter, lines) => {
    await noticeOf([status, retryAfter]).fetch('/', {});
    jest.advanceTimersByTime(10_000);
    expect(printed).toEqual(lines);
  });

  it('prints one line for parallel calls, and nothing after the calls have ended', async () => {
    const busy = noticeOf([503, '30'], [503, '30'], [503, '30']);
    await Promise.all([busy.fetch('/', {}), busy.fetch('/', {})]);
    jest.advanceTimersByTime(10_000);
    expect(printed).toHaveLength(1);
    await busy.fetch('/', {});
    busy.end();
    jest.advanceTimersByTime(10_000);
    expect(printed).toHaveLength(1);
  });
});
