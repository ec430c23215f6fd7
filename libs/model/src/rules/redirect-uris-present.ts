import { RFC7591_CLIENT_METADATA } from '../wire/specs.ts';
import type { ClientFacts } from './client-facts.ts';
import type { Rule, Violation } from './rule.ts';

const REDIRECTING_GRANTS: ReadonlySet<string> = new Set(['authorization_code', 'implicit']);

/** Response types that need no redirect URI: the server sends nothing, or the request names the address. */
const OTHER_RESPONSES: ReadonlySet<string> = new Set(['none', 'vp_token']);

/**
 * Authlete: a client that names no flow may omit its redirect URIs, although its default grant type is `authorization_code`. On
 * that plane, its updates may send this flow back. Only the registered client shows whether an update does; see `decide`.
 */
export const REDIRECT_URIS_PRESENT: Rule = {
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

export function redirectUrisMissing(client: ClientFacts): Violation {
  const { grant_types = [] } = client.metadata;
  const grant = grant_types.find((grant) => REDIRECTING_GRANTS.has(grant)) ?? 'authorization_code';
  const reason = client.isNamed('grant_types')
    ? `the grant type ${grant} redirects`
    : `the default grant type is ${grant}`;
  return {
    result: 'memberMissing',
    members: ['redirect_uris'],
    detail: `must be present with at least one URI, because ${reason}; add the URIs, or send grant_types without redirection.`,
    error: 'invalid_redirect_uri',
  };
}
