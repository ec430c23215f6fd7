import ipaddr from 'ipaddr.js';

/**
 * Whether an IP address belongs to the public internet: none of the special-use ranges of IPv4 and IPv6 (loopback, private,
 * link-local with the clouds' metadata services, shared, documentation, multicast, tunnels that lead back inside...).
 *
 * @see https://www.iana.org/assignments/iana-ipv4-special-registry/
 * @see https://www.iana.org/assignments/iana-ipv6-special-registry/
 */
export function isPublicAddress(address: string): boolean {
  return rangeOf(address) === 'unicast';
}

export function isLoopbackAddress(address: string): boolean {
  return rangeOf(address) === 'loopback';
}

/** The range of an address; that of the IPv4 address inside where IPv6 only wraps it. */
function rangeOf(address: string): string {
  return ipaddr.isValid(address) ? ipaddr.process(address).range() : 'invalid';
}
