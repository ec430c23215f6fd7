import { jest } from '@jest/globals';
import fc from 'fast-check';
import {
  isUriProblem,
  originOf,
  parseUri,
  URI_RULES,
  type ParsedUri,
  type UriProblem,
  type UriRule,
} from './parse-uri.ts';

function accepted(text: string): ParsedUri {
  const parsed = parseUri(text);
  if (isUriProblem(parsed)) throw new Error(parsed.detail);
  return parsed;
}

function refused(text: string): UriProblem {
  const parsed = parseUri(text);
  if (!isUriProblem(parsed)) throw new Error(`${text} is accepted`);
  return parsed;
}

const LABEL_63 = 'a'.repeat(63);
const NAME_253 = `${`${LABEL_63}.`.repeat(3)}${'a'.repeat(61)}`;

/** Parts that can mislead a program that reads URIs. */
const FRAGMENTS = [
  ...[
    'https://',
    'HTTP://',
    'http:/',
    'https:',
    'com.example://',
    'myapp:',
    'javascript:',
    '//',
    '/',
    '///',
    '',
    '1a:',
    'a_b:',
  ],
  ...[
    'h',
    'client.example',
    'localhost',
    '127.0.0.1',
    '127.1',
    '0x7f',
    '08',
    '255.255.255.256',
    '2130706433',
    '[::1]',
    '[0::1]',
  ],
  ...[
    '[::ffff:127.0.0.1]',
    '[::',
    ']',
    '[v1.a]',
    '[1:2:3:4:5:6:7::]',
    '[fe80::1%25a]',
    'xn--',
    'xn--nxasmq6b',
    'xn--a',
    '-',
  ],
  ...[
    '.',
    '..',
    '_',
    '*',
    '@',
    ':',
    ':0',
    ':80',
    ':443',
    ':0443',
    ':65536',
    ':*',
    '?',
    '#',
    '##',
    '&',
    '=',
    '%',
    '%zz',
    '%41',
  ],
  ...['{id}', ' ', '\t', '\n', '\0', '\u007f', '\\', '"', '<', 'ü', '。', '\ud800', '💥', 'ß', '\u00ad', 'K', LABEL_63],
];
const hostile = fc.array(fc.constantFrom(...FRAGMENTS), { maxLength: 9 }).map((pieces) => pieces.join(''));
const hostileWeb = fc
  .tuple(fc.constantFrom('https://', 'http://'), hostile, fc.string())
  .map(([scheme, authority, rest]) => `${scheme}${authority}/${rest}`);
const ordinary = fc.webUrl({
  validSchemes: ['http', 'https'],
  authoritySettings: { withIPv4: true, withIPv6: true, withPort: true },
  withQueryParameters: true,
  withFragments: true,
});
const address = fc
  .oneof(
    fc.ipV6().map((text) => `[${text}]`),
    fc.ipV4Extended(),
    fc.stringMatching(/^[0-9a-fx.]{1,12}$/),
    fc.stringMatching(/^xn--[a-z0-9-]{1,8}$/),
  )
  .map((host) => `https://${host}/`);

