import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Bits of the IPv6 network that one subscriber has (RFC 6177). */
const IPV6_NETWORK_BITS = 64;

/** The only addresses of IPv6 that are global unicast addresses today (RFC 4291 section 2.4). */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/** Characters of the longest IPv6 address with a zone. */
const LONGEST_ADDRESS = 64;

/**
 * Whether an IP address belongs to the public internet and to none of the special-use ranges: loopback, private, link-local,
 * shared, documentation, multicast, tunnels...
 *
 * @see https://www.iana.org/assignments/iana-ipv4-special-registry/
 * @see https://www.iana.org/assignments/iana-ipv6-special-registry/
 */
export function isPublicAddress(address: string): boolean {
  if (rangeOf(address) !== 'unicast') return false;
  const parsed = ipaddr.process(address);
  return parsed.kind() === 'ipv4' || parsed.match(GLOBAL_UNICAST);
}

export function isLoopbackAddress(address: string): boolean {
  return rangeOf(address) === 'loopback';
}

/** The IP address that the host of a URL is; `undefined` for a name. */
export function addressIn(hostname: string): string | undefined {
  const literal = hostname.replace(/^\[|\]$/g, '');
  return isIP(literal) === 0 ? undefined : literal;
}

/** The name by which a caller is counted: its IPv4 address, its IPv6 network, or the start of a text that is not an address. */
export function callerOf(address: string): string {
  if (!ipaddr.isValid(address)) return address.slice(0, LONGEST_ADDRESS);
  const parsed = ipaddr.process(address);
  if (parsed.kind() === 'ipv4') return parsed.toString();
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toString()}/${IPV6_NETWORK_BITS}`).toString()}/${IPV6_NETWORK_BITS}`;
}

/** The range of an address, or of the IPv4 address that an IPv6 address contains. */
function rangeOf(address: string): string {
  return ipaddr.isValid(address) ? ipaddr.process(address).range() : 'invalid';
}
