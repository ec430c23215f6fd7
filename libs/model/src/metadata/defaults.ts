import { isNative } from '../uris/native.ts';
import { isUriProblem } from '../uris/parse-uri.ts';
import type { CheckContext, PartialMetadata } from './field.ts';
import type { GRANT_TYPE, JWE_ENC, RESPONSE_TYPE } from './values.ts';

// Defaults that depend on other members never contradict the members that the client sent.

/**
 * `authorization_code` (RFC 7591 section 2), or the grant types of the response types that were sent (OpenID Connect
 * Registration section 2). `none` and presentations end at the authorization endpoint, so they need no grant type.
 */
export function defaultGrantTypes(metadata: PartialMetadata): (keyof typeof GRANT_TYPE)[] | undefined {
  const responseTypes = metadata.response_types as readonly string[] | undefined;
  if (responseTypes === undefined) return ['authorization_code'];
  const words = new Set(responseTypes.flatMap((type) => type.split(' ')));
  const grants: (keyof typeof GRANT_TYPE)[] = [];
  if (words.has('code')) grants.push('authorization_code');
  if (words.has('token') || words.has('id_token')) grants.push('implicit');
  return grants.length > 0 ? grants : undefined;
}

/** `code` (RFC 7591 section 2), or no response type if the grant types that were sent do not use `code`. */
export function defaultResponseTypes(metadata: PartialMetadata): (keyof typeof RESPONSE_TYPE)[] {
  const grantTypes = metadata.grant_types as readonly string[] | undefined;
  return grantTypes === undefined || grantTypes.includes('authorization_code') ? ['code'] : [];
}

/** The scopes that the service gives to clients without a `scope`. */
export function defaultScope(
  _metadata: PartialMetadata,
  { settings: { supportedScopes = [] } }: CheckContext,
): string | undefined {
  const names = supportedScopes.filter(({ defaultEntry }) => defaultEntry).map(({ name }) => name);
  return names.length > 0 ? names.join(' ') : undefined;
}

/** `native` if every redirect URI can only lead to a native application, else `web`. */
export function defaultApplicationType(metadata: PartialMetadata, { parseUri }: CheckContext): 'web' | 'native' {
  const redirectUris = metadata.redirect_uris as readonly string[] | undefined;
  const native = redirectUris?.every((redirectUri) => {
    const uri = parseUri(redirectUri);
    return !isUriProblem(uri) && isNative(uri);
  });
  return native === true ? 'native' : 'web';
}

/** `A128CBC-HS256` if the member that names the key management algorithm is present. */
export function defaultEncryption(
  algorithmMember: string,
): (metadata: PartialMetadata) => keyof typeof JWE_ENC | undefined {
  return (metadata) => (metadata[algorithmMember] === undefined ? undefined : 'A128CBC-HS256');
}
