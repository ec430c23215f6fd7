import fc from 'fast-check';
import { isNative } from './native.ts';
import { isUriProblem, parseUri } from './parse-uri.ts';
import { isExecutable, isExecutableText, SCHEME_CLASSES, schemeProblem } from './schemes.ts';

const IN_THE_TABLE = Object.values(SCHEME_CLASSES).flatMap(({ schemes }) => schemes.trim().split(/\s+/));

const OF_APPLICATIONS = [
  ...[
    'cursor',
    'vscode',
    'vscode-insiders',
    'windsurf',
    'zed',
    'claude',
    'slack',
    'spotify',
    'discord',
    'obsidian',
    'notion',
  ],
  ...[
    'raycast',
    'steam',
    'zoommtg',
    'msteams',
    'skype',
    'tg',
    'com.example.app',
    'com.googleusercontent.apps.1-a',
    'myapp',
  ],
  ...[
    'exampleapp',
    'openid',
    'openid4vp',
    'openid-credential-offer',
    'haip',
    'mdoc',
    'mdoc-openid4vp',
    'eudi-openid4vp',
  ],
  ...[
    'msauth.com.example.app',
    'fb123',
    'gitkraken',
    'exp',
    'capacitor',
    'ionic',
    'tauri',
    'web+app',
    'mysearch',
    'chromeapp',
  ],
  ...['ms-app', 'ms-appx-web', 'constructor', 'itmsomething'],
];

describe('schemeProblem', () => {
  it.each(OF_APPLICATIONS)('accepts %s as a private-use scheme (RFC 8252 section 7.1)', (scheme) => {
    expect(schemeProblem(scheme)).toBeUndefined();
  });

  it.each([
    ['javascript', /script/],
    ['DATA', /local/],
    ['view-source', /local/],
    ['chrome-extension', /local/],
    ['ms-its', /local/],
    ['webkit-fake-url', /local/],
    ...['ftp', 'ws', 'mailto', 'tel', 'ldap', 'coap', 'urn', 'https', 'http', 'iris.beep', 'z39.50r'].map(
      (scheme) => [scheme, /IANA.*no application owns it/] as const,
    ),
    ...['smb', 'ssh', 'feed', 'irc', 'git', 'git+ssh', 'bitcoin', 'magnet', 'mongodb', 'redis', 'jdbc', 'mqtt'].map(
      (scheme) => [scheme, /many programs.*no application owns it/] as const,
    ),
    ...[
      'ms-msdt',
      'ms-settings',
      'ms-word',
      'search-ms',
      'market',
      'itms-services',
      'x-apple.systempreferences',
      'prefs',
    ].map((scheme) => [scheme, /opens another program/] as const),
  ] as const)('gives the reason why %s is not a private-use scheme', (scheme, problem) => {
    expect(schemeProblem(scheme)).toMatch(problem);
  });

  it('has every scheme once in its table, in lower case', () => {
    expect(new Set(IN_THE_TABLE).size).toBe(IN_THE_TABLE.length);
    for (const scheme of IN_THE_TABLE) {
      expect(scheme).toMatch(/^[a-z][a-z0-9+.-]*$/);
      expect(schemeProblem(scheme)).toBeDefined();
    }
  });
});

describe('isExecutable', () => {
  it.each([
    'javascript',
    'JavaScript',
    'data',
    'vbscript',
    'blob',
    'file',
    'filesystem',
    'about',
    'view-source',
    'jar',
    'intent',
  ])('is true of %s', (scheme) => {
    expect(isExecutable(scheme)).toBe(true);
  });

  it.each(['https', 'mailto', 'ms-word', 'com.example', 'toString'])('is false of %s', (scheme) => {
    expect(isExecutable(scheme)).toBe(false);
  });
});

describe('isExecutableText', () => {
  it.each([
    ...[
      'javascript:alert(1)',
      'JaVaScRiPt:alert(1)',
      ' \0\u001f\u0085\u00a0\ufeff\n javascript:alert(1)',
      'java\nscript:alert(1)',
    ],
    ...[
      'j\ta\rv\nascript\t:x',
      'javascript: alert(1)',
      'javascript:',
      'vbscript:x',
      'data:text/html,x',
      'data: text/html,x',
    ],
    ...['data:,x', 'data:\t te\nxt/html,x', 'data:\n\ttext/html,x', 'file:///etc/passwd', 'blob:https://a.example/b'],
    ...['view-source:https://a.example', 'intent: #Intent;scheme=a;end', 'about:blank', 'jar:https://a.example!/b'],
  ])('is true of %j', (text) => {
    expect(isExecutableText(text)).toBe(true);
  });

  it.each([
    ...[
      '',
      ':',
      'javascript',
      'We use javascript: it is nice',
      'https://a.example/javascript:x',
      '/javascript:x',
      'java script:x',
    ],
    ...[
      'Data: name, birth date',
      'About: a shop',
      'File:',
      'Intent: to buy',
      'Note: x',
      'com.example:/cb',
      'mailto:a@a.example',
    ],
    ...['\u{1d4bf}avascript:x', '"javascript:x"'],
  ])('is false of %j', (text) => {
    expect(isExecutableText(text)).toBe(false);
  });

  it('is true of every text that the URL standard reads as a script', () => {
    const noise = fc.string({ unit: fc.constantFrom('\t', '\n', '\r'), maxLength: 3 });
    const lead = fc.string({ unit: fc.nat(0x20).map((code) => String.fromCharCode(code)), maxLength: 5 });
    const letters = fc.tuple(
      ...'javascript:'.split('').map((letter) => fc.tuple(fc.constantFrom(letter, letter.toUpperCase()), noise)),
    );
    fc.assert(
      fc.property(lead, letters, fc.string(), (before, pairs, after) => {
        const text = `${before}${pairs.flat().join('')}${after}`;
        expect(new URL(text).protocol).toBe('javascript:');
        expect(isExecutableText(text)).toBe(true);
      }),
    );
  });
});

describe('isNative (RFC 8252 section 7)', () => {
  it.each<[string, boolean]>([
    ['com.example.app:/cb', true],
    ['cursor://anysphere.cursor-mcp/oauth/callback', true],
    ['http://localhost:3000/cb', true],
    ['http://[::1]/cb', true],
    ['http://[0::1]/cb', false],
    ['https://localhost/cb', false],
    ['http://client.example/cb', false],
    ['ftp://client.example/cb', false],
    ['urn:ietf:wg:oauth:2.0:oob', false],
  ])('of %s is %s', (text, native) => {
    const uri = parseUri(text);
    expect(!isUriProblem(uri) && isNative(uri)).toBe(native);
  });
});
