import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { callerOf, isLoopbackAddress } from '../outbound/addresses.ts';

type Network = [ipaddr.IPv4 | ipaddr.IPv6, number];

/** The bits before an IPv4 address that is mapped to IPv6. */
const MAPPED_BITS = 96;

/** An address with a port, or an IPv6 address in brackets, as some proxies write it. */
const WITH_PORT = /^(?:\[([^[\]]+)\](?::\d{1,5})?|([\d.]+):\d{1,5})$/;

/** The addresses of callers, also of those behind the proxies that the configuration trusts. */
export class CallerAddresses {
  private readonly trusted: readonly Network[];

  constructor(trustedProxies: readonly string[]) {
    this.trusted = trustedProxies.map(networkOf);
  }

  /**
   * The address of the caller of a request: that of its peer, or the last one in `X-Forwarded-For` that no trusted proxy has. A text
   * that is no address counts as the proxy that sent it. `undefined` if the caller has gone before its address could be read.
   */
  addressOf({ socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>): string | undefined {
    const peer = addressIn(socket.remoteAddress ?? '');
    const forwardedFor = headers['x-forwarded-for'];
    if (peer === undefined || forwardedFor === undefined || !this.isTrusted(peer)) return peer;
    let address = peer;
    for (const text of String(forwardedFor).split(',').reverse()) {
      const sender = addressIn(text.trim());
      if (sender === undefined) break;
      address = sender;
      if (!this.isTrusted(sender)) break;
    }
    return address;
  }

  /**
   * The caller whose connections are counted together; `undefined` for those that many callers share: of a trusted proxy, of this
   * machine, and without an address.
   */
  sharerOf(peer: string | undefined): string | undefined {
    const address = addressIn(peer ?? '');
    return address === undefined || this.isTrusted(address) ? undefined : countedAs(address);
  }

  private isTrusted(address: string): boolean {
    if (this.trusted.length === 0) return false;
    const parsed = ipaddr.parse(address);
    return this.trusted.some(([network, bits]) => network.kind() === parsed.kind() && parsed.match(network, bits));
  }
}

/**
 * The name by which a caller is counted; `undefined` for this machine, which is that of a developer, or of a proxy that
 * `TRUSTED_PROXIES` does not name.
 */
export function countedAs(address: string): string | undefined {
  return isLoopbackAddress(address) ? undefined : callerOf(address);
}

/** The address in a text in its shortest form, without port, brackets and zone; `undefined` if there is none. */
function addressIn(text: string): string | undefined {
  const [, inBrackets, beforePort] = WITH_PORT.exec(text) ?? [];
  const [address = ''] = (inBrackets ?? beforePort ?? text).split('%');
  return isIP(address) === 0 ? undefined : ipaddr.process(address).toString();
}

function networkOf(text: string): Network {
  if (text.includes('/')) {
    const [network, bits] = ipaddr.parseCIDR(text);
    // Addresses are compared as IPv4 if they are mapped to IPv6 (RFC 4291 section 2.5.5.2).
    return network instanceof ipaddr.IPv6 && network.isIPv4MappedAddress() && bits >= MAPPED_BITS
      ? [network.toIPv4Address(), bits - MAPPED_BITS]
      : [network, bits];
  }
  const address = ipaddr.process(text);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}
