import { OIDC_FRONT_CHANNEL_LOGOUT, OIDC_RP_INITIATED_LOGOUT } from '../wire/specs.ts';
import { quote } from '../text/quote.ts';
import { isLoopbackRedirect } from '../uris/host.ts';
import { originOf } from '../uris/parse-uri.ts';
import type { Rule } from './rule.ts';

/** The front-channel logout URI MUST have the scheme, host and port of a redirect URI. */
export const frontChannelLogoutStaysWithRedirects: Rule = {
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
      says: `${quote(logout.text)} has another origin than every redirect URI; use the scheme, host and port of one of them.`,
    };
  },
};

/** The http scheme may be used for logout by confidential clients only, and on loopback. */
export const publicClientsLogOutOverHttps: readonly Rule[] = (
  ['backchannel_logout_uri', 'post_logout_redirect_uris'] as const
).map((member) => ({
  /** A public client uses http for logout on loopback only. */
  id: 'logout-http',
  specification: OIDC_RP_INITIATED_LOGOUT,
  reads: ['token_endpoint_auth_method', member],
  check(client) {
    if (client.metadata.token_endpoint_auth_method !== 'none') return undefined;
    const wrong = client.urisOf(member).find(({ uri }) => uri.scheme === 'http' && !isLoopbackRedirect(uri));
    if (wrong === undefined) return undefined;
    return {
      result: 'httpRefused',
      members: [wrong.at, 'token_endpoint_auth_method'],
      says: `${quote(wrong.text)} uses http, which is for confidential clients; use https.`,
    };
  },
}));
