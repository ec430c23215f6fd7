import { isSymmetric } from '../keys/index.ts';
import type { ClientMetadata } from '../metadata/client-metadata.ts';
import { ALGORITHM_MEMBERS } from './algorithms.ts';

/** Characters of a secret that HS256 uses as its key (RFC 7518 section 3.2). */
export const SHORTEST_KEY = 32;

/** Methods that prove possession of the client secret. */
const SECRET_METHODS = new Set<string | undefined>(['client_secret_basic', 'client_secret_post', 'client_secret_jwt']);

/**
 * Whether the client needs a secret: it authenticates with the secret, or a symmetric algorithm uses it. A public client never
 * needs one.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7591.html#section-3.2.1
 * @see https://openid.net/specs/openid-connect-core-1_0.html#SymmetricKeyEntropy
 */
export function needsClientSecret(metadata: ClientMetadata): boolean {
  const method = metadata.token_endpoint_auth_method;
  if (method === 'none') return false;
  return SECRET_METHODS.has(method) || usesSecretAsKey(metadata);
}

/**
 * Whether a symmetric algorithm uses the secret as its key, so that the secret must be long.
 *
 * @see https://openid.net/specs/openid-connect-core-1_0.html#SymmetricKeyEntropy
 */
export function usesSecretAsKey(metadata: ClientMetadata): boolean {
  if (metadata.token_endpoint_auth_method === 'client_secret_jwt') return true;
  return ALGORITHM_MEMBERS.some((name) => {
    const algorithm = metadata[name] as string | undefined;
    return algorithm !== undefined && isSymmetric(algorithm);
  });
}
