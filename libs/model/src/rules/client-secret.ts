import { isSymmetric } from '../keys/index.ts';
import { FIELDS, type ClientMetadata, type FieldName } from '../metadata/client-metadata.ts';

/** Methods that prove possession of the client secret. */
const SECRET_METHODS = new Set<string | undefined>(['client_secret_basic', 'client_secret_post', 'client_secret_jwt']);

/** The members that name an algorithm which may use the client secret as its key. */
export const ALGORITHM_MEMBERS: readonly FieldName[] = FIELDS.flatMap(([name, { algorithm }]) =>
  algorithm !== undefined && !('contentOf' in algorithm) ? [name as FieldName] : [],
);

/**
 * Whether the client has use for a secret: it authenticates with one, or a symmetric algorithm needs one. A public client
 * never has.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7591.html#section-3.2.1
 * @see https://openid.net/specs/openid-connect-core-1_0.html#SymmetricKeyEntropy
 */
export function needsClientSecret(metadata: ClientMetadata): boolean {
  const method = metadata.token_endpoint_auth_method;
  if (method === 'none') return false;
  if (SECRET_METHODS.has(method)) return true;
  return ALGORITHM_MEMBERS.some((name) => {
    const algorithm = metadata[name] as string | undefined;
    return algorithm !== undefined && isSymmetric(algorithm);
  });
}
