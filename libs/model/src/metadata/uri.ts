import type { Problem } from './json.ts';
import { LIMITS } from './limits.ts';

/** Which schemes a member may use: a page that people open, something fetched or posted to by a server, or any. */
export type Schemes = 'web' | 'https' | 'any';

const EXPECTED: Record<Schemes, string> = {
  web: 'absolute http or https URIs',
  https: 'absolute https URIs',
  any: 'absolute URIs',
};

/** RFC 3986: a scheme, a colon, then unreserved, reserved and percent-encoded characters only. */
const ABSOLUTE_URI = /^[A-Za-z][A-Za-z0-9+.-]*:(?:[\w!#$&'()*+,\-./:;=?@[\]~]|%[0-9A-Fa-f]{2})+$/;

/** Schemes that a browser would execute, or read from where it runs, when it is sent there. */
const DANGEROUS_SCHEME = /^(?:javascript|data|vbscript|blob|file|filesystem|about|view-source|jar|intent):/i;

/**
 * The https URIs that nearly all clients send: a host of lower-case ASCII labels that ends in a word, perhaps a port, and no
 * fragment. `slowUriProblem` finds nothing wrong with any of them, whatever is asked, and takes ten times as long to say so
 * (uri.spec.ts proves the first; docs/benchmarks/parse.md shows the second). No two parts can match the same characters, so
 * there is nothing to try again. Labels have no `--`, which stands for an encoded name that must be decoded to be judged.
 */
const ORDINARY_URI =
  /^https:\/\/(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+[a-z]+(?::[1-9]\d{0,3})?(?:[/?](?:[\w!$&'()*+,\-./:;=?@~]|%[0-9A-Fa-f]{2})*)?$/;

/** What is wrong with a string as a URI; see `Schemes` for what may be asked of it. */
export function uriProblem(value: string, schemes: Schemes, fragment: boolean): Problem | undefined {
  if (value.length > LIMITS.uri) return { resultCode: 'valueTooLong', parameters: { expected: LIMITS.uri } };
  return ORDINARY_URI.test(value) ? undefined : slowUriProblem(value, schemes, fragment);
}

/** The same, judged step by step. */
export function slowUriProblem(value: string, schemes: Schemes, fragment: boolean): Problem | undefined {
  if (DANGEROUS_SCHEME.test(value)) return { resultCode: 'schemeRefused' };
  if (!ABSOLUTE_URI.test(value)) return { resultCode: 'uriMalformed', parameters: { expected: EXPECTED[schemes] } };
  if (/^https?:/i.test(value)) {
    if (schemes === 'https' && !/^https:/i.test(value)) return { resultCode: 'httpsExpected' };
    if (!isWebUri(value)) {
      return { resultCode: 'authorityInvalid', parameters: { expected: 'with a host and without user information' } };
    }
  } else if (schemes !== 'any') {
    if (schemes === 'https') return { resultCode: 'httpsExpected' };
    return { resultCode: 'uriMalformed', parameters: { expected: EXPECTED[schemes] } };
  } else if (!URL.canParse(value)) {
    // Rules take URIs apart to compare their hosts.
    return { resultCode: 'uriMalformed', parameters: { expected: EXPECTED[schemes] } };
  }
  if (!fragment && value.includes('#')) return { resultCode: 'fragmentPresent' };
  return undefined;
}

/**
 * Whether an http(s) URI has a valid host, without anything in which another host could be made to appear: user information,
 * wildcards, the root's dot behind a name.
 */
function isWebUri(value: string): boolean {
  const [, authority = ''] = /^https?:\/\/([^/?#]+)/i.exec(value) ?? [];
  return authority !== '' && !/[@*]|\.(?::|$)|:0*$/.test(authority) && URL.canParse(value);
}

const LOOPBACK_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]']);

/** The URIs on loopback that nearly all clients send; no user information fits in before the host ends. */
const ORDINARY_LOOPBACK_URI = /^https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,4})?(?:[/?#]|$)/;

/**
 * Whether an http or https URI leads to the machine that it is used on. Ordinary URIs are told apart without being taken
 * apart, which rules would do many times over.
 */
export function isLoopbackUri(uri: string): boolean {
  return ORDINARY_LOOPBACK_URI.test(uri) || (!ORDINARY_URI.test(uri) && slowIsLoopbackUri(uri));
}

/** The same, with the URI taken apart. */
export function slowIsLoopbackUri(uri: string): boolean {
  return /^https?:/i.test(uri) && URL.canParse(uri) && LOOPBACK_HOSTS.has(new URL(uri).hostname);
}

/** The host and the port of an ordinary https URI, whatever follows. */
const ORDINARY_AUTHORITY = /^https:\/\/((?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+[a-z]+)(:[1-9]\d{0,3})?(?=[/?#]|$)/;

/** The host name of a valid URI, in its one spelling; empty where its scheme has no hosts. */
export function hostnameOf(uri: string): string {
  return ORDINARY_AUTHORITY.exec(uri)?.[1] ?? new URL(uri).hostname;
}

/** The scheme, host and port of a valid URI, in their one spelling. */
export function originOf(uri: string): string {
  const ordinary = ORDINARY_AUTHORITY.exec(uri);
  if (ordinary === null) return slowOriginOf(uri);
  const [, host = '', port = ''] = ordinary;
  return `https://${host}${port === ':443' ? '' : port}`;
}

/** The same, with the URI taken apart. `URL.origin` is of no use where clients have schemes of their own. */
export function slowOriginOf(uri: string): string {
  const { protocol, host } = new URL(uri);
  return `${protocol}//${host}`;
}

/** Whether a redirect URI can only lead to a native application: http on loopback, or a private-use scheme (RFC 8252). */
export function isNativeRedirectUri(uri: string): boolean {
  return /^http:/i.test(uri) ? isLoopbackUri(uri) : !/^https:/i.test(uri);
}
