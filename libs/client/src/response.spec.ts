import { parseRetryAfter } from './response.ts';

const { jest } = import.meta;

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
