import { isLoopbackUri, originOf, type ClientMetadata } from '@clientele/model/metadata';
import { invalidMetadata } from '../registration-error.ts';
import type { Rule } from './rule.ts';

/** The front-channel logout URI MUST have the scheme, host and port of a redirect URI. */
export const frontChannelLogoutStaysWithRedirects: Rule = {
  spec: 'https://openid.net/specs/openid-connect-frontchannel-1_0.html#RPLogout',
  check({ frontchannel_logout_uri: uri, redirect_uris = [] }) {
    if (uri === undefined) return undefined;
    const origin = originOf(uri);
    if (redirect_uris.some((redirect) => originOf(redirect) === origin)) return undefined;
    return invalidMetadata('valueInvalid', {
      member: 'frontchannel_logout_uri',
      expected: "the scheme, host and port of one of 'redirect_uris'.",
    });
  },
};

/** The front-channel logout URI is not among them: it has the scheme of a redirect URI. */
const LOGOUT_MEMBERS = [
  'backchannel_logout_uri',
  'post_logout_redirect_uris',
] as const satisfies readonly (keyof ClientMetadata)[];

/** The http scheme may be used for logout by confidential clients only, and on loopback. */
export const publicClientsLogOutOverHttps: Rule = {
  spec: 'https://openid.net/specs/openid-connect-rpinitiated-1_0.html#ClientMetadata',
  check(metadata) {
    if (metadata.token_endpoint_auth_method !== 'none') return undefined;
    const member = LOGOUT_MEMBERS.find((name) =>
      [metadata[name] ?? []].flat().some((uri) => /^http:/i.test(uri) && !isLoopbackUri(uri)),
    );
    return member === undefined
      ? undefined
      : invalidMetadata('httpRefused', { member, expected: 'http is for confidential clients.' });
  },
};
