import { isLoopbackUri, type ClientMetadata } from '@clientele/model/metadata';
import { invalidRedirectUri } from '../registration-error.ts';
import type { Rule } from './rule.ts';

const OIDC_CLIENT_METADATA = 'https://openid.net/specs/openid-connect-registration-1_0.html#ClientMetadata';

/**
 * Redirect URIs MUST be https, http on the local machine, or of a scheme of the application's own. RFC 9700 section 4.1.3 says
 * the same; the http URIs that OpenID Connect Core lets a server accept of confidential clients are not accepted.
 */
export const redirectsAreProtected: Rule = {
  spec: 'https://www.rfc-editor.org/rfc/rfc7591.html#section-5',
  check: ({ redirect_uris = [] }) =>
    redirect_uris.some((uri) => /^http:/i.test(uri) && !isLoopbackUri(uri))
      ? invalidRedirectUri('httpRefused', { member: 'redirect_uris', expected: 'http is for redirects on loopback.' })
      : undefined,
};

/** Parameters by which the server answers; one that was there before could be taken for the answer. */
const RESPONSE_PARAMETERS = ['code', 'state', 'response'];

/** The query of a redirect URI leaves the parameters of the authorization response to the server (RFC 6749 section 4.1.2, JARM). */
export const redirectsLeaveTheAnswerToTheServer: Rule = {
  spec: 'https://www.rfc-editor.org/rfc/rfc6749.html#section-3.1.2',
  check: ({ redirect_uris = [] }) =>
    redirect_uris.some((uri) => uri.includes('?') && answersItself(new URLSearchParams(uri.slice(uri.indexOf('?')))))
      ? invalidRedirectUri('valueInvalid', {
          member: 'redirect_uris',
          expected: `no query parameter with the name ${RESPONSE_PARAMETERS.join(', ')}.`,
        })
      : undefined,
};

function answersItself(query: URLSearchParams): boolean {
  return RESPONSE_PARAMETERS.some((name) => query.has(name));
}

/** A web client that uses the implicit grant MUST only register https URIs, and not localhost. */
export const implicitWebClientsUseHttps: Rule = {
  spec: OIDC_CLIENT_METADATA,
  check({ application_type, grant_types, redirect_uris = [] }: ClientMetadata) {
    if (application_type !== 'web' || grant_types?.includes('implicit') !== true) return undefined;
    const wrong = redirect_uris.some((uri) => !/^https:/i.test(uri) || isLoopbackUri(uri));
    return wrong
      ? invalidRedirectUri('httpRefused', {
          member: 'redirect_uris',
          expected: 'a web client with the implicit grant uses https, not on localhost.',
        })
      : undefined;
  },
};

/**
 * A native client MUST only register private-use schemes and http URIs on loopback. RFC 8252 section 7.2 adds https URIs that
 * the operating system hands to the application, which cannot be on loopback.
 */
export const nativeClientsStayOnTheDevice: Rule = {
  spec: OIDC_CLIENT_METADATA,
  check({ application_type, redirect_uris = [] }: ClientMetadata) {
    if (application_type !== 'native') return undefined;
    const wrong = redirect_uris.some((uri) =>
      /^http:/i.test(uri) ? !isLoopbackUri(uri) : /^https:/i.test(uri) && isLoopbackUri(uri),
    );
    return wrong
      ? invalidRedirectUri('httpRefused', {
          member: 'redirect_uris',
          expected: 'a native client uses http on loopback only, and https elsewhere only.',
        })
      : undefined;
  },
};
