import fc from 'fast-check';
import { LIMITS } from './limits.ts';
import {
  hostnameOf,
  isLoopbackUri,
  originOf,
  slowIsLoopbackUri,
  slowOriginOf,
  slowUriProblem,
  uriProblem,
  type Schemes,
} from './uri.ts';

const SCHEMES: readonly Schemes[] = ['web', 'https', 'any'];

/** Labels of hosts, of which some stand for addresses, for encoded names, or for nothing. */
const label = fc.oneof(
  fc.stringMatching(/^[a-z0-9]{1,6}$/),
  fc.stringMatching(/^[a-z0-9-]{1,6}$/),
  fc.constantFrom(
    '',
    'xn--',
    'xn--zz',
    'xn--nxasmq6b',
    'A',
    '0x7f',
    '0',
    '256',
    'localhost',
    '_',
    '*',
    'ß',
    'a'.repeat(70),
  ),
);
const host = fc.oneof(
  fc.array(label, { minLength: 1, maxLength: 6 }).map((labels) => labels.join('.')),
  fc.ipV4Extended(),
  fc.ipV6().map((address) => `[${address}]`),
);
const port = fc.oneof(fc.constantFrom('', ':', ':0', ':00443', ':443', ':65535', ':65536', ':x'), fc.nat().map(String));
const rest = fc.array(
  fc.oneof(fc.constantFrom('/', '?', '#', '%', '%4f', '%zz', '@', '[', ']', '*', '\\', ' ', '..'), fc.string()),
);
const pieced = fc
  .tuple(fc.constantFrom('https://', 'https:/', 'HTTPS://', 'http://', 'https://a@', 'com.example:/'), host, port, rest)
  .map(([scheme, host, port, rest]) => `${scheme}${host}${port}${rest.join('')}`);

/** URIs on loopback, and such as only begin like them. */
const loopback = fc
  .tuple(
    fc.constantFrom('http://', 'https://', 'HTTP://', 'http:/'),
    fc.constantFrom('localhost', 'LOCALHOST', '127.0.0.1', '127.1', '[::1]', '[::01]', 'localhost.', 'localhost.a'),
    port,
    rest,
  )
  .map(([scheme, host, port, rest]) => `${scheme}${host}${port}${rest.join('')}`);

const uri = fc.oneof(
  pieced,
  loopback,
  fc.webUrl({ validSchemes: ['https'], withQueryParameters: true, withFragments: true, size: 'medium' }),
  fc.webUrl({ validSchemes: ['http', 'https', 'ftp'], authoritySettings: { withUserInfo: true, withPort: true } }),
);

describe('uriProblem', () => {
  it('says of every URI what judging it step by step says, however it is sent', () => {
    fc.assert(
      fc.property(uri, fc.constantFrom(...SCHEMES), fc.boolean(), (value, schemes, fragment) => {
        fc.pre(value.length <= LIMITS.uri);
        expect(uriProblem(value, schemes, fragment)).toEqual(slowUriProblem(value, schemes, fragment));
      }),
      { numRuns: 3_000 },
    );
  });

  it.each([
    'https://client.example.org',
    'https://client.example.org/callback?a=b&c=%20',
    'https://a-b.c0.example:8443/~user/(x);y=1,2',
    'https://0.0x.a.example?',
  ])('finds nothing wrong with %s, whatever is asked', (value) => {
    for (const schemes of SCHEMES) {
      for (const fragment of [true, false]) {
        expect(uriProblem(value, schemes, fragment)).toBeUndefined();
        expect(slowUriProblem(value, schemes, fragment)).toBeUndefined();
      }
    }
  });

  it('refuses a URI that is too long before it looks at it', () => {
    const path = 'a'.repeat(LIMITS.uri - 'https://client.example/'.length);
    expect(uriProblem(`https://client.example/${path}`, 'web', true)).toBeUndefined();
    expect(uriProblem(`https://client.example/${path}a`, 'web', true)?.resultCode).toBe('A031204');
  });
});

describe('isLoopbackUri', () => {
  it('says of every URI what taking it apart says', () => {
    fc.assert(
      fc.property(uri, (value) => {
        expect(isLoopbackUri(value)).toBe(slowIsLoopbackUri(value));
      }),
      { numRuns: 3_000 },
    );
  });

  it.each(['http://localhost', 'http://127.0.0.1:8080/callback', 'https://[::1]?a', 'HTTP://LOCALHOST:65535'])(
    'is true of %s',
    (value) => {
      expect(isLoopbackUri(value)).toBe(true);
    },
  );

  it.each(['http://localhost:1@a.example/', 'http://localhost.a.example/', 'https://client.example', 'com.example:/'])(
    'is false of %s',
    (value) => {
      expect(isLoopbackUri(value)).toBe(false);
    },
  );
});

describe('originOf and hostnameOf', () => {
  it('say of every valid URI what taking it apart says', () => {
    fc.assert(
      fc.property(uri, (value) => {
        fc.pre(URL.canParse(value));
        expect(originOf(value)).toBe(slowOriginOf(value));
        expect(hostnameOf(value)).toBe(new URL(value).hostname);
      }),
      { numRuns: 3_000 },
    );
  });

  it.each([
    ['https://client.example:443/callback', 'https://client.example', 'client.example'],
    ['https://CLIENT.example:8443/callback', 'https://client.example:8443', 'client.example'],
    ['https://client.example@other.example/', 'https://other.example', 'other.example'],
    ['com.example.app:/callback', 'com.example.app://', ''],
  ])('of %s are %s and %s', (uri, origin, hostname) => {
    expect(originOf(uri)).toBe(origin);
    expect(hostnameOf(uri)).toBe(hostname);
  });
});
