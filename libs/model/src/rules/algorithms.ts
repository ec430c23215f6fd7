import { isSymmetric } from '../keys/index.ts';
import { FIELDS, type FieldName } from '../metadata/client-metadata.ts';
import { OIDC_CLIENT_METADATA, OIDC_SYMMETRIC_KEYS, RFC9101_CLIENT_METADATA } from '../wire/specs.ts';
import { ALGORITHM_MEMBERS } from './client-secret.ts';
import type { Rule } from './rule.ts';

/** Each member that names a content encryption algorithm, with the one that names its key management algorithm. */
const ENCRYPTIONS = FIELDS.flatMap(([name, { algorithm }]) =>
  algorithm !== undefined && 'contentOf' in algorithm
    ? [[name as FieldName, algorithm.contentOf as FieldName] as const]
    : [],
);

/** A content encryption algorithm MUST NOT be there without the key management algorithm. */
export const encryptionNeedsAlgorithm: readonly Rule[] = ENCRYPTIONS.map(([content, management]) => ({
  /** A content encryption algorithm comes with the key management algorithm. */
  id: 'encryption-needs-algorithm',
  specification: OIDC_CLIENT_METADATA,
  reads: [content, management],
  check: ({ metadata }) =>
    metadata[content] !== undefined && metadata[management] === undefined
      ? {
          result: 'encryptionAlgorithmMissing',
          members: [content, management],
          says: `must not be present without ${management}; add that, or leave this out.`,
        }
      : undefined,
}));

/** Symmetric algorithms use the client secret as their key, which a public client does not have. */
export const symmetricNeedsSecret: readonly Rule[] = ALGORITHM_MEMBERS.map((member) => ({
  /** An algorithm whose key is the client secret is for clients whose secret the server can read. */
  id: 'symmetric-algorithm-needs-secret',
  specification: OIDC_SYMMETRIC_KEYS,
  reads: ['token_endpoint_auth_method', member],
  check({ metadata, secret }) {
    const algorithm = metadata[member] as string | undefined;
    if (algorithm === undefined || !isSymmetric(algorithm)) return undefined;
    const isPublic = metadata.token_endpoint_auth_method === 'none';
    if (!isPublic && secret !== 'hashed') return undefined;
    const reason = isPublic
      ? 'a client whose token_endpoint_auth_method is none does not have'
      : 'the server has only as a hash';
    return {
      result: 'algorithmUnfit',
      members: [member, 'token_endpoint_auth_method'],
      says: `"${algorithm}" uses the client secret as its key, which ${reason}; use an algorithm with a key pair.`,
    };
  },
}));

/** `client_secret_jwt` signs with the client secret, `private_key_jwt` with a private key. */
export const signingAlgorithmOfMethod: Rule = {
  /** client_secret_jwt goes with HS256, HS384 or HS512, private_key_jwt with the other algorithms. */
  id: 'authentication-algorithm',
  specification: OIDC_CLIENT_METADATA,
  reads: ['token_endpoint_auth_method', 'token_endpoint_auth_signing_alg'],
  check({ metadata: { token_endpoint_auth_method: method, token_endpoint_auth_signing_alg: algorithm } }) {
    if (algorithm === undefined || (method !== 'client_secret_jwt' && method !== 'private_key_jwt')) return undefined;
    if (SECRET_SIGNATURES.has(algorithm) === (method === 'client_secret_jwt')) return undefined;
    return {
      result: 'algorithmUnfit',
      members: ['token_endpoint_auth_signing_alg', 'token_endpoint_auth_method'],
      says: `"${algorithm}" does not go with ${method}; use HS256, HS384 or HS512 for client_secret_jwt, others for private_key_jwt.`,
    };
  },
};

const SECRET_SIGNATURES: ReadonlySet<string> = new Set(['HS256', 'HS384', 'HS512']);

/** An ID token that leaves the authorization endpoint MUST be signed. */
export const frontChannelIdTokensAreSigned: Rule = {
  /** An ID token from the authorization endpoint is signed. */
  id: 'id-token-signed',
  specification: OIDC_CLIENT_METADATA,
  reads: ['id_token_signed_response_alg', 'response_types'],
  check({ metadata: { id_token_signed_response_alg: algorithm, response_types = [] } }) {
    if (algorithm !== 'none') return undefined;
    const exposing = response_types.find((type) => type.split(' ').includes('id_token'));
    if (exposing === undefined) return undefined;
    return {
      result: 'algorithmUnfit',
      members: ['id_token_signed_response_alg', 'response_types'],
      says: `"none" does not go with the response type "${exposing}"; use an algorithm that signs.`,
    };
  },
};

/** A client whose requests MUST be signed cannot register that it does not sign them. */
export const requiredRequestObjectsAreSigned: Rule = {
  /** Request objects that must be signed have an algorithm that signs. */
  id: 'request-object-signed',
  specification: RFC9101_CLIENT_METADATA,
  reads: ['require_signed_request_object', 'request_object_signing_alg'],
  check({ metadata, settings }) {
    if (metadata.request_object_signing_alg !== 'none') return undefined;
    const byService =
      settings.requestObjectRequired === true && settings.traditionalRequestObjectProcessingApplied !== true;
    if (metadata.require_signed_request_object !== true && !byService) return undefined;
    return {
      result: 'algorithmUnfit',
      members: ['request_object_signing_alg'],
      says: `"none" does not sign, and ${byService ? 'the server only takes signed request objects' : 'require_signed_request_object is true'}; use an algorithm that signs.`,
    };
  },
};
