import { MOST_PROBLEMS } from '../metadata/problem.ts';
import { quote } from '../text/quote.ts';
import type { ParsedUri } from '../uris/parse-uri.ts';
import { OIDC_CLIENT_METADATA } from '../wire/specs.ts';
import type { ClientFacts } from './client-facts.ts';
import type { Rule, Violation } from './rule.ts';

/** The violations of all redirect URIs that are refused. */
function refuseEach(
  { redirects }: ClientFacts,
  isRefused: (uri: ParsedUri) => boolean,
  detail: string,
): readonly Violation[] {
  return redirects
    .filter(({ uri }) => isRefused(uri))
    .slice(0, MOST_PROBLEMS)
    .map(({ at, text }) => ({
      result: 'httpRefused',
      members: [at],
      detail: `${quote(text)} ${detail}`,
      error: 'invalid_redirect_uri',
    }));
}

export const REDIRECT_URI_RULES: readonly Rule[] = [
  {
    /** A web client with the implicit grant has https redirect URIs that are not on loopback. */
    id: 'redirect-uri-implicit-web',
    specification: OIDC_CLIENT_METADATA,
    reads: ['redirect_uris', 'application_type', 'grant_types'],
    check(client) {
      const { application_type, grant_types } = client.metadata;
      if (application_type !== 'web' || grant_types?.includes('implicit') !== true) return undefined;
      return refuseEach(
        client,
        ({ scheme, host }) => scheme !== 'https' || host?.scope === 'loopback',
        'cannot be used by a web client with the implicit grant; use https, not on loopback.',
      );
    },
  },
  {
    /** A native client uses https only for hosts that are not on loopback (RFC 8252 section 7.2 allows such https URIs). */
    id: 'redirect-uri-native',
    specification: OIDC_CLIENT_METADATA,
    reads: ['redirect_uris', 'application_type'],
    check(client) {
      if (client.metadata.application_type !== 'native') return undefined;
      return refuseEach(
        client,
        ({ scheme, host }) => scheme === 'https' && host?.scope === 'loopback',
        'uses https on loopback; a native client uses http there.',
      );
    },
  },
];
