import type { KeyKind } from './curves.ts';

/** The requirements of a JOSE algorithm for a public key. */
export interface PublicKeyAlgorithm {
  /** The `use` of its keys (RFC 7517 section 4.2). */
  readonly use: 'sig' | 'enc';
  readonly keys: readonly KeyKind[];
  /** If `key_ops` is present, it needs one of these operations (RFC 7517 section 4.3). */
  readonly operations: readonly string[];
  /** Whether `key_ops` may also be empty. */
  readonly operationsMayBeEmpty?: true;
}

const signature = (...keys: KeyKind[]): PublicKeyAlgorithm => ({ use: 'sig', keys, operations: ['verify'] });

const encryption: PublicKeyAlgorithm = { use: 'enc', keys: ['RSA'], operations: ['encrypt', 'wrapKey'] };

/**
 * Keys of all curves for key agreement. RFC 8812 section 3.3 neither allows nor forbids secp256k1, so it is accepted. Web Crypto
 * gives public keys for key agreement an empty `key_ops`, because only the private key derives.
 */
const agreement: PublicKeyAlgorithm = {
  use: 'enc',
  keys: ['P-256', 'P-384', 'P-521', 'secp256k1', 'X25519', 'X448'],
  operations: ['deriveKey', 'deriveBits'],
  operationsMayBeEmpty: true,
};

/**
 * Algorithms that use a public key. If the `alg` of a key is another algorithm, it is not checked.
 * @see https://www.rfc-editor.org/rfc/rfc7518.html#section-3.1
 * @see https://www.rfc-editor.org/rfc/rfc7518.html#section-4.1
 */
export const PUBLIC_KEY_ALGORITHMS: ReadonlyMap<string, PublicKeyAlgorithm> = new Map([
  ['RS256', signature('RSA')],
  ['RS384', signature('RSA')],
  ['RS512', signature('RSA')],
  ['PS256', signature('RSA')],
  ['PS384', signature('RSA')],
  ['PS512', signature('RSA')],
  ['ES256', signature('P-256')],
  ['ES384', signature('P-384')],
  ['ES512', signature('P-521')],
  /** @see https://www.rfc-editor.org/rfc/rfc8812.html#section-3.2 */
  ['ES256K', signature('secp256k1')],
  /** @see https://www.rfc-editor.org/rfc/rfc8037.html#section-3.1 */
  ['EdDSA', signature('Ed25519', 'Ed448')],
  /** @see https://www.rfc-editor.org/rfc/rfc9864.html#section-2.2 */
  ['Ed25519', signature('Ed25519')],
  ['Ed448', signature('Ed448')],
  ['RSA1_5', encryption],
  ['RSA-OAEP', encryption],
  ['RSA-OAEP-256', encryption],
  /** @see https://www.w3.org/TR/WebCryptoAPI/#iana-section-jwa */
  ['RSA-OAEP-384', encryption],
  ['RSA-OAEP-512', encryption],
  ['ECDH-ES', agreement],
  ['ECDH-ES+A128KW', agreement],
  ['ECDH-ES+A192KW', agreement],
  ['ECDH-ES+A256KW', agreement],
]);

/** Algorithms with a shared secret as key, such as the client secret or a password. */
const SYMMETRIC_ALGORITHMS: ReadonlySet<string> = new Set([
  'HS256',
  'HS384',
  'HS512',
  'dir',
  'A128KW',
  'A192KW',
  'A256KW',
  'A128GCMKW',
  'A192GCMKW',
  'A256GCMKW',
  'PBES2-HS256+A128KW',
  'PBES2-HS384+A192KW',
  'PBES2-HS512+A256KW',
]);

/**
 * Whether the key of a JWS algorithm or of a JWE key management algorithm is a shared secret.
 * @see https://www.rfc-editor.org/rfc/rfc7518.html#section-3.1
 * @see https://www.rfc-editor.org/rfc/rfc7518.html#section-4.1
 */
export function isSymmetric(algorithm: string): boolean {
  return SYMMETRIC_ALGORITHMS.has(algorithm);
}
