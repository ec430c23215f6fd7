import { MOST_PROBLEMS } from '../metadata/problem.ts';
import { OIDC_CLIENT_METADATA, RFC7591_CLIENT_METADATA } from '../wire/specs.ts';
import { quote } from '../text/quote.ts';
import type { ClientFacts, UriAt } from './client-facts.ts';
import type { Broken, Rule } from './rule.ts';

const REDIRECTING_GRANTS: ReadonlySet<string> = new Set(['authorization_code', 'implicit']);

/** Response types that need no redirect URI: nothing is sent, or it is sent to where the request says. */
const OTHER_RESPONSES: ReadonlySet<string> = new Set(['none', 'vp_token']);

/**
 * A client that uses a flow with redirection MUST register its redirect URIs.
 *
 * Authlete: a client that names no flow at all may do without, although `authorization_code` is its default. On that plane an
 * update may also send back the flow that it got in this way, which only the registered client can tell; see `decide`.
 */
export const redirectUrisPresent: Rule = {
  /** A client that uses a flow with redirection registers its redirect URIs. */
  id: 'redirect-uris-present',
  specification: RFC7591_CLIENT_METADATA,
  reads: ['redirect_uris', 'grant_types', 'response_types'],
  check: (client) => (lacksRedirectUris(client) ? redirectUrisMissing(client) : undefined),
};

/** Whether the client asks for a flow with redirection and has no redirect URI. */
export function lacksRedirectUris(client: ClientFacts): boolean {
  const { redirect_uris, grant_types, response_types } = client.metadata;
  if (redirect_uris !== undefined) return false;
  const counts = (member: 'grant_types' | 'response_types') => client.plane === 'protocol' || client.isNamed(member);
  const grants = counts('grant_types') ? grant_types : undefined;
  const responses = counts('response_types') ? response_types : undefined;
  return (
    grants?.some((grant) => REDIRECTING_GRANTS.has(grant)) ??
    responses?.some((response) => !OTHER_RESPONSES.has(response)) ??
    false
  );
}

export function redirectUrisMissing(client: ClientFacts): Broken {
  const { grant_types = [] } = client.metadata;
  const grant = grant_types.find((grant) => REDIRECTING_GRANTS.has(grant)) ?? 'authorization_code';
  const reason = client.isNamed('grant_types')
    ? `the grant type ${grant} redirects`
    : `${grant} is the grant type of a client that names none`;
  return {
    result: 'memberMissing',
    members: ['redirect_uris'],
    says: `must be present with at least one URI, because ${reason}; add the URIs, or name grant_types without redirection.`,
    error: 'invalid_redirect_uri',
  };
}

/** Reports the redirect URIs that `describe` complains about. */
function eachRedirect(client: ClientFacts, describe: (redirect: UriAt) => string | undefined): readonly Broken[] {
  const broken: Broken[] = [];
  for (const redirect of client.redirects) {
    const complaint = describe(redirect);
    if (complaint === undefined) continue;
    broken.push({
      result: 'httpRefused',
      members: [redirect.at],
      says: `${quote(redirect.text)} ${complaint}`,
      error: 'invalid_redirect_uri',
    });
    if (broken.length === MOST_PROBLEMS) break;
  }
  return broken;
}

/** A web client that uses the implicit grant MUST only register https URIs, and not localhost. */
export const implicitWebClientsUseHttps: Rule = {
  /** A web client with the implicit grant has https redirect URIs that are not on loopback. */
  id: 'redirect-uri-implicit-web',
  specification: OIDC_CLIENT_METADATA,
  reads: ['redirect_uris', 'application_type', 'grant_types'],
  check(client) {
    const { application_type, grant_types } = client.metadata;
    if (application_type !== 'web' || grant_types?.includes('implicit') !== true) return undefined;
    return eachRedirect(client, ({ uri: { scheme, host } }) =>
      scheme !== 'https' || host?.scope === 'loopback'
        ? 'cannot be used by a web client with the implicit grant; use https, not on loopback.'
        : undefined,
    );
  },
};

/**
 * A native client MUST only register private-use schemes and http URIs on loopback. RFC 8252 section 7.2 adds https URIs that
 * the operating system hands to the application, which cannot be on loopback.
 */
export const nativeClientsStayOnTheDevice: Rule = {
  /** A native client uses http on loopback only, and https elsewhere only. */
  id: 'redirect-uri-native',
  specification: OIDC_CLIENT_METADATA,
  reads: ['redirect_uris', 'application_type'],
  check(client) {
    if (client.metadata.application_type !== 'native') return undefined;
    return eachRedirect(client, ({ uri: { scheme, host } }) =>
      scheme === 'https' && host?.scope === 'loopback'
        ? 'uses https on loopback; a native client uses http there.'
        : undefined,
    );
  },
};
