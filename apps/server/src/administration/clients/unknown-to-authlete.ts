import type { JsonObject } from '@clientele/model/metadata';

/**
 * The properties that Authlete's published SDK does not know, and removes from every `Client` that it reads and sends. If an update
 * without them deleted them, nobody could change a client with that SDK and keep, for example, `expiresAt`.
 */
export const UNKNOWN_TO_AUTHLETE: readonly string[] = [
  'resources',
  'notes',
  'expiresAt',
  'haipVersion',
  'claimsRedirectUris',
  'nfvTokenSignAlg',
  'nfvTokenEncryptionAlg',
  'nfvTokenEncryptionEnc',
  'introspectionSignAlg',
  'introspectionEncryptionAlg',
  'introspectionEncryptionEnc',
  'frontchannelLogoutUri',
  'frontchannelLogoutSessionRequired',
  'backchannelLogoutUri',
  'backchannelLogoutSessionRequired',
  'postLogoutRedirectUris',
  'organizationNames',
  'keywords',
  'informationUri',
  'informationUris',
  'organizationUri',
  'organizationUris',
  'encryptedResponseEncValuesSupported',
  'vpFormatsSupported',
  'spiffeId',
  'spiffeBundleEndpoint',
];

/** A `Client` of an update, with the shown value of each of these properties that it omits. A `null` deletes a property. */
export function withUnknownProperties(body: JsonObject, shown: JsonObject): JsonObject {
  const kept = UNKNOWN_TO_AUTHLETE.filter((name) => shown[name] !== undefined && !Object.hasOwn(body, name));
  return { ...body, ...Object.fromEntries(kept.map((name) => [name, shown[name]])) };
}
