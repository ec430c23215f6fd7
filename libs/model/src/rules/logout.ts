import { quote } from '../text/quote.ts';
import { isLoopbackRedirect } from '../uris/host.ts';
import { originOf } from '../uris/parse-uri.ts';
import { OIDC_FRONT_CHANNEL_LOGOUT, OIDC_RP_INITIATED_LOGOUT } from '../wire/specs.ts';
import type { Rule } from './rule.ts';

const HTTP_MEMBERS = ['backchannel_logout_uri', 'post_logout_redirect_uris'] as const;

export const LOGOUT_RULES: readonly Rule[] = [
  {
    /** The front-channel logout URI has the scheme, host and port of a redirect URI. */
    id: 'logout-front-channel-origin',
    specification: OIDC_FRONT_CHANNEL_LOGOUT,
    reads: ['frontchannel_logout_uri', 'redirect_uris'],
    check(client) {
      const [logout] = client.urisOf('frontchannel_logout_uri');
      if (logout === undefined) return undefined;
      const origin = originOf(logout.uri);
      if (client.redirects.some(({ uri }) => originOf(uri) === origin)) return undefined;
      return {
        result: 'valueInvalid',
        members: [logout.at, 'redirect_uris'],
        detail: `${quote(logout.text)} does not have the origin of a redirect URI; use the scheme, host and port of one of them.`,
      };
    },
  },
  ...HTTP_MEMBERS.map((member): Rule => ({
    /** A public client uses http for logout only on loopback. */
    id: 'logout-http',
    specification: OIDC_RP_INITIATED_LOGOUT,
    reads: ['token_endpoint_auth_method', member],
    check(client) {
      if (client.metadata.token_endpoint_auth_method !== 'none') return undefined;
      const found = client.urisOf(member).find(({ uri }) => uri.scheme === 'http' && !isLoopbackRedirect(uri));
      if (found === undefined) return undefined;
      return {
        result: 'httpRefused',
        members: [found.at, 'token_endpoint_auth_method'],
        detail: `${quote(found.text)} uses http, which only confidential clients may use; use https.`,
      };
    },
  })),
];
