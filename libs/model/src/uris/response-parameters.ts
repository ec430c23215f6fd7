const RFC6749 = 'https://www.rfc-editor.org/rfc/rfc6749.html';
const OPENID4VP_RESPONSE = 'https://openid.net/specs/openid-4-verifiable-presentations-1_0.html#section-8.1';

/**
 * Parameters that an authorization server adds to a redirect URI, with the section of each. If the redirect URI had one of
 * them itself, the client could read that one instead of the server's.
 *
 * @see https://www.iana.org/assignments/oauth-parameters/oauth-parameters.xhtml#parameters
 */
export const RESPONSE_PARAMETERS = {
  code: `${RFC6749}#section-4.1.2`,
  state: `${RFC6749}#section-4.1.2`,
  error: `${RFC6749}#section-4.1.2.1`,
  error_description: `${RFC6749}#section-4.1.2.1`,
  error_uri: `${RFC6749}#section-4.1.2.1`,
  access_token: `${RFC6749}#section-4.2.2`,
  token_type: `${RFC6749}#section-4.2.2`,
  expires_in: `${RFC6749}#section-4.2.2`,
  scope: `${RFC6749}#section-4.2.2`,
  // An authorization response must not have one; clients read it all the same.
  refresh_token: `${RFC6749}#section-4.2.2`,
  // Only of token responses, but never a client's own parameter.
  issued_token_type: 'https://www.rfc-editor.org/rfc/rfc8693.html#section-2.2.1',
  id_token: 'https://openid.net/specs/openid-connect-core-1_0.html#ImplicitAuthResponse',
  session_state: 'https://openid.net/specs/openid-connect-session-1_0.html#CreatingUpdatingSessions',
  iss: 'https://www.rfc-editor.org/rfc/rfc9207.html#section-2',
  response: 'https://openid.net/specs/oauth-v2-jarm.html#section-2.3',
  vp_token: OPENID4VP_RESPONSE,
  // Of implementer's drafts; wallets in use still send it.
  presentation_submission: 'https://openid.net/specs/openid-4-verifiable-presentations-1_0-ID2.html#section-6.1',
} as const;

const NAMES: ReadonlySet<string> = new Set(Object.keys(RESPONSE_PARAMETERS));

/** A longer name is none of the table's, even if each of its characters is percent-encoded. */
const LONGEST_ENCODED_NAME = 3 * Math.max(...[...NAMES].map((name) => name.length));

/**
 * The first parameter of a query that belongs to the authorization response. Names are compared as servers decode them
 * (`application/x-www-form-urlencoded`), and case matters.
 */
export function responseParameterIn(query: string): string | undefined {
  for (let start = 0; start <= query.length;) {
    const separator = query.indexOf('&', start);
    const end = separator === -1 ? query.length : separator;
    const name = nameAt(query, start, end);
    if (name !== undefined && NAMES.has(name)) return name;
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

/** Decodes bytes one by one, which suffices to compare names of ASCII; a plus sign, a blank, is in none of them. */
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
