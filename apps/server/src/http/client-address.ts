import ipaddr from 'ipaddr.js';

/** Bits of an IPv6 address that a network is given: whoever has one address has all that share them (RFC 6177). */
const IPV6_NETWORK_BITS = 64;

/** Characters of an IPv6 address with a zone. */
const LONGEST_ADDRESS = 64;

/**
 * One spelling for the address that a caller is counted by: IPv4 as it is, also where it is written in IPv6; of IPv6 the
 * network. What a proxy passed on that is no address counts as one, shortened.
 */
export function canonicalAddress(address: string): string {
  if (!ipaddr.isValid(address)) return address.slice(0, LONGEST_ADDRESS);
  const parsed = ipaddr.process(address);
  if (parsed.kind() === 'ipv4') return parsed.toString();
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toString()}/${IPV6_NETWORK_BITS}`).toString()}/${IPV6_NETWORK_BITS}`;
}

/** Whether the address is of this machine. */
export function isLoopback(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback';
}
