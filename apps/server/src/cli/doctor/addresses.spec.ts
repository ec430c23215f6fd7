import { checkBaseUrl, checkProxyHeaders } from './addresses.ts';
import type { Outcome } from './finding.ts';

describe('base-url', () => {
  it.each<[string, Outcome]>([
    ['https://clients.example.com', 'ok'],
    ['http://127.0.0.1:3000', 'ok'],
    ['http://[::1]:3000', 'ok'],
    ['http://localhost:3000', 'ok'],
    ['http://clients.example.com', 'failed'],
    ['http://10.0.0.1:3000', 'failed'],
    ['http://0.0.0.0:3000', 'failed'],
    ['http://localhost.example.com', 'failed'],
  ])('%s is %s: outside this machine it must be https (RFC 7591 section 5)', (baseUrl, result) => {
    expect(checkBaseUrl({ baseUrl }, baseUrl)).toMatchObject({ check: 'base-url', result });
  });

  it('reports that it is not set', () => {
    expect(checkBaseUrl({}, 'http://0.0.0.0:3000').seen).toMatch(/^BASE_URL is not set/);
  });
});

describe('proxy-headers', () => {
  const config = { trustedProxies: [], rateLimitPerAddress: 300, host: '127.0.0.1', port: 3000 };
  const PROXIED = 'https://clients.example.com';
  const DIRECT = 'http://127.0.0.1:3000';

  it.each<[string, object, string, Outcome]>([
    ['no proxy', {}, DIRECT, 'ok'],
    ['no proxy, on every address', { host: '0.0.0.0' }, DIRECT, 'ok'],
    ['no proxy, on every address of IPv6', { host: '::' }, 'http://[::1]:3000', 'ok'],
    ['no proxy, on port 80', { port: 80 }, 'http://127.0.0.1', 'ok'],
    ['a trusted proxy', { trustedProxies: ['10.0.0.0/8'] }, PROXIED, 'ok'],
    ['an untrusted proxy', {}, PROXIED, 'warning'],
    ['a proxy on another port', {}, 'http://127.0.0.1:8080', 'warning'],
    ['a proxy without rate limits', { rateLimitPerAddress: 0 }, PROXIED, 'ok'],
    ['trust without a proxy', { trustedProxies: ['127.0.0.1'] }, DIRECT, 'warning'],
    ['trust in everybody', { trustedProxies: ['10.0.0.1', '0.0.0.0/0'] }, PROXIED, 'failed'],
    ['trust in everybody of IPv6', { trustedProxies: ['::/0'] }, PROXIED, 'failed'],
  ])('%s', (_case, changes, baseUrl, result) => {
    expect(checkProxyHeaders({ ...config, ...changes }, baseUrl)).toMatchObject({ check: 'proxy-headers', result });
  });
});
