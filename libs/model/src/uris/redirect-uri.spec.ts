import fc from 'fast-check';
import { redirectUriMatches } from './redirect-uri.ts';

const withoutPort = (uri: string) => uri.replace(/^(http:\/\/(?:127\.0\.0\.1|\[::1\]|localhost)):\d+/, '$1');

/** URIs that look like each other. */
const anyUri = fc
  .tuple(
    fc.constantFrom('http', 'https', 'HTTP', 'com.example'),
    fc.constantFrom(
      '127.0.0.1',
      '[::1]',
      'localhost',
      '127.0.0.2',
      'localhost.',
      '127.0.0.1.evil.example',
      '127.0.0.1@evil.example',
    ),
    fc.constantFrom('', ':80', ':8080', ':65535', ':65536', ':0', ':08080', ':'),
    fc.constantFrom('', '/', '/cb', '/CB', '/cb/', '/cb?a=b&c=d', '/cb?c=d&a=b', '?a=b', '/cb#x'),
  )
  .map(([scheme, host, port, rest]) => `${scheme}://${host}${port}${rest}`);

describe('redirectUriMatches', () => {
  it('matches only equal URIs, except for the port of a loopback URI (RFC 8252 section 7.3)', () => {
    fc.assert(
      fc.property(anyUri, anyUri, (registered, requested) => {
        if (redirectUriMatches(registered, requested)) expect(withoutPort(requested)).toBe(withoutPort(registered));
      }),
      { numRuns: 5000 },
    );
  });

  it('matches equal URIs, in both directions', () => {
    fc.assert(
      fc.property(anyUri, anyUri, (one, other) => {
        expect(redirectUriMatches(one, one)).toBe(true);
        expect(redirectUriMatches(one, other)).toBe(redirectUriMatches(other, one));
      }),
    );
  });

  it.each([
    ['http://127.0.0.1/cb', 'http://127.0.0.1:51234/cb'],
    ['http://[::1]:3000/cb?a=b', 'http://[::1]:4000/cb?a=b'],
    ['http://localhost:3000', 'http://localhost:4000'],
  ])('accepts %s for %s', (registered, requested) => {
    expect(redirectUriMatches(registered, requested)).toBe(true);
  });

  it.each([
    ['https://127.0.0.1/cb', 'https://127.0.0.1:8443/cb'],
    ['http://127.0.0.1/cb', 'http://localhost/cb'],
    ['http://127.0.0.1/cb', 'http://127.0.0.1/cb/'],
    ['http://127.0.0.1/cb', 'http://127.0.0.1:99999/cb'],
    ['http://127.0.0.1/cb', 'http://127.0.0.1:80@evil.example/cb'],
    ['http://client.example/cb', 'http://client.example:8080/cb'],
  ])('does not accept %s for %s', (registered, requested) => {
    expect(redirectUriMatches(registered, requested)).toBe(false);
  });

  it('does not match localhost if the option is false (RFC 8252 section 8.3)', () => {
    expect(redirectUriMatches('http://localhost:1/cb', 'http://localhost:2/cb', { localhost: false })).toBe(false);
    expect(redirectUriMatches('http://127.0.0.1:1/cb', 'http://127.0.0.1:2/cb', { localhost: false })).toBe(true);
  });
});
