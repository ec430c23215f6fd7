import { isLoopbackUri, type ClientMetadata } from '@clientele/model/metadata';
import { invalidRedirectUri } from '../registration-error.ts';
import type { Rule } from './rule.ts';

const OIDC_CLIENT_METADATA = 'https://openid.net/specs/openid-connect-registration-1_0.html#ClientMetadata';

/** A web client that uses the implicit grant MUST only register https URIs, and not localhost. */
export const implicitWebClientsUseHttps: Rule = {
  spec: OIDC_CLIENT_METADATA,
  check({ application_type, grant_types, redirect_uris = [] }: ClientMetadata) {
    if (application_type !== 'web' || grant_types?.includes('implicit') !== true) return undefined;
    const wrong = redirect_uris.some((uri) => !/^https:/i.test(uri) || isLoopbackUri(uri));
    return wrong
      ? invalidRedirectUri('A031219', {
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
      ? invalidRedirectUri('A031219', {
          member: 'redirect_uris',
          expected: 'a native client uses http on loopback only, and https elsewhere only.',
        })
      : undefined;
  },
};
