import { readIpv4, readIpv6, type Groups } from './addresses.ts';

/** The network that can reach a host: the public internet, a private network, or only the same machine. */
export type Scope = 'public' | 'private' | 'loopback';

/**
 * The scope of each special-purpose network. The first row that matches counts. IPv4 rows also match IPv4-mapped IPv6 addresses
 * (`::ffff:10.0.0.1`).
 *
 * @see https://www.iana.org/assignments/iana-ipv4-special-registry/iana-ipv4-special-registry.xhtml
 * @see https://www.iana.org/assignments/iana-ipv6-special-registry/iana-ipv6-special-registry.xhtml
 * @see https://www.rfc-editor.org/rfc/rfc6890.html
 */
const NETWORKS: readonly (readonly [network: string, scope: Scope])[] = [
  ['127.0.0.0/8', 'loopback'], // RFC 1122 section 3.2.1.3
  ['0.0.0.0/8', 'private'], // this network, RFC 791
  ['10.0.0.0/8', 'private'], // RFC 1918
  ['100.64.0.0/10', 'private'], // shared by carriers, RFC 6598
  ['169.254.0.0/16', 'private'], // link-local, RFC 3927
  ['172.16.0.0/12', 'private'], // RFC 1918
  ['192.0.0.0/24', 'private'], // IETF protocol assignments, RFC 6890
  ['192.0.2.0/24', 'private'], // documentation, RFC 5737
  ['192.88.99.0/24', 'private'], // 6to4 relays, RFC 7526
  ['192.168.0.0/16', 'private'], // RFC 1918
  ['198.18.0.0/15', 'private'], // benchmarks, RFC 2544
  ['198.51.100.0/24', 'private'], // documentation, RFC 5737
  ['203.0.113.0/24', 'private'], // documentation, RFC 5737
  ['224.0.0.0/4', 'private'], // multicast, RFC 5771
  ['240.0.0.0/4', 'private'], // reserved and broadcast, RFC 1112
  ['::ffff:0:0/96', 'public'], // every other IPv4 address
  ['::1/128', 'loopback'], // RFC 4291 section 2.5.3
  ['64:ff9b:1::/48', 'private'], // local translation, RFC 8215
  ['2001::/23', 'private'], // IETF protocol assignments and Teredo, RFC 2928
  ['2001:db8::/32', 'private'], // documentation, RFC 3849
  ['2002::/16', 'private'], // 6to4, RFC 7526
  ['3fff::/20', 'private'], // documentation, RFC 9637
  ['2000::/3', 'public'], // global unicast, RFC 4291 section 2.4
  // Unspecified, IPv4-compatible, discard, SRv6, unique local, link-local, site-local, multicast and unassigned addresses.
  ['::/0', 'private'], // not global unicast
];

/** An address of this network reaches the IPv4 address at its end (RFC 6052 section 2.1). */
const TRANSLATED = network('64:ff9b::/96');

/**
 * Domains that are not in the public DNS. Names below them are not in it either.
 *
 * @see https://www.iana.org/assignments/special-use-domain-names/special-use-domain-names.xhtml
 */
const NAMES: ReadonlyMap<string, Scope> = new Map([
  ['localhost', 'loopback'], // RFC 6761 section 6.3
  ['local', 'private'], // multicast DNS, RFC 6762
  ['internal', 'private'], // reserved by ICANN for private use
  ['home.arpa', 'private'], // RFC 8375
  ['invalid', 'private'], // RFC 6761 section 6.4
  ['intranet', 'private'], // RFC 6762 appendix G
  ['private', 'private'], // RFC 6762 appendix G
  ['corp', 'private'], // RFC 6762 appendix G
  ['home', 'private'], // RFC 6762 appendix G
  ['lan', 'private'], // RFC 6762 appendix G
]);

interface Network {
  readonly groups: Groups;
  readonly bits: number;
  readonly scope: Scope;
}

const PARSED_NETWORKS = NETWORKS.map(([text, scope]) => network(text, scope));

export function scopeOfAddress(groups: Groups): Scope {
  const address = contains(TRANSLATED, groups) ? [0, 0, 0, 0, 0, 0xffff, ...groups.slice(6)] : groups;
  return PARSED_NETWORKS.find((candidate) => contains(candidate, address))?.scope ?? 'public';
}

/** The scope of a name in lower case. A name without a dot is private, because hosts in the public DNS have a dot. */
export function scopeOfName(name: string): Scope {
  const lastDot = name.lastIndexOf('.');
  const scope = NAMES.get(name.slice(lastDot + 1)) ?? NAMES.get(lastTwoLabels(name, lastDot));
  return scope ?? (lastDot === -1 ? 'private' : 'public');
}

function lastTwoLabels(name: string, lastDot: number): string {
  return lastDot <= 0 ? name : name.slice(name.lastIndexOf('.', lastDot - 1) + 1);
}

function network(text: string, scope: Scope = 'private'): Network {
  const [address = '', bits] = text.split('/');
  const ipv4 = readIpv4(address);
  return { groups: ipv4 ?? readIpv6(address) ?? [], bits: Number(bits) + (ipv4 ? 96 : 0), scope };
}

function contains({ groups, bits }: Network, address: Groups): boolean {
  return groups.every((group, index) => {
    const significant = Math.min(Math.max(bits - 16 * index, 0), 16);
    return group >> (16 - significant) === (address[index] ?? 0) >> (16 - significant);
  });
}
