import { canVerify, isSymmetric } from '../keys/index.ts';
import { OIDC_CLIENT_METADATA, RFC8705_SELF_SIGNED } from '../wire/specs.ts';
import { canVerifyAny } from './algorithms.ts';
import { KEY_SOURCES, missingKey } from './key-sources.ts';
import type { Rule } from './rule.ts';

const SECRET_SIGNATURES: ReadonlySet<string> = new Set(['HS256', 'HS384', 'HS512']);

export const CLIENT_AUTHENTICATION_RULES: readonly Rule[] = [
  {
    /** A client that authenticates with its own key registers a suitable public key or certificate. */
    id: 'keys-for-authentication',
    specification: RFC8705_SELF_SIGNED,
    reads: ['token_endpoint_auth_method', 'token_endpoint_auth_signing_alg', ...KEY_SOURCES],
    check(client) {
      const { token_endpoint_auth_method: method, token_endpoint_auth_signing_alg: algorithm } = client.metadata;
      const because = `token_endpoint_auth_method is ${method ?? ''}`;
      const member = 'token_endpoint_auth_method';
      if (method === 'self_signed_tls_client_auth') {
        const key = 'a key that has its certificate in x5c';
        return missingKey(client, { because, member, isMetBy: ({ x5c }) => x5c !== undefined, key });
      }
      // The next rule refuses a symmetric algorithm.
      if (method !== 'private_key_jwt' || (algorithm !== undefined && isSymmetric(algorithm))) return undefined;
      if (algorithm === undefined) {
        return missingKey(client, { because, member, isMetBy: canVerifyAny, key: 'a key for signatures' });
      }
      return missingKey(client, {
        because: `${because} and token_endpoint_auth_signing_alg is ${algorithm}`,
        member: 'token_endpoint_auth_signing_alg',
        isMetBy: (key) => canVerify(key, algorithm),
        key: `a key for ${algorithm}`,
      });
    },
  },
  {
    /** client_secret_jwt uses HS256, HS384 or HS512; private_key_jwt uses another algorithm. */
    id: 'authentication-algorithm',
    specification: OIDC_CLIENT_METADATA,
    reads: ['token_endpoint_auth_method', 'token_endpoint_auth_signing_alg'],
    check({ metadata: { token_endpoint_auth_method: method, token_endpoint_auth_signing_alg: algorithm } }) {
      if (algorithm === undefined || (method !== 'client_secret_jwt' && method !== 'private_key_jwt')) return undefined;
      if (SECRET_SIGNATURES.has(algorithm) === (method === 'client_secret_jwt')) return undefined;
      return {
        result: 'algorithmUnfit',
        members: ['token_endpoint_auth_signing_alg', 'token_endpoint_auth_method'],
        detail: `"${algorithm}" cannot be used with ${method}; use HS256, HS384 or HS512 for client_secret_jwt, another algorithm for private_key_jwt.`,
      };
    },
  },
];
