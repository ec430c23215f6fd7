import ipaddr from 'ipaddr.js';
import type { Config } from '../../config/config.ts';
import { isLoopbackHost, isUnspecified } from '../../config/hosts.ts';
import { addressIn } from '../../outbound/addresses.ts';
import type { Service } from '../../services/service.ts';
import { counted } from '../counted.ts';
import { failed, ok, warning, type Finding } from './finding.ts';

/**
 * Checks the published URL of the server. Requests and responses contain credentials, so it must be https outside this machine.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7591.html#section-5
 */
export function checkBaseUrl({ baseUrl: configured }: Pick<Config, 'baseUrl'>, baseUrl: string): Finding {
  const { protocol, hostname } = new URL(baseUrl);
  const source = configured === undefined ? 'BASE_URL is not set, so clients use' : 'Clients use';
  if (protocol === 'https:') return ok('base-url', `${source} ${baseUrl}.`);
  if (isLoopbackHost(hostname)) return ok('base-url', `${source} ${baseUrl}, which is this machine (for development).`);
  return failed(
    'base-url',
    `${source} ${baseUrl}, which sends tokens and secrets without encryption.`,
    'Set BASE_URL to the https URL of this server (RFC 7591 section 5).',
  );
}

/** Checks whether the server trusts `X-Forwarded-For` from its proxy, and from nobody else. */
export function checkProxyHeaders(
  {
    trustedProxies,
    rateLimitPerAddress,
    host,
    port,
  }: Pick<Config, 'trustedProxies' | 'rateLimitPerAddress' | 'host' | 'port'>,
  baseUrl: string,
): Finding {
  const proxied = !isListenAddress(new URL(baseUrl), host, port);
  const everybody = trustedProxies.find((network) => network.includes('/') && ipaddr.parseCIDR(network)[1] === 0);
  if (everybody !== undefined) {
    return failed(
      'proxy-headers',
      `TRUSTED_PROXIES contains ${everybody}: every caller can forge its address with X-Forwarded-For.`,
      'Name only the addresses of your proxies.',
    );
  }
  if (trustedProxies.length > 0) {
    if (proxied) return ok('proxy-headers', `X-Forwarded-For is trusted from ${trustedProxies.join(', ')}.`);
    return warning(
      'proxy-headers',
      'TRUSTED_PROXIES is set, but BASE_URL is the address on which the server listens, without a proxy.',
      'Set BASE_URL to the address of the proxy, or remove TRUSTED_PROXIES.',
    );
  }
  if (!proxied) return ok('proxy-headers', 'BASE_URL is the address on which the server listens, without a proxy.');
  if (rateLimitPerAddress === 0) {
    return ok('proxy-headers', 'X-Forwarded-For is ignored, and not needed because RATE_LIMIT_PER_ADDRESS is 0.');
  }
  return warning(
    'proxy-headers',
    'BASE_URL leads to a proxy, and TRUSTED_PROXIES is not set: all callers have the address of the proxy, and share one ' +
      'RATE_LIMIT_PER_ADDRESS (a proxy on this machine has no limit).',
    'Set TRUSTED_PROXIES to the addresses of your proxy.',
  );
}

/** Checks whether anybody may register at a public server. */
export function checkRegistration(
  services: readonly Pick<Service, 'apiKey' | 'protocolRegistration'>[],
  baseUrl: string,
): Finding {
  const open = services.filter(({ protocolRegistration }) => protocolRegistration === 'OPEN');
  if (open.length === 0) return ok('registration', 'No service lets anybody register.');
  const at = `at ${counted(open.length, 'service')} (${namesOf(open)})`;
  if (isLoopbackHost(new URL(baseUrl).hostname))
    return ok('registration', `Anybody on this machine may register ${at} (for development).`);
  return warning(
    'registration',
    `Anybody who reaches ${baseUrl} may register ${at}.`,
    'Unless you intend that, set protocolRegistration of the service to INITIAL_ACCESS_TOKEN or OFF.',
  );
}

/** The most services that a finding names. */
const MOST_NAMES = 5;

function namesOf(services: readonly Pick<Service, 'apiKey'>[]): string {
  const names = services.slice(0, MOST_NAMES).map(({ apiKey }) => String(apiKey));
  return [...names, ...(services.length > MOST_NAMES ? ['...'] : [])].join(', ');
}

/** Whether the server itself listens at a URL. It speaks only http. */
function isListenAddress({ protocol, hostname, port: publicPort }: URL, host: string, port: number): boolean {
  const address = addressIn(hostname);
  const sameHost =
    (address ?? hostname) === host.toLowerCase() ||
    (isUnspecified(host) && (isLoopbackHost(hostname) || address !== undefined));
  return protocol === 'http:' && sameHost && Number(publicPort || 80) === port;
}
