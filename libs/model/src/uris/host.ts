import { quote } from '../text/quote.ts';
import { readIpv4, readIpv6, writeIpv6 } from './addresses.ts';
import { scopeOfAddress, scopeOfName, type Scope } from './scopes.ts';
import type { UriFault, UriRule } from './uri-rules.ts';

/** The host of a URI. */
export interface Host {
  /** Normalized: lower case; an IPv6 address compressed (RFC 5952) and in brackets. */
  readonly name: string;
  /** The host in the spelling of the URI. */
  readonly spelling: string;
  readonly kind: 'name' | 'ipv4' | 'ipv6';
  readonly scope: Scope;
}

const LONGEST_NAME = 253;
const LONGEST_LABEL = 63;

const NOT_IN_A_NAME = /[^a-z0-9.-]/i;

/** A last label that makes browsers read the whole host as an IPv4 address. */
const NUMBER = /^(?:\d+|0x[0-9a-f]*)$/;

const LOOPBACK_HOSTS: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Whether a redirect URI leads to a native application that listens on loopback.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8252.html#section-7.3
 */
export function isLoopbackRedirect(uri: { readonly scheme: string; readonly host: Host | undefined }): boolean {
  return uri.scheme === 'http' && uri.host !== undefined && isLoopbackRedirectHost(uri.host.spelling);
}

/** Whether a host is one of the three that loopback redirect URIs may have. */
export function isLoopbackRedirectHost(spelling: string): boolean {
  return LOOPBACK_HOSTS.has(spelling.toLowerCase());
}

/** A host of plain labels that ends in a word. Nearly all hosts match, and a short one has no label that is too long. */
const ORDINARY_NAME = /^(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+[a-z]+$/;

/** Reads the host of an http or https URI. Its names must be plain, so that every program finds the same host. */
export function readWebHost(spelling: string): Host | UriFault {
  if (spelling.length <= LONGEST_LABEL && ORDINARY_NAME.test(spelling)) return namedHost(spelling);
  if (spelling === '') return fault('host', 'has no host; write the name of a host after the two slashes.');
  if (spelling.startsWith('[')) return readIpv6Host(spelling);
  if (spelling.length > LONGEST_NAME) {
    return fault('host', `has a host of ${spelling.length} characters; a host name has at most ${LONGEST_NAME}.`);
  }
  if (spelling.includes('*')) {
    return fault('wildcard', 'has a wildcard ("*") in its host; register the URI of every host by its complete name.');
  }
  if (spelling.includes('%')) return fault('host', 'has a percent-encoded host; write the name in plain letters.');
  const position = spelling.search(NOT_IN_A_NAME);
  if (position !== -1) {
    const wrong = spelling.charAt(position);
    const character = wrong === '_' ? 'an underscore' : `the character ${quote(wrong)}`;
    return fault('host', `has ${character} in its host; a host name has only letters, digits, hyphens and dots.`);
  }
  const labels = spelling.toLowerCase().split('.');
  for (const label of labels) {
    if (!isPlainLabel(label)) return labelFault(label, spelling);
  }
  if (NUMBER.test(labels.at(-1) ?? '')) return readIpv4Host(spelling);
  return encodedNameFault(labels) ?? namedHost(spelling);
}

/** Reads the host of a URI with another scheme. RFC 3986 allows nearly every host there, or none as in `myapp:///a`. */
export function readOtherHost(spelling: string): Host | UriFault | undefined {
  if (spelling === '') return undefined;
  if (spelling.startsWith('[')) return readIpv6Host(spelling);
  if (spelling.includes('[') || spelling.includes(']')) {
    return fault('host', 'has a square bracket in its host; only an IPv6 address has brackets.');
  }
  return readIpv4(spelling) === undefined ? namedHost(spelling) : readIpv4Host(spelling);
}

function namedHost(spelling: string): Host {
  const name = spelling.toLowerCase();
  return { name, spelling, kind: 'name', scope: scopeOfName(name) };
}

function readIpv4Host(spelling: string): Host | UriFault {
  const groups = readIpv4(spelling);
  if (groups !== undefined) return { name: spelling, spelling, kind: 'ipv4', scope: scopeOfAddress(groups) };
  return fault(
    'ipv4',
    `has the host ${quote(spelling)}, which browsers read as an IPv4 address because it ends in a number; write an IPv4 address as four decimal numbers from 0 to 255 without leading zeros.`,
  );
}

function readIpv6Host(spelling: string): Host | UriFault {
  if (!spelling.endsWith(']')) return fault('ipv6', 'has an IPv6 address that does not end with "]"; write [address].');
  const address = spelling.slice(1, -1);
  if (address.includes('%'))
    return fault('ipv6', 'has a zone ("%") in its IPv6 address; write the address without it.');
  const groups = readIpv6(address);
  if (groups === undefined) {
    return fault('ipv6', `has the host ${quote(spelling)}, which is not a valid IPv6 address; correct the address.`);
  }
  return { name: `[${writeIpv6(groups)}]`, spelling, kind: 'ipv6', scope: scopeOfAddress(groups) };
}

function isPlainLabel(label: string): boolean {
  return label !== '' && label.length <= LONGEST_LABEL && !label.startsWith('-') && !label.endsWith('-');
}

function labelFault(label: string, spelling: string): UriFault {
  if (label === '') {
    if (!spelling.includes('..') && !spelling.startsWith('.')) {
      return fault('host', 'has a dot at the end of its host; remove it.');
    }
    return fault('host', 'has an empty label in its host; write exactly one dot between two labels.');
  }
  if (label.length > LONGEST_LABEL) {
    return fault(
      'host',
      `has a label of ${label.length} characters in its host; a label has at most ${LONGEST_LABEL}.`,
    );
  }
  return fault('host', `has the label ${quote(label)} in its host; a label neither starts nor ends with a hyphen.`);
}

/**
 * `URL` must be able to parse every accepted URI. In Node.js 20 and 22, it refuses wrong punycode; later versions accept that. It checks
 * the whole name, because one right-to-left label restricts the other labels.
 */
function encodedNameFault(labels: readonly string[]): UriFault | undefined {
  const encoded = labels.find((label) => label.startsWith('xn--'));
  if (encoded === undefined || URL.canParse(`https://${labels.join('.')}`)) return undefined;
  return fault('encoded_name', `has the label ${quote(encoded)} in its host, which is not valid punycode; correct it.`);
}

function fault(rule: UriRule, reason: string): UriFault {
  return { rule, reason };
}
