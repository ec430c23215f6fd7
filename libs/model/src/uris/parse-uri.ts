import { quote } from '../text/quote.ts';
import { isWeb, readAuthority, type Authority } from './authority.ts';
import { bracketFault, characterFault } from './characters.ts';
import type { Host } from './host.ts';
import type { UriFault, UriProblem } from './uri-rules.ts';

export { URI_RULES, type UriProblem, type UriRule } from './uri-rules.ts';

/** The parts of a URI. */
export interface ParsedUri {
  /** The scheme in lower case, without the colon. */
  readonly scheme: string;
  /** Undefined if the URI has no authority, or an empty one. */
  readonly host: Host | undefined;
  /** Digits without leading zeros; empty if the URI has no port, or the default port of http or https. */
  readonly port: string;
  /** The text after the question mark, without the fragment; undefined without a question mark. */
  readonly query: string | undefined;
  /** The text after the number sign; undefined without a number sign. */
  readonly fragment: string | undefined;
}

const SCHEME = /^[a-z][a-z0-9+.-]*$/i;
const END_OF_SCHEME = /[:/?#]/;
const END_OF_AUTHORITY = /[/?#]/;
const USER_INFORMATION = /^([^/?#]*\/\/)[^/?#]*@/;
const STARTS_LIKE_A_PORT = /^\d{1,5}(?:[/?#]|$)/;

/**
 * Parses an absolute URI. `new URL()` finds the same parts in every accepted http or https URI.
 *
 * @see https://www.rfc-editor.org/rfc/rfc3986.html#section-3
 */
export function parseUri(text: string): ParsedUri | UriProblem {
  const parsed = readUri(text);
  return 'rule' in parsed
    ? { rule: parsed.rule, detail: `${quote(withoutUserInformation(text))} ${parsed.reason}` }
    : parsed;
}

export function isUriProblem(parsed: ParsedUri | UriProblem): parsed is UriProblem {
  return 'rule' in parsed;
}

/** The normalized scheme, host and port; empty if the URI has no host. */
export function originOf({ scheme, host, port }: ParsedUri): string {
  if (host === undefined) return '';
  return `${scheme}://${host.name}${port === '' ? '' : `:${port}`}`;
}

/** The text for messages, which must not repeat a password. */
function withoutUserInformation(text: string): string {
  return text.replace(USER_INFORMATION, '$1...@');
}

function readUri(text: string): ParsedUri | UriFault {
  const wrong = characterFault(text);
  if (wrong !== undefined) return wrong;
  const colon = text.search(END_OF_SCHEME);
  const noScheme = schemeFault(text, colon);
  if (noScheme !== undefined) return noScheme;

  const scheme = text.slice(0, colon).toLowerCase();
  let end = colon + 1;
  let authority: Authority | UriFault = { host: undefined, port: '' };
  if (text.startsWith('//', end)) {
    const start = end + 2;
    const length = text.slice(start).search(END_OF_AUTHORITY);
    end = length === -1 ? text.length : start + length;
    authority = readAuthority(scheme, text.slice(start, end));
  } else if (isWeb(scheme)) {
    return { rule: 'host', reason: `has no host; write ${scheme}:// and the name of a host.` };
  }
  if ('rule' in authority) return authority;
  return bracketFault(text, end) ?? readRest(text, end, scheme, authority);
}

function readRest(text: string, start: number, scheme: string, { host, port }: Authority): ParsedUri | UriFault {
  const hash = text.indexOf('#', start);
  const second = hash === -1 ? -1 : text.indexOf('#', hash + 1);
  if (second !== -1) {
    return { rule: 'fragment', reason: `has a second "#" at position ${second}; percent-encode it as %23.` };
  }
  const end = hash === -1 ? text.length : hash;
  const mark = text.indexOf('?', start);
  return {
    scheme,
    host,
    port,
    query: mark === -1 || mark > end ? undefined : text.slice(mark + 1, end),
    fragment: hash === -1 ? undefined : text.slice(hash + 1),
  };
}

function schemeFault(text: string, colon: number): UriFault | undefined {
  if (text === '') return { rule: 'scheme', reason: 'is empty; write a complete URI that starts with its scheme.' };
  if (colon <= 0 || text.charAt(colon) !== ':') {
    return {
      rule: 'scheme',
      reason: 'has no scheme; write a complete URI that starts with its scheme, such as https://.',
    };
  }
  const scheme = text.slice(0, colon);
  if (!SCHEME.test(scheme)) {
    return {
      rule: 'scheme',
      reason: `has the scheme ${quote(scheme)}; a scheme starts with a letter and has only letters, digits, "+", "-" and ".".`,
    };
  }
  const rest = text.slice(colon + 1);
  if (rest === '') return { rule: 'scheme', reason: 'has nothing after its scheme; write a complete URI.' };
  if ((scheme.includes('.') || /^localhost$/i.test(scheme)) && STARTS_LIKE_A_PORT.test(rest)) {
    return { rule: 'scheme', reason: `has no scheme before its host and port; write http:// or https:// before it.` };
  }
  return undefined;
}
