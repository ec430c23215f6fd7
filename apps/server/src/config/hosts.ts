import ipaddr from 'ipaddr.js';

/** The host of a URL, without the brackets of an IPv6 address. */
export function hostOf(url: string): string {
  return withoutBrackets(new URL(url).hostname);
}

/** Whether a host, also that of a URL, is this machine (RFC 6761 section 6.3). */
export function isLoopbackHost(host: string): boolean {
  return /(^|\.)localhost$/i.test(host) || rangeOf(withoutBrackets(host)) === 'loopback';
}

/** Whether a host is 0.0.0.0 or ::, which stand for every address of a machine. */
export function isUnspecified(host: string): boolean {
  return rangeOf(host) === 'unspecified';
}

function withoutBrackets(host: string): string {
  return host.replace(/^\[|\]$/g, '');
}

function rangeOf(host: string): string | undefined {
  return ipaddr.isValid(host) ? ipaddr.process(host).range() : undefined;
}
