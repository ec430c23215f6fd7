import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { invalidMetadata } from '../registration-error.ts';
import type { Rule } from './rule.ts';

const RFC7591_CLIENT_METADATA = 'https://www.rfc-editor.org/rfc/rfc7591.html#section-2';

/** The JWK Set is given by reference or by value, never both. */
export const keysByReferenceOrByValue: Rule = {
  spec: RFC7591_CLIENT_METADATA,
  check: ({ jwks, jwks_uri }) =>
    jwks !== undefined && jwks_uri !== undefined ? invalidMetadata('keySourcesConflict') : undefined,
};

/** Members of keys that only their owner may know (RFC 7518 sections 6.2.2, 6.3.2 and 6.4.1). */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'];

/** The type of key that an algorithm takes. */
const KEY_TYPES: readonly (readonly [algorithm: RegExp, types: readonly string[]])[] = [
  [/^(?:RS|PS|RSA)/, ['RSA']],
  [/^ES\d/, ['EC']],
  [/^Ed/, ['OKP']],
  [/^ECDH-ES/, ['EC', 'OKP']],
];

/** Types of key that this server can judge. RFC 7517 section 5: keys of other types are to be ignored, not refused. */
const KNOWN_TYPES = new Set(['RSA', 'EC', 'OKP']);

/** A JWK Set by value holds valid public keys. */
export const keysArePublic: Rule = {
  spec: RFC7591_CLIENT_METADATA,
  check({ jwks }) {
    for (const key of jwks?.keys ?? []) {
      const expected = keyProblem(key);
      if (expected !== undefined) return invalidMetadata('keyInvalid', { expected });
    }
    return undefined;
  },
};

/** What is expected of a key where it is not so. */
function keyProblem(key: Readonly<Record<string, unknown>>): string | undefined {
  const { kty, use, alg, kid } = key;
  if (typeof kty !== 'string') return "each key has a 'kty'.";
  if (kty === 'oct' || PRIVATE_MEMBERS.some((member) => Object.hasOwn(key, member)))
    return 'no private and no symmetric keys.';
  if ([use, alg, kid].some((member) => member !== undefined && typeof member !== 'string'))
    return "'use', 'alg' and 'kid' are strings.";
  if (!KNOWN_TYPES.has(kty)) return undefined;
  const types = KEY_TYPES.find(([algorithm]) => typeof alg === 'string' && algorithm.test(alg))?.[1];
  if (types?.includes(kty) === false) return "the 'alg' of a key goes with its 'kty'.";
  try {
    createPublicKey({ key: key as JsonWebKey, format: 'jwk' });
    return undefined;
  } catch {
    return 'each key has the members of its type, with valid values.';
  }
}
