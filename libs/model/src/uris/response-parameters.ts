/**
 * Parameters that an authorization server adds to a redirect URI. If the redirect URI already had one of them, the client could
 * read the wrong value.
 *
 * @see https://www.iana.org/assignments/oauth-parameters/oauth-parameters.xhtml#parameters
 */
export const RESPONSE_PARAMETERS: ReadonlySet<string> = new Set([
  // RFC 6749 sections 4.1.2, 4.1.2.1 and 4.2.2. A response must not have a refresh token, but some clients read it.
  ...['code', 'state', 'error', 'error_description', 'error_uri'],
  ...['access_token', 'token_type', 'expires_in', 'scope', 'refresh_token'],
  // RFC 8693 section 2.2.1. Only token responses have it.
  'issued_token_type',
  // OpenID Connect Core section 3.2.2.5, Session Management section 2
  ...['id_token', 'session_state'],
  // RFC 9207 section 2
  'iss',
  // JARM section 2.3
  'response',
  // OpenID for Verifiable Presentations section 8.1; Wallets still use `presentation_submission` of its drafts.
  ...['vp_token', 'presentation_submission'],
]);

/** The length of the longest name if each of its characters is percent-encoded. */
const LONGEST_ENCODED_NAME = 3 * Math.max(...[...RESPONSE_PARAMETERS].map((name) => name.length));

/**
 * The first parameter of a query that belongs to the authorization response. Names are compared as servers decode them
 * (`application/x-www-form-urlencoded`), and case matters.
 */
export function responseParameterIn(query: string): string | undefined {
  for (let start = 0; start <= query.length;) {
    const separator = query.indexOf('&', start);
    const end = separator === -1 ? query.length : separator;
    const name = nameAt(query, start, end);
    if (name !== undefined && RESPONSE_PARAMETERS.has(name)) return name;
    start = end + 1;
  }
  return undefined;
}

function nameAt(query: string, start: number, end: number): string | undefined {
  const head = query.slice(start, Math.min(end, start + LONGEST_ENCODED_NAME + 1));
  const equals = head.indexOf('=');
  if (equals === -1 && head.length > LONGEST_ENCODED_NAME) return undefined;
  const name = equals === -1 ? head : head.slice(0, equals);
  return name.includes('%') ? decoded(name) : name;
}

/** Decodes byte by byte, because the names are ASCII. It does not decode a plus sign, because no name has a blank. */
function decoded(name: string): string {
  let text = '';
  for (let index = 0; index < name.length; index++) {
    const byte = name.charAt(index) === '%' ? readByte(name.slice(index + 1, index + 3)) : NaN;
    text += Number.isNaN(byte) ? name.charAt(index) : String.fromCharCode(byte);
    if (!Number.isNaN(byte)) index += 2;
  }
  return text;
}

function readByte(digits: string): number {
  return digits.length === 2 ? Number(`0x${digits}`) : NaN;
}
