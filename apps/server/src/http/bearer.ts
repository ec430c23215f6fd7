/** credentials = "Bearer" 1*SP b64token, RFC 6750 section 2.1; the scheme in any case, RFC 9110 section 11.1. */
const BEARER = /^bearer +([A-Za-z0-9\-._~+/]+=*)$/i;

/** The access token in an `Authorization` header; `undefined` if the header is malformed. */
export function bearerToken(authorization: string): string | undefined {
  return BEARER.exec(authorization)?.[1];
}

/** Whether an `Authorization` header uses the Bearer scheme, also with a malformed token. */
export function usesBearer(authorization: string | undefined): boolean {
  return /^bearer\b/i.test(authorization ?? '');
}

/**
 * The challenge to a caller. It has no error code if the request had no access token.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6750.html#section-3.1
 */
export function challenge(error?: 'invalid_token' | 'insufficient_scope'): string {
  return `Bearer realm="Clientele"${error === undefined ? '' : `, error="${error}"`}`;
}
