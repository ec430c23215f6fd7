import { canVerify, isSymmetric } from '../keys/index.ts';
import {
  OIDC_CLIENT_METADATA,
  OIDC_SYMMETRIC_KEYS,
  RFC7591_CLIENT_METADATA,
  RFC9101_CLIENT_METADATA,
} from '../wire/specs.ts';
import { ALGORITHM_MEMBERS, canVerifyAny, keyPairAlgorithm, membersWith } from './algorithms.ts';
import { needsClientSecret, SHORTEST_KEY } from './client-secret.ts';
import { KEY_SOURCES, missingKey } from './key-sources.ts';
import type { RegisteredSecret } from './client-facts.ts';
import type { Rule } from './rule.ts';

/** The members that name the algorithm of a client's signatures. Client authentication has its own rules. */
const SIGNED_BY_CLIENT = membersWith((use) => 'signs' in use && use.signs === 'client').filter(
  (member) => member !== 'token_endpoint_auth_signing_alg',
);

/** Why a registered secret cannot be a key. */
const NO_KEY: Partial<Readonly<Record<RegisteredSecret, string>>> = {
  hashed: 'but the server has only a hash of this secret',
  short: `but this secret has fewer than ${SHORTEST_KEY} characters`,
};

export const SIGNATURE_RULES: readonly Rule[] = [
  ...([...ALGORITHM_MEMBERS, 'token_endpoint_auth_method'] as const).map((member): Rule => {
    const members = [...new Set([member, 'token_endpoint_auth_method'] as const)];
    return {
      /** Only a client whose secret the server can read, and is long enough, uses an algorithm with the client secret as its key. */
      id: 'symmetric-algorithm-needs-secret',
      specification: OIDC_SYMMETRIC_KEYS,
      reads: members,
      check({ metadata, secret }) {
        const algorithm = metadata[member] as string | undefined;
        if (algorithm === undefined || !(algorithm === 'client_secret_jwt' || isSymmetric(algorithm))) return undefined;
        const reason =
          metadata.token_endpoint_auth_method === 'none'
            ? 'but a client with the token_endpoint_auth_method "none" has no secret'
            : NO_KEY[secret];
        if (reason === undefined) return undefined;
        return {
          result: 'algorithmUnfit',
          members,
          detail: `"${algorithm}" uses the client secret as its key, ${reason}; use an algorithm with a key pair.`,
        };
      },
    };
  }),
  {
    /** An ID token from the authorization endpoint is signed. */
    id: 'id-token-signed',
    specification: OIDC_CLIENT_METADATA,
    reads: ['id_token_signed_response_alg', 'response_types'],
    check({ metadata: { id_token_signed_response_alg: algorithm, response_types = [] } }) {
      if (algorithm !== 'none') return undefined;
      const type = response_types.find((one) => one.split(' ').includes('id_token'));
      if (type === undefined) return undefined;
      return {
        result: 'algorithmUnfit',
        members: ['id_token_signed_response_alg', 'response_types'],
        detail: `"none" cannot be used with the response type "${type}"; use an algorithm that signs.`,
      };
    },
  },
  {
    /** If request objects must be signed, their algorithm signs. */
    id: 'request-object-signed',
    specification: RFC9101_CLIENT_METADATA,
    reads: ['require_signed_request_object', 'request_object_signing_alg'],
    check({ metadata, settings }) {
      if (metadata.request_object_signing_alg !== 'none') return undefined;
      const byService =
        settings.requestObjectRequired === true && settings.traditionalRequestObjectProcessingApplied !== true;
      if (metadata.require_signed_request_object !== true && !byService) return undefined;
      const reason = byService
        ? 'the server accepts only signed request objects'
        : 'require_signed_request_object is true';
      return {
        result: 'algorithmUnfit',
        members: ['request_object_signing_alg'],
        detail: `"none" does not sign, but ${reason}; use an algorithm that signs.`,
      };
    },
  },
  ...SIGNED_BY_CLIENT.map((member): Rule => ({
    /** A jwks has a key for every algorithm with which the client signs. */
    id: 'keys-for-signatures',
    specification: RFC7591_CLIENT_METADATA,
    reads: [member, 'require_signed_request_object', ...KEY_SOURCES],
    check(client) {
      const algorithm = keyPairAlgorithm(client, member);
      if (algorithm === undefined) return undefined;
      const required =
        member === 'request_object_signing_alg' && client.metadata.require_signed_request_object === true;
      // A client without keys may omit such signatures, unless they are required.
      if (client.keys === undefined && !required) return undefined;
      return missingKey(client, {
        because: `${member} is ${algorithm}${required ? ' and require_signed_request_object is true' : ''}`,
        member,
        isMetBy: (key) => canVerify(key, algorithm),
        key: `a key for ${algorithm}`,
      });
    },
  })),
  {
    /** A client whose request objects must be signed has a key or a secret for the signature. */
    id: 'keys-for-required-signatures',
    specification: RFC9101_CLIENT_METADATA,
    reads: [
      'require_signed_request_object',
      'request_object_signing_alg',
      'token_endpoint_auth_method',
      ...KEY_SOURCES,
    ],
    check(client) {
      const { require_signed_request_object: required, request_object_signing_alg: algorithm } = client.metadata;
      if (required !== true || algorithm !== undefined || needsClientSecret(client.metadata)) return undefined;
      return missingKey(client, {
        because: 'require_signed_request_object is true',
        member: 'require_signed_request_object',
        isMetBy: canVerifyAny,
        key: 'a key for signatures',
      });
    },
  },
];
