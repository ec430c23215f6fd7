import {
  RFC7515_BASE64URL,
  RFC7517_ALGORITHM,
  RFC7517_CERTIFICATES,
  RFC7517_CERTIFICATE_URL,
  RFC7517_MEMBERS,
  RFC7517_OPERATIONS,
  RFC7517_TYPE,
  RFC7518_COORDINATE,
  RFC7518_CURVE,
  RFC7518_INTEGERS,
  RFC7518_KEYS,
  RFC7518_RSA_SIZE,
  RFC7591_CLIENT_METADATA,
  RFC8017_PUBLIC_KEY,
  RFC8037_OCTET_KEY_PAIR,
  RFC8725_CURVE_POINTS,
} from '../wire/specs.ts';

/** The rules of `keyProblem`. The comment above a rule is its documentation. */
export const KEY_RULES = {
  /** A key has a "kty", a string that is not empty. */
  'key-type': { specification: RFC7517_TYPE },
  /** A key of a client is a public key, never a symmetric one, and its "alg" is not symmetric either. */
  'key-symmetric': { specification: RFC7591_CLIENT_METADATA },
  /** A key has no private member, not even with the value null. */
  'key-private': { specification: RFC7591_CLIENT_METADATA },
  /** The members "use", "alg", "kid", "x5t" and "x5t#S256" are strings. */
  'key-text': { specification: RFC7517_MEMBERS },
  /** The member "key_ops" is an array of different strings that agree with "use". */
  'key-operations': { specification: RFC7517_OPERATIONS },
  /** The member "x5u" is an https URL. */
  'key-certificate-url': { specification: RFC7517_CERTIFICATE_URL },
  /** The member "x5c" is an array of at least one certificate, each in DER and base64 with padding. */
  'key-certificates': { specification: RFC7517_CERTIFICATES },
  /** An EC key and an OKP key have a "crv" that names a known curve of their type. */
  'key-curve': { specification: RFC7518_CURVE },
  /** A key has every member that a public key of its type needs, as a string. */
  'key-member': { specification: RFC7518_KEYS },
  /** Numbers and bytes are base64url without padding, and the unused bits of the last character are zero. */
  'key-base64url': { specification: RFC7515_BASE64URL },
  /** The numbers of an RSA key use as few bytes as possible. */
  'key-integer': { specification: RFC7518_INTEGERS },
  /** The modulus of an RSA key has 2048 to 16384 bits. */
  'key-size': { specification: RFC7518_RSA_SIZE },
  /** The modulus of an RSA key is odd, because it is a product of odd primes. */
  'key-modulus': { specification: RFC8017_PUBLIC_KEY },
  /** The public exponent of an RSA key is odd, at least 3, and has at most 64 bits. */
  'key-exponent': { specification: RFC8017_PUBLIC_KEY },
  /** A coordinate of an EC key has exactly as many bytes as a coordinate of its curve. */
  'key-coordinate': { specification: RFC7518_COORDINATE },
  /** The coordinates of an EC key are a point of its curve. */
  'key-point': { specification: RFC8725_CURVE_POINTS },
  /** The public key of an OKP key has exactly as many bytes as its curve requires. */
  'key-bytes': { specification: RFC8037_OCTET_KEY_PAIR },
  /** The "alg" of a key is for keys of its type and curve. */
  'key-algorithm': { specification: RFC7517_ALGORITHM },
} as const satisfies Record<string, { specification: string }>;

/** The id of a rule. */
export type KeyRule = keyof typeof KEY_RULES;

/** A violation of a rule by a key. */
export interface KeyProblem {
  /** The id of the rule, for example 'key-size'. */
  readonly rule: KeyRule;
  /** The position inside the key: '.x', '.x5c[1]', or '' for the key itself. */
  readonly at: string;
  /** The part of the message after the member and a colon. It never repeats key material. */
  readonly detail: string;
}

/** A key that was parsed from JSON. */
export type JsonKey = Readonly<Record<string, unknown>>;
