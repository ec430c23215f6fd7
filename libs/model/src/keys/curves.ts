import type { JsonKey } from './key-rules.ts';

/** The curve y^2 = x^3 + ax + b modulo p. */
export interface EllipticCurve {
  /** Bytes of a coordinate. */
  readonly bytes: number;
  readonly p: bigint;
  readonly a: bigint;
  readonly b: bigint;
}

/**
 * Curves of EC keys. All have the cofactor 1, so each point of the curve is a valid public key.
 * @see https://www.rfc-editor.org/rfc/rfc7518.html#section-6.2.1.1
 * @see https://www.rfc-editor.org/rfc/rfc8812.html#section-3.1
 */
export const ELLIPTIC_CURVES = {
  'P-256': {
    bytes: 32,
    p: 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n,
    a: -3n,
    b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
  },
  'P-384': {
    bytes: 48,
    p: 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n,
    a: -3n,
    b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
  },
  'P-521': {
    bytes: 66,
    p: 2n ** 521n - 1n,
    a: -3n,
    b: 0x51953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00n,
  },
  secp256k1: { bytes: 32, p: 2n ** 256n - 2n ** 32n - 977n, a: 0n, b: 7n },
} as const satisfies Record<string, EllipticCurve>;

/**
 * Curves of OKP keys, and the bytes of their public keys.
 * @see https://www.rfc-editor.org/rfc/rfc8037.html#section-2
 */
export const OCTET_KEY_PAIR_BYTES = { Ed25519: 32, Ed448: 57, X25519: 32, X448: 56 } as const;

export type EllipticCurveName = keyof typeof ELLIPTIC_CURVES;
export type OctetKeyPairName = keyof typeof OCTET_KEY_PAIR_BYTES;

/** A type of key without curves, or a curve. The possible algorithms of a key depend on it. */
export type KeyKind = 'RSA' | EllipticCurveName | OctetKeyPairName;

export function isEllipticCurve(crv: unknown): crv is EllipticCurveName {
  return typeof crv === 'string' && Object.hasOwn(ELLIPTIC_CURVES, crv);
}

export function isOctetKeyPair(crv: unknown): crv is OctetKeyPairName {
  return typeof crv === 'string' && Object.hasOwn(OCTET_KEY_PAIR_BYTES, crv);
}

/** The kind of a key, unless its type or its curve is unknown. */
export function keyKind({ kty, crv }: JsonKey): KeyKind | undefined {
  if (kty === 'RSA') return kty;
  if (kty === 'EC') return isEllipticCurve(crv) ? crv : undefined;
  if (kty === 'OKP') return isOctetKeyPair(crv) ? crv : undefined;
  return undefined;
}
