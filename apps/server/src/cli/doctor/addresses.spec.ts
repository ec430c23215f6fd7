import { checkBaseUrl, checkProxyHeaders, checkRegistration } from './addresses.ts';
import type { Outcome } from './finding.ts';

describe('checkBaseUrl', () => {
  it.each<[string, Outcome]>([
    ['https://clients.example.com', 'ok'],
    ['http://127.0.0.1:3000', 'ok'],
    ['http://[::1]:3000', 'ok'],
    ['http://localhost:3000', 'ok'],
    ['http://clients.example.com', 'failed'],
    ['http://10.0.0.1:3000', 'failed'],
    ['http://192.0.2.1:3000', 'failed'],
    ['http://localhost.example.com', 'failed'],
  ])(
    'reports BASE_URL %s as %s: it must use https unless it is an address of this machine (RFC 7591 section 5)',
    (baseUrl, result) => {
      expect(checkBaseUrl({ baseUrl }, baseUrl)).toMatchObject({ check: 'base-url', result });
    },
  );

  it('reports that BASE_URL is not set', () => {
    expect(checkBaseUrl({}, 'http://192.0.2.1:3000').seen).toMatch(/^BASE_URL is not set/);
  });
});

describe('checkProxyHeaders', () => {
  const config = { trustedProxies: [], rateLimitPerAddress: 300, host: '127.0.0.1', port: 3000 };
  const PROXIED = 'https://clients.example.com';
  const DIRECT = 'http://127.0.0.1:3000';

  it.each<[string, Outcome, object, string]>([
    ['no proxy', 'ok', {}, DIRECT],
    ['no proxy and a server on every IPv4 address', 'ok', { host: '0.0.0.0' }, DIRECT],
    ['no proxy and a server on every IPv6 address', 'ok', { host: '::' }, 'http://[::1]:3000'],
    ['no proxy and a server on port 80', 'ok', { port: 80 }, 'http://127.0.0.1'],
    ['a trusted proxy', 'ok', { trustedProxies: ['10.0.0.0/8'] }, PROXIED],
    ['an untrusted proxy', 'warning', {}, PROXIED],
    ['a proxy on another port', 'warning', {}, 'http://127.0.0.1:8080'],
    ['a proxy without rate limits', 'ok', { rateLimitPerAddress: 0 }, PROXIED],
    ['TRUSTED_PROXIES without a proxy', 'warning', { trustedProxies: ['127.0.0.1'] }, DIRECT],
    ['trust in every IPv4 address', 'failed', { trustedProxies: ['10.0.0.1', '0.0.0.0/0'] }, PROXIED],
    ['trust in every IPv6 address', 'failed', { trustedProxies: ['::/0'] }, PROXIED],
  ])('reports %s as %s', (_setup, result, changes, baseUrl) => {
    expect(checkProxyHeaders({ ...config, ...changes }, baseUrl)).toMatchObject({ check: 'proxy-headers', result });
  });
});

describe('checkRegistration', () => {
  const open = (apiKey: number) => ({ apiKey, protocolRegistration: 'OPEN' }) as const;
  const closed = { apiKey: 9, protocolRegistration: 'INITIAL_ACCESS_TOKEN' } as const;
  const PUBLIC = 'https://clients.example.com';

  it.each([
    ['an open service at a public server', [closed, open(1)], PUBLIC, 'warning', /at 1 service \(1\)\.$/],
    [
      'many open services',
      [1, 2, 3, 4, 5, 6].map(open),
      PUBLIC,
      'warning',
      /at 6 services \(1, 2, 3, 4, 5, \.\.\.\)\.$/,
    ],
    ['an open service on this machine', [open(1)], 'http://127.0.0.1:3000', 'ok', /on this machine .* 1 service/],
    ['closed services', [closed], PUBLIC, 'ok', /^No service lets anybody register\.$/],
  ] as const)('reports %s', (_setup, services, baseUrl, result, seen) => {
    const finding = checkRegistration(services, baseUrl);
    expect(finding).toMatchObject({ check: 'registration', result });
    expect(finding.seen).toMatch(seen);
  });
});
