import ipaddr from 'ipaddr.js';
import type { Config } from '../../config/config.ts';
import { addressIn, isLoopbackHost } from '../../outbound/addresses.ts';
import { failed, ok, warning, type Finding } from './finding.ts';

/**
 * Where clients are told to find the server. What they send and are sent holds credentials, so beyond this machine it must be
 * https.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7591.html#section-5
 */
export function checkBaseUrl({ baseUrl: configured }: Pick<Config, 'baseUrl'>, baseUrl: string): Finding {
  const { protocol, hostname } = new URL(baseUrl);
  const source = configured === undefined ? 'BASE_URL is not set, so clients are told' : 'Clients are told';
  if (protocol === 'https:') return ok('base-url', `${source} ${baseUrl}.`);
  if (isLoopbackHost(hostname)) return ok('base-url', `${source} ${baseUrl}, which is this machine: for development.`);
  return failed(
    'base-url',
    `${source} ${baseUrl}, over which tokens and secrets go in the clear.`,
    'Set BASE_URL to the https URL that leads here (RFC 7591 section 5).',
  );
}

/** Whether the server learns who calls it where a proxy stands before it, from that proxy alone. */
export function checkProxyHeaders(
  {
    trustedProxies,
    rateLimitPerAddress,
    host,
    port,
  }: Pick<Config, 'trustedProxies' | 'rateLimitPerAddress' | 'host' | 'port'>,
  baseUrl: string,
): Finding {
  const proxied = !leadsHere(new URL(baseUrl), host, port);
  const everybody = trustedProxies.find((network) => network.includes('/') && ipaddr.parseCIDR(network)[1] === 0);
  if (everybody !== undefined) {
    return failed(
      'proxy-headers',
      `TRUSTED_PROXIES holds ${everybody}: every caller can say in X-Forwarded-For that it is another one.`,
      'Name the addresses of your proxies alone.',
    );
  }
  if (trustedProxies.length > 0) {
    if (proxied)
      return ok('proxy-headers', `X-Forwarded-For is read where it comes from ${trustedProxies.join(', ')}.`);
    return warning(
      'proxy-headers',
      'TRUSTED_PROXIES is set, and BASE_URL is the address that the server itself listens on: no proxy is in between.',
      'Set BASE_URL to the address of the proxy, or take TRUSTED_PROXIES away.',
    );
  }
  if (!proxied)
    return ok('proxy-headers', 'BASE_URL is the address that the server listens on: no proxy is in between.');
  if (rateLimitPerAddress === 0) {
    return ok('proxy-headers', 'X-Forwarded-For is not read, and nothing depends on it: RATE_LIMIT_PER_ADDRESS is 0.');
  }
  return warning(
    'proxy-headers',
    'BASE_URL leads through a proxy, and TRUSTED_PROXIES is not set: all callers look like that proxy, and share one ' +
      'RATE_LIMIT_PER_ADDRESS (on this machine they have none).',
    'Set TRUSTED_PROXIES to the addresses from which your proxy calls.',
  );
}

/** Whether a URL is the very address that the server listens on, which speaks nothing but plain http. */
function leadsHere({ protocol, hostname, port: publicPort }: URL, host: string, port: number): boolean {
  const everywhere = host === '0.0.0.0' || host === '::';
  const address = addressIn(hostname);
  const sameHost =
    (address ?? hostname) === host.toLowerCase() || (everywhere && (isLoopbackHost(hostname) || address !== undefined));
  return protocol === 'http:' && sameHost && Number(publicPort || 80) === port;
}