describe('parseUri', () => {
  it('returns the parts of a URI (RFC 3986 section 3)', () => {
    expect(accepted('HTTPS://Client.Example:8443/a?b=c&d?e#f?g')).toEqual({
      scheme: 'https',
      host: { name: 'client.example', spelling: 'Client.Example', kind: 'name', scope: 'public' },
      port: '8443',
      query: 'b=c&d?e',
      fragment: 'f?g',
    });
  });

  it.each<[string, Partial<ParsedUri>, string]>([
    ['https://client.example', { port: '', query: undefined, fragment: undefined }, 'https://client.example'],
    ['https://client.example:443/?#', { port: '', query: '', fragment: '' }, 'https://client.example'],
    ['http://client.example:0080#?', { port: '', query: undefined, fragment: '?' }, 'http://client.example'],
    ['http://client.example:443', { port: '443' }, 'http://client.example:443'],
    ['https://our-domain/', { port: '' }, 'https://our-domain'],
    ['https://[2001:DB8:0:0:0:0:0:1]:65535/', { port: '65535' }, 'https://[2001:db8::1]:65535'],
    [`https://${NAME_253}/`, { port: '' }, `https://${NAME_253}`],
    ['https://a.example/%C3%BC/(x);y=1,2/~u/@b:c*!$', { port: '' }, 'https://a.example'],
    ['cursor://anysphere.cursor-mcp/oauth/callback', { scheme: 'cursor' }, 'cursor://anysphere.cursor-mcp'],
    ['vscode://author.extension/4f1a', { scheme: 'vscode' }, 'vscode://author.extension'],
    ['com.example.app://cb?x=1', { query: 'x=1' }, 'com.example.app://cb'],
    ['com.example://my_host%20a:80', { port: '80' }, 'com.example://my_host%20a:80'],
    ['com.example.app:/cb', { host: undefined }, ''],
    ['com.example.app:///cb', { host: undefined }, ''],
    ['openid-credential-offer://', { host: undefined }, ''],
    ['haip://?request_uri=a', { host: undefined, query: 'request_uri=a' }, ''],
    ['myapp://', { host: undefined }, ''],
    ['urn:x:y', { scheme: 'urn', host: undefined }, ''],
    ['tel:5551234', { scheme: 'tel', host: undefined }, ''],
    ['constructor://x/', { scheme: 'constructor' }, 'constructor://x'],
    ['ftp://ftp.example/a', { scheme: 'ftp' }, 'ftp://ftp.example'],
    ['spiffe://example.org/a', { scheme: 'spiffe' }, 'spiffe://example.org'],
  ])('accepts %s', (text, parts, origin) => {
    expect(accepted(text)).toMatchObject(parts);
    expect(originOf(accepted(text))).toBe(origin);
  });

  it.each<[string, UriRule, RegExp]>([
    ['', 'scheme', /^"" is empty; write a complete URI/],
    ['/callback', 'scheme', /has no scheme/],
    ['//host/callback', 'scheme', /has no scheme/],
    [':x', 'scheme', /has no scheme/],
    ['www.example.com', 'scheme', /has no scheme/],
    ['client.example/a:b', 'scheme', /has no scheme/],
    ['localhost:3000/callback', 'scheme', /has no scheme before its host and port; write http:\/\/ or https:\/\//],
    ['client.example:8443', 'scheme', /has no scheme before its host and port/],
    ['my_app://callback', 'scheme', /has the scheme "my_app"; a scheme starts with a letter/],
    ['1app://callback', 'scheme', /has the scheme "1app"/],
    ['myapp:', 'scheme', /nothing after its scheme/],
    ['https://müller.example/cb', 'ascii', /^"https:\/\/m\\u00fcller.example\/cb" .* at position 9; .*xn--.*punycode/],
    ['https://a.example/\u00a0', 'ascii', /not ASCII at position 18/],
    [' https://a.example/', 'blank', /a blank at position 0; remove it/],
    ['https://a.example/ ', 'blank', /a blank at position 18; remove it/],
    [
      'https://a.example/a https://b.example/',
      'blank',
      /position 19; write %20 instead, or send several URIs as a list/,
    ],
    ['https://a.example/\n', 'control_character', /control character "\\n" at position 18; remove it/],
    ['https://a.example/\0', 'control_character', /control character "\\u0000" at position 18/],
    ['https://a.example/\u007f', 'control_character', /control character "\\u007f" at position 18/],
    ['https:\\\\a.example/', 'character', /a backslash at position 6; write "\/"/],
    [
      'https://a.example/{id}',
      'character',
      /"{" at position 18; percent-encode it as %7B, or register .* without templates/,
    ],
    [
      'https://a.example/id}',
      'character',
      /"}" at position 20; percent-encode it as %7D, or register .* without templates/,
    ],
    ['https://a.example/<b>', 'character', /"<" at position 18; percent-encode it as %3C\.$/],
    ['https://a.example/?a[]=1', 'character', /"\[" at position 20; percent-encode it as %5B/],
    ['com.example:/a]', 'character', /"]" at position 14; percent-encode it as %5D/],
    ['https://a.example/%zz', 'percent_encoding', /"%zz" at position 18, .*%25/],
    ['https://a.example/100%', 'percent_encoding', /"%" at position 21/],
    ['https://a.example/#a#b', 'fragment', /second "#" at position 20/],
    ['https://user@a.example/', 'user_information', /^"https:\/\/\.\.\.@a.example\/" has user information/],
    ['https://a.example@b.example/', 'user_information', /remove it/],
    ['com.example://user@a/', 'user_information', /remove it/],
    ['https:a.example', 'host', /has no host; write https:\/\//],
    ['https:/a.example', 'host', /has no host/],
    ['https:///x', 'host', /has no host/],
    ['https://?x', 'host', /has no host/],
    ['https://:443/', 'host', /has no host/],
    ['myapp://:80', 'host', /has a port but no host/],
    ['https://::1/', 'host', /IPv6 address in brackets/],
    ['https://x..example/', 'host', /empty label/],
    ['https://.example/', 'host', /empty label/],
    ['https://./', 'host', /empty label/],
    ['https://client.example./', 'host', /dot at the end of its host; remove it/],
    ['https://-a.example/', 'host', /label "-a" in its host; a label neither starts nor ends with a hyphen/],
    ['https://a-.example/', 'host', /label "a-"/],
    ['https://a_b.example/', 'host', /underscore/],
    ['https://a%2eexample/', 'host', /percent-encoded host/],
    ["https://a'b.example/", 'host', /character "'"/],
    [`https://a${LABEL_63}.example/`, 'host', /label of 64 characters .* at most 63/],
    [`https://a${NAME_253}/`, 'host', /host of 254 characters; .* at most 253/],
    ['com.example://a[b]/', 'host', /square bracket/],
    ['https://*.example.com/', 'wildcard', /wildcard.*complete name/],
    ['https://*/', 'wildcard', /wildcard/],
    ['https://xn--/', 'host', /hyphen/],
    ['https://127.1/', 'ipv4', /ends in a number; write .* four decimal numbers/],
    ['https://2130706433/', 'ipv4', /four decimal numbers/],
    ['https://0x7f.1/', 'ipv4', /four decimal numbers/],
    ['https://017700000001/', 'ipv4', /leading zeros/],
    ['https://127.0.0.01/', 'ipv4', /leading zeros/],
    ['https://1.2.3.256/', 'ipv4', /0 to 255/],
    ['https://a.example.0X/', 'ipv4', /ends in a number/],
    ['https://[::1/', 'ipv6', /does not end with "]"/],
    ['https://[::1]a/', 'ipv6', /does not end with "]"/],
    ['https://[1::2::3]/', 'ipv6', /not a valid IPv6 address/],
    ['https://[1:2:3:4:5:6:7:8::]/', 'ipv6', /not a valid IPv6 address/],
    ['https://[::127.1]/', 'ipv6', /not a valid IPv6 address/],
    ['https://[v1.a]/', 'ipv6', /not a valid IPv6 address/],
    ['https://[fe80::1%25eth0]/', 'ipv6', /zone/],
    ['com.example://[x]/', 'ipv6', /not a valid IPv6 address/],
    [
      'http://localhost:*/callback',
      'port',
      /"\*".* cannot be a wildcard; .* authorization servers accept any port on loopback/,
    ],
    ['https://a.example:*/callback', 'port', /cannot be a wildcard; write the number/],
    ['https://a.example:/', 'port', /colon without a port/],
    ['https://a.example:0/', 'port', /port "0"; a port is a number from 1 to 65535/],
    ['https://a.example:00/', 'port', /number from 1 to 65535/],
    ['https://a.example:65536/', 'port', /number from 1 to 65535/],
    ['https://a.example:8e1/', 'port', /number from 1 to 65535/],
    ['https://a.example:port/', 'port', /port "port"/],
    ['com.example://a:99999', 'port', /number from 1 to 65535/],
  ])('refuses %j: %s', (text, rule, detail) => {
    expect(refused(text).rule).toBe(rule);
    expect(refused(text).detail).toMatch(detail);
  });

  it('refuses wrong punycode exactly if `URL` does, which depends on the version of Node.js', () => {
    const parsed = parseUri('https://xn--a.example/');

    expect(isUriProblem(parsed)).toBe(!URL.canParse('https://xn--a.example/'));
    if (isUriProblem(parsed)) {
      expect(parsed.rule).toBe('encoded_name');
      expect(parsed.detail).toMatch(/"xn--a" .* not valid punycode/);
    }
  });

  it('repeats no password and no more than 40 characters', () => {
    expect(refused(`https://user:secret@a.example/${'a'.repeat(100)}`).detail).not.toContain('secret');
    expect(refused('https://user:secret@a.example/ ').detail).not.toContain('secret');
    expect(refused(`https://a.example:${'9'.repeat(5_000)}/`).detail.length).toBeLessThan(200);
  });

  it('reads the scheme, host and port of http and https URIs as the URL standard does', () => {
    fc.assert(
      fc.property(fc.oneof(hostileWeb, ordinary, address), (text) => {
        const parsed = parseUri(text);
        if (isUriProblem(parsed)) return;
        const url = new URL(text);
        expect(`${parsed.scheme}:`).toBe(url.protocol);
        expect(parsed.host?.name).toBe(url.hostname);
        expect(parsed.port).toBe(url.port);
        expect(originOf(parsed)).toBe(url.origin);
        expect(`?${parsed.query ?? ''}`).toBe(url.search.replaceAll('%27', "'") || '?');
        expect([url.username, url.password]).toEqual(['', '']);
      }),
      { numRuns: 5_000 },
    );
  });

  it('accepts no URI that the URL standard refuses', () => {
    fc.assert(
      fc.property(fc.oneof(hostile, hostileWeb), (text) => {
        expect(isUriProblem(parseUri(text)) || URL.canParse(text)).toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });

  it('explains every refusal in one sentence of ASCII that quotes the URI', () => {
    fc.assert(
      fc.property(fc.oneof(hostile, hostileWeb, fc.string({ unit: 'binary' })), (text) => {
        const parsed = parseUri(text);
        if (!isUriProblem(parsed)) return;
        expect(parsed.detail).toMatch(/^".*" [\x20-\x7e]+\.$/);
        expect(URI_RULES[parsed.rule].specification).toMatch(/^https:\/\//);
      }),
      { numRuns: 5_000 },
    );
  });
});

describe('the cost of parseUri', () => {
  afterEach(() => jest.restoreAllMocks());

  it('includes no other parser, and one check of a name that has xn-- labels', () => {
    const canParse = jest.spyOn(URL, 'canParse');
    accepted('https://client.example:8443/callback?a=b#c');
    accepted('https://[2001:db8::1]/callback');
    expect(canParse).not.toHaveBeenCalled();
    accepted(`https://${'xn--nxasmq6b.'.repeat(15)}example/`);
    expect(canParse).toHaveBeenCalledTimes(1);
  });

  it.each<[string, (size: number) => string]>([
    ['a long path', (size) => `https://a.example/${'a/'.repeat(size)}`],
    ['a long path with percent-encoding', (size) => `https://a.example/${'%41'.repeat(size)}%`],
    ['a long scheme', (size) => `${'a'.repeat(size)}:/`],
    ['no scheme', (size) => 'a.'.repeat(size)],
    ['a long host', (size) => `https://${'a.'.repeat(size)}`],
    ['a long host of digits', (size) => `https://${'1.'.repeat(size)}1`],
    ['a long host of another scheme', (size) => `com.example://${'1.'.repeat(size)}1`],
    ['a long port', (size) => `https://a.example:${'0'.repeat(size)}`],
    ['colons', (size) => `https://${':'.repeat(size)}`],
    ['brackets', (size) => `https://${'['.repeat(size)}`],
    ['an endless address', (size) => `https://[${'1:'.repeat(size)}]`],
    ['double colons', (size) => `https://[${'::'.repeat(size)}]`],
    ['user information', (size) => `https://${'a@'.repeat(size)}`],
    ['slashes', (size) => '/'.repeat(size)],
    ['number signs', (size) => `https://a.example/${'#'.repeat(size)}`],
    ['question marks', (size) => `https://a.example/${'?'.repeat(size)}`],
  ])('grows with the length of the text: %s', (_, build) => {
    const calls = (size: number) => callsToBuiltIns(() => parseUri(build(size)));
    // Each call reads its string at most once, so the number of calls must not grow.
    expect(calls(20_000)).toBeLessThanOrEqual(calls(1_000));
  });
});

/** Counts the calls to methods of strings and regular expressions that read a string. */
function callsToBuiltIns(work: () => void): number {
  const spies = [
    ...(
      ['search', 'split', 'slice', 'indexOf', 'includes', 'replace', 'toLowerCase', 'charAt', 'charCodeAt'] as const
    ).map((name) => jest.spyOn(String.prototype, name)),
    jest.spyOn(RegExp.prototype, 'exec'),
  ];
  try {
    work();
    return spies.reduce((sum, spy) => sum + spy.mock.calls.length, 0);
  } finally {
    jest.restoreAllMocks();
  }
}
