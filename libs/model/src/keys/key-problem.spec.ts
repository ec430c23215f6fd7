import { generateKeyPairSync } from 'node:crypto';
import { KEY_RULES, keyProblem, type JsonKey, type KeyRule } from './index.ts';

const rsa = (modulusLength: number): JsonKey => ({
  ...generateKeyPairSync('rsa', { modulusLength }).publicKey.export({ format: 'jwk' }),
});
const RSA = rsa(2048);
const EC: JsonKey = { ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }) };
const OKP: JsonKey = { ...generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }) };
const EVEN = Buffer.alloc(256, 0xaa).toString('base64url');

/** A key that violates each rule, with the position and the message. */
const REFUSED: Record<KeyRule, readonly [key: JsonKey, at: string, detail: string]> = {
  'key-type': [{}, '.kty', 'is missing; each key has a "kty", for example "RSA", "EC" or "OKP".'],
  'key-symmetric': [
    { kty: 'oct', k: 'c2VjcmV0' },
    '.kty',
    '"oct" is the type of symmetric keys; a JWK Set of a client has only public keys.',
  ],
  'key-private': [
    { ...EC, d: 'c2VjcmV0' },
    '.d',
    'is a private member; remove it: a JWK Set of a client has only public keys.',
  ],
  'key-text': [{ ...EC, kid: 1 }, '.kid', 'is not a string; use a string, or omit the member.'],
  'key-operations': [
    { ...EC, key_ops: ['verify', 'verify'] },
    '.key_ops[1]',
    'is given twice; name each operation once.',
  ],
  'key-certificate-url': [
    { ...EC, x5u: 'http://client.example/key.pem' },
    '.x5u',
    'is not an https URL; use one, or omit the member.',
  ],
  'key-certificates': [{ ...EC, x5c: [] }, '.x5c', 'is empty; use at least one certificate, or omit the member.'],
  'key-curve': [
    { ...EC, crv: 'brainpoolP256r1' },
    '.crv',
    '"brainpoolP256r1" is not a known curve of EC keys; use P-256, P-384, P-521 or secp256k1.',
  ],
  'key-member': [{ kty: 'RSA', e: 'AQAB' }, '.n', 'is missing; an RSA key has "n" and "e".'],
  'key-base64url': [
    { ...OKP, x: `${OKP.x as string}=` },
    '.x',
    'is not base64url; use only A to Z, a to z, 0 to 9, "-" and "_", without padding.',
  ],
  'key-integer': [
    { ...RSA, e: 'AAEAAQ' },
    '.e',
    'begins with a zero byte; encode the number in as few bytes as possible.',
  ],
  'key-size': [rsa(1024), '.n', 'has 1024 bits; use an RSA key of 2048 to 16384 bits.'],
  'key-modulus': [{ ...RSA, n: EVEN }, '.n', 'is even; use the modulus of an RSA key, which is odd.'],
  'key-exponent': [
    { ...RSA, e: 'AQ' },
    '.e',
    'is not a usable exponent; use an odd number of 2 to 64 bits, such as 65537.',
  ],
  'key-coordinate': [
    { ...EC, x: 'AAAA' },
    '.x',
    'has 3 bytes; a coordinate of P-256 has 32 bytes, with leading zeros.',
  ],
  'key-point': [{ ...EC, x: EC.y, y: EC.x }, '', 'is not on the curve; use "x" and "y" of a point of P-256.'],
  'key-bytes': [{ ...OKP, crv: 'X448' }, '.x', 'has 32 bytes; a public key of X448 has 56 bytes.'],
  'key-algorithm': [
    { ...EC, alg: 'ES384' },
    '.alg',
    '"ES384" is not for keys of P-256; use a key of P-384, or another algorithm.',
  ],
};

describe.each(Object.keys(KEY_RULES) as KeyRule[])('%s', (rule) => {
  it('refuses a key, with the position and the reason', () => {
    const [key, at, detail] = REFUSED[rule];
    expect(keyProblem(key)).toEqual({ rule, at, detail });
  });

  it('has the section of its specification', () => {
    expect(KEY_RULES[rule].specification).toMatch(
      /^https:\/\/www\.rfc-editor\.org\/rfc\/rfc\d+\.html#section-[\d.]*\d$/,
    );
  });
});

it.each([
  ['an algorithm that is not known', { alg: 'XYZ' }],
  ['an algorithm named as a property of every object', { alg: 'constructor' }],
  ['another use (RFC 7517 section 4.2)', { use: 'tls' }],
  ['members that are not known (RFC 7517 section 4)', { ext: true, iat: 1, 'x5t#S512': 1 }],
  ['a kid', { kid: '' }],
  ['no alg, which is undefined', { alg: undefined, d: undefined }],
])('accepts keys with %s', (_, members) => {
  for (const key of [RSA, EC, OKP]) expect(keyProblem({ ...key, ...members })).toBeUndefined();
});

describe('keys of unknown types (RFC 7517 section 5)', () => {
  it.each([
    { kty: 'AKP', alg: 'ML-DSA-44', pub: 'AAAA' },
    { kty: 'rsa' },
    { kty: 'RSA ', n: 1 },
    { kty: 'constructor' },
    { kty: '__proto__', crv: 1, x: null, alg: 'HS256' },
  ])('are accepted: %j', (key) => {
    expect(keyProblem(key)).toBeUndefined();
  });

  it.each([
    ['key-private', { priv: 'AAAA' }],
    ['key-private', { d: null }],
    ['key-text', { use: 1 }],
    ['key-text', { alg: [] }],
    ['key-text', { kid: null }],
    ['key-certificates', { x5c: 'AAAA' }],
  ])('violate %s: %j', (rule, members) => {
    expect(keyProblem({ kty: 'AKP', ...members })?.rule).toBe(rule);
  });
});
