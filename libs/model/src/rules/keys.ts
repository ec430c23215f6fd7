import { canEncrypt, canVerify, isSymmetric, type JsonKey } from '../keys/index.ts';
import { FIELDS, type FieldName } from '../metadata/client-metadata.ts';
import {
  OIDC_ENCRYPTION,
  RFC7591_CLIENT_METADATA,
  RFC8705_SELF_SIGNED,
  RFC9101_CLIENT_METADATA,
} from '../wire/specs.ts';
import { ASYMMETRIC_ALG } from '../metadata/values.ts';
import { needsClientSecret } from './client-secret.ts';
import type { ClientFacts } from './client-facts.ts';
import type { Broken, Rule } from './rule.ts';

const KEY_MEMBERS = ['jwks', 'jwks_uri', 'signed_jwks_uri'] as const satisfies readonly FieldName[];

/** The JWK Set is given by reference or by value, never both. */
export const keysByReferenceOrByValue: Rule = {
  /** A client has jwks or jwks_uri, not both. */
  id: 'keys-one-source',
  specification: RFC7591_CLIENT_METADATA,
  reads: ['jwks', 'jwks_uri'],
  check: ({ metadata: { jwks, jwks_uri } }) =>
    jwks !== undefined && jwks_uri !== undefined
      ? { result: 'keySourcesConflict', members: ['jwks', 'jwks_uri'] }
      : undefined,
};

/** A use of keys that the client registers. */
interface Need {
  /** The reason, as a clause: `token_endpoint_auth_method is private_key_jwt`. */
  readonly because: string;
  readonly member: FieldName;
  readonly isMetBy: (key: JsonKey) => boolean;
  /** A description of such a key: `a key for RS256`. */
  readonly key: string;
}

/** The problem if the client has no keys, or none of its keys by value meets the need. Keys by reference may meet it. */
function unmet(client: ClientFacts, { because, member, isMetBy, key }: Need): Broken | undefined {
  if (client.hasKeysByReference) return undefined;
  const { keys } = client;
  if (keys === undefined || keys.length === 0) {
    return {
      result: 'memberMissing',
      members: ['jwks_uri', 'jwks', member],
      says: `must be present, or jwks with ${key}, because ${because}.`,
    };
  }
  if (keys.some(isMetBy)) return undefined;
  return {
    result: 'keyUnfit',
    members: ['jwks', member],
    says: `has no key that can be used, although ${because}; add ${key}.`,
  };
}

const ASYMMETRIC = Object.keys(ASYMMETRIC_ALG);

/** A client that authenticates with a key of its own registers the public key. */
export const keysForAuthentication: Rule = {
  /** A client that authenticates with a key of its own registers a public key or certificate that fits. */
  id: 'keys-for-authentication',
  specification: RFC8705_SELF_SIGNED,
  reads: ['token_endpoint_auth_method', 'token_endpoint_auth_signing_alg', ...KEY_MEMBERS],
  check(client) {
    const { token_endpoint_auth_method: method, token_endpoint_auth_signing_alg: algorithm } = client.metadata;
    const because = `token_endpoint_auth_method is ${method ?? ''}`;
    const member = 'token_endpoint_auth_method';
    if (method === 'self_signed_tls_client_auth') {
      return unmet(client, {
        because,
        member,
        isMetBy: ({ x5c }) => x5c !== undefined,
        key: 'a key that has its certificate in x5c',
      });
    }
    // A symmetric algorithm is refused below, because it does not go with the method.
    if (method !== 'private_key_jwt' || (algorithm !== undefined && isSymmetric(algorithm))) return undefined;
    const algorithms = algorithm === undefined ? ASYMMETRIC : [algorithm];
    return unmet(client, {
      because: algorithm === undefined ? because : `${because} and token_endpoint_auth_signing_alg is ${algorithm}`,
      member: algorithm === undefined ? member : 'token_endpoint_auth_signing_alg',
      isMetBy: (key) => algorithms.some((one) => canVerify(key, one)),
      key: algorithm === undefined ? 'a key for signatures' : `a key for ${algorithm}`,
    });
  },
};

/** Members by which the server encrypts to the client. */
const ENCRYPTED_TO_CLIENT = membersOf((field) => 'encryptsTo' in field && field.encryptsTo === 'client');

/** The server can only encrypt with a public key of the client. */
export const keysForEncryption: readonly Rule[] = ENCRYPTED_TO_CLIENT.map((member) => ({
  /** A client that the server encrypts to registers a public key for the algorithm. */
  id: 'keys-for-encryption',
  specification: OIDC_ENCRYPTION,
  reads: [member, ...KEY_MEMBERS],
  check(client) {
    const algorithm = keyPairAlgorithm(client, member);
    if (algorithm === undefined) return undefined;
    return unmet(client, {
      because: `${member} is ${algorithm}`,
      member,
      isMetBy: (key) => canEncrypt(key, algorithm),
      key: `a key for ${algorithm}`,
    });
  },
}));

/** Members that name the algorithm of signatures by the client, beside the one of its authentication. */
const SIGNED_BY_CLIENT = membersOf((field) => 'signs' in field && field.signs === 'client').filter(
  (member) => member !== 'token_endpoint_auth_signing_alg',
);

/** A JWK Set by value has a key for each algorithm with which the client signs. */
export const keysForSignatures: readonly Rule[] = SIGNED_BY_CLIENT.map((member) => ({
  /** A jwks has a key for every algorithm with which the client signs. */
  id: 'keys-for-signatures',
  specification: RFC7591_CLIENT_METADATA,
  reads: [member, 'require_signed_request_object', ...KEY_MEMBERS],
  check(client) {
    const algorithm = keyPairAlgorithm(client, member);
    if (algorithm === undefined) return undefined;
    const required = member === 'request_object_signing_alg' && client.metadata.require_signed_request_object === true;
    // Without any keys the client may leave such signatures out, unless they are required.
    if (client.keys === undefined && !required) return undefined;
    return unmet(client, {
      because: `${member} is ${algorithm}${required ? ' and require_signed_request_object is true' : ''}`,
      member,
      isMetBy: (key) => canVerify(key, algorithm),
      key: `a key for ${algorithm}`,
    });
  },
}));

/** Request objects that MUST be signed need a key, or a secret to sign them with. */
export const keysForRequiredSignatures: Rule = {
  /** A client whose request objects must be signed has a key or a secret to sign them with. */
  id: 'keys-for-required-signatures',
  specification: RFC9101_CLIENT_METADATA,
  reads: ['require_signed_request_object', 'request_object_signing_alg', 'token_endpoint_auth_method', ...KEY_MEMBERS],
  check(client) {
    const { require_signed_request_object: required, request_object_signing_alg: algorithm } = client.metadata;
    if (required !== true || algorithm !== undefined || needsClientSecret(client.metadata)) return undefined;
    return unmet(client, {
      because: 'require_signed_request_object is true',
      member: 'require_signed_request_object',
      isMetBy: (key) => ASYMMETRIC.some((one) => canVerify(key, one)),
      key: 'a key for signatures',
    });
  },
};

/** The algorithm that a member names, if it works with a key pair. */
function keyPairAlgorithm({ metadata }: ClientFacts, member: FieldName): string | undefined {
  const algorithm = metadata[member] as string | undefined;
  return algorithm === undefined || algorithm === 'none' || isSymmetric(algorithm) ? undefined : algorithm;
}

function membersOf(isOne: (use: object) => boolean): FieldName[] {
  return FIELDS.flatMap(([name, { algorithm }]) =>
    algorithm !== undefined && isOne(algorithm) ? [name as FieldName] : [],
  );
}
