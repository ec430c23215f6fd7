import fc from 'fast-check';
import { readIpv6, writeIpv6 } from './addresses.ts';
import { isLoopbackRedirect, type Host } from './host.ts';
import { isUriProblem, parseUri, type ParsedUri } from './parse-uri.ts';

function parsed(text: string): ParsedUri {
  const uri = parseUri(text);
  if (isUriProblem(uri)) throw new Error(uri.detail);
  return uri;
}

function scopeOf(host: string): Host['scope'] | undefined {
  return parsed(`https://${host}/`).host?.scope;
}

describe('the scope of a host', () => {
  it.each([
    'localhost',
    'LOCALHOST',
    'app.localhost',
    '127.0.0.1',
    '127.255.0.9',
    '[::1]',
    '[0::1]',
    '[::ffff:127.0.0.1]',
  ])('of %s is loopback', (host) => {
    expect(scopeOf(host)).toBe('loopback');
  });

  it.each([
    ...['0.0.0.0', '10.1.2.3', '100.64.0.1', '100.127.255.255', '169.254.169.254', '172.16.0.1', '172.31.255.255'],
    ...['192.0.0.1', '192.0.2.1', '192.88.99.1', '192.168.1.1', '198.18.0.1', '198.19.255.255', '198.51.100.1'],
    ...['203.0.113.1', '224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255'],
    ...[
      '[::]',
      '[::7f00:1]',
      '[::ffff:10.0.0.1]',
      '[64:ff9b::10.0.0.1]',
      '[64:ff9b:1::1]',
      '[100::1]',
      '[100:0:0:1::1]',
    ],
    ...['[2001::1]', '[2001:1ff::1]', '[2001:db8::1]', '[2002:7f00:1::]', '[3fff::1]', '[3fff:fff::1]', '[5f00::1]'],
    ...['[fc00::1]', '[fdff::1]', '[fe80::1]', '[febf::1]', '[fec0::1]', '[ff02::1]', '[4000::1]'],
    ...[
      'printer.local',
      'LOCAL',
      'api.internal',
      'router.home.arpa',
      'home.arpa',
      'a.invalid',
      'nas.lan',
      'our-domain',
    ],
  ])('of %s is private', (host) => {
    expect(scopeOf(host)).toBe('private');
  });

  it.each([
    ...[
      'client.example',
      'client.test',
      'localhost.example',
      'local.example',
      'xhome.arpa',
      'notlocal.org',
      'xn--nxasmq6b.example',
    ],
    ...[
      '1.1.1.1',
      '9.255.255.255',
      '11.0.0.0',
      '100.63.255.255',
      '100.128.0.0',
      '126.0.0.1',
      '128.0.0.1',
      '172.15.0.1',
    ],
    ...['172.32.0.0', '192.0.1.1', '192.169.0.0', '198.17.0.1', '198.20.0.0', '223.255.255.255'],
    ...[
      '[2001:200::1]',
      '[2001:4860:4860::8888]',
      '[2606:4700::1]',
      '[3ffe::1]',
      '[::ffff:1.1.1.1]',
      '[64:ff9b::1.1.1.1]',
    ],
  ])('of %s is public', (host) => {
    expect(scopeOf(host)).toBe('public');
  });

  it.each<[string, Host['kind']]>([
    ['https://client.example/', 'name'],
    ['https://1.1.1.1/', 'ipv4'],
    ['https://[::1]/', 'ipv6'],
    ['com.example://1.2.3.4/', 'ipv4'],
    ['com.example://127.1/', 'name'],
  ])('the host of %s is of the kind %s', (text, kind) => {
    expect(parsed(text).host?.kind).toBe(kind);
  });
});

describe('isLoopbackRedirect (RFC 8252 section 7.3)', () => {
  it.each([
    'http://localhost',
    'HTTP://LocalHost:8080/cb',
    'http://127.0.0.1:51234/cb?a#b',
    'http://[::1]/',
    'http://[::1]:9/',
  ])('is true of %s', (text) => {
    expect(isLoopbackRedirect(parsed(text))).toBe(true);
  });

  it.each([
    ...[
      'https://localhost/',
      'http://app.localhost/',
      'http://127.0.0.2/',
      'http://[0::1]/',
      'http://[::ffff:127.0.0.1]/',
    ],
    ...[
      'http://[0:0:0:0:0:0:0:1]/',
      'http://localhost.example/',
      'com.example://localhost/',
      'com.example:/localhost',
      'urn:a:b',
    ],
  ])('is false of %s', (text) => {
    expect(isLoopbackRedirect(parsed(text))).toBe(false);
  });
});

describe('IPv6 addresses', () => {
  it('have the spelling of the URL standard', () => {
    const group = fc.oneof(fc.constant(0), fc.nat(0xffff));
    fc.assert(
      fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
        const written = writeIpv6(groups);
        expect(readIpv6(written)).toEqual(groups);
        expect(new URL(`https://[${written}]/`).hostname).toBe(`[${written}]`);
      }),
    );
  });

  it('are valid exactly if the URL standard accepts them', () => {
    const piece = fc.constantFrom(
      '0',
      '1',
      'ffff',
      '00001',
      'g',
      ':',
      '::',
      ':',
      '1.2.3.4',
      '1.2.3',
      '01.2.3.4',
      '1.2.3.256',
      '.',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 16 }), (pieces) => {
        const text = pieces.join('');
        expect(readIpv6(text) !== undefined).toBe(URL.canParse(`https://[${text}]/`));
      }),
      { numRuns: 5_000 },
    );
  });
});
