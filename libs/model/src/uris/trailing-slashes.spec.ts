import { withoutTrailingSlashes } from './trailing-slashes.ts';

describe('a base URL without slashes at its end', () => {
  it.each([
    ['https://a.example', 'https://a.example'],
    ['https://a.example/b//', 'https://a.example/b'],
    ['/', ''],
    ['', ''],
  ])('%j becomes %j', (text, shortened) => {
    expect(withoutTrailingSlashes(text)).toBe(shortened);
  });

  // A quadratic search does not end within the time limit of a test.
  it('is found in a text with a million slashes', () => {
    const text = `${'/'.repeat(1_000_000)}a`;

    expect(withoutTrailingSlashes(text)).toBe(text);
  });
});
