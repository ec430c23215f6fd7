import { quote } from '../text/quote.ts';
import { isLoopbackRedirectHost, readOtherHost, readWebHost, type Host } from './host.ts';
import type { UriFault } from './uri-rules.ts';

const DEFAULT_PORTS: ReadonlyMap<string, string> = new Map([
  ['http', '80'],
  ['https', '443'],
]);
/** The largest number of a port. */
export const LARGEST_PORT = 65_535;

const DIGITS = /^\d+$/;

/** The part of a URI between the two slashes and the path. */
export interface Authority {
  readonly host: Host | undefined;
  readonly port: string;
}

/** Whether a scheme is http or https, whose URIs have a plain host. */
export function isWeb(scheme: string): boolean {
  return DEFAULT_PORTS.has(scheme);
}

/** @see https://www.rfc-editor.org/rfc/rfc3986.html#section-3.2 */
export function readAuthority(scheme: string, authority: string): Authority | UriFault {
  if (authority.includes('@')) {
    return { rule: 'user_information', reason: 'has user information before its host ("@"); remove it.' };
  }
  const colon = authority.indexOf(':', endOfBrackets(authority));
  if (colon !== -1 && authority.includes(':', colon + 1)) {
    return { rule: 'host', reason: 'has several colons in its host and port; write an IPv6 address in brackets.' };
  }
  const spelling = colon === -1 ? authority : authority.slice(0, colon);
  const host = isWeb(scheme) ? readWebHost(spelling) : readOtherHost(spelling);
  if (host !== undefined && 'rule' in host) return host;
  if (colon === -1) return { host, port: '' };
  if (host === undefined) return { rule: 'host', reason: 'has a port but no host; write a host before the colon.' };
  const digits = authority.slice(colon + 1);
  const port = String(Number(digits));
  return portFault(digits, spelling) ?? { host, port: port === DEFAULT_PORTS.get(scheme) ? '' : port };
}

function portFault(port: string, host: string): UriFault | undefined {
  if (port === '') return { rule: 'port', reason: 'has a colon without a port after its host; remove the colon.' };
  if (port.includes('*')) {
    const remedy = isLoopbackRedirectHost(host)
      ? 'register it without a port, because authorization servers accept any port on loopback'
      : 'write the number of the port, because authorization servers accept any port only on loopback';
    return { rule: 'port', reason: `has the port ${quote(port)}, but a port cannot be a wildcard; ${remedy}.` };
  }
  if (DIGITS.test(port) && Number(port) > 0 && Number(port) <= LARGEST_PORT) return undefined;
  return { rule: 'port', reason: `has the port ${quote(port)}; a port is a number from 1 to ${LARGEST_PORT}.` };
}

/** The first position where the port may start. Colons in brackets belong to an IPv6 address. */
function endOfBrackets(authority: string): number {
  if (!authority.startsWith('[')) return 0;
  const bracket = authority.indexOf(']');
  return bracket === -1 ? authority.length : bracket;
}
