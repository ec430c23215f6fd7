import { PUBLIC_KEY_ALGORITHMS } from './algorithms.ts';
import { canEncrypt, canVerify, isSymmetric, type JsonKey } from './index.ts';

/** The members that determine the kind of a key. */
const KEYS: Record<string, JsonKey> = {
  RSA: { kty: 'RSA' },
  'P-256': { kty: 'EC', crv: 'P-256' },
  'P-384': { kty: 'EC', crv: 'P-384' },
  'P-521': { kty: 'EC', crv: 'P-521' },
  secp256k1: { kty: 'EC', crv: 'secp256k1' },
  Ed25519: { kty: 'OKP', crv: 'Ed25519' },
  Ed448: { kty: 'OKP', crv: 'Ed448' },
  X25519: { kty: 'OKP', crv: 'X25519' },
  X448: { kty: 'OKP', crv: 'X448' },
};
const AGREEMENT = ['P-256', 'P-384', 'P-521', 'secp256k1', 'X25519', 'X448'];
const VERIFYING: Record<string, string[]> = {
  RS256: ['RSA'],
  RS384: ['RSA'],
  RS512: ['RSA'],
  PS256: ['RSA'],
  PS384: ['RSA'],
  PS512: ['RSA'],
  ES256: ['P-256'],
  ES384: ['P-384'],
  ES512: ['P-521'],
  ES256K: ['secp256k1'],
  EdDSA: ['Ed25519', 'Ed448'],
  Ed25519: ['Ed25519'],
  Ed448: ['Ed448'],
};
const ENCRYPTING: Record<string, string[]> = {
  RSA1_5: ['RSA'],
  'RSA-OAEP': ['RSA'],
  'RSA-OAEP-256': ['RSA'],
  'RSA-OAEP-384': ['RSA'],
  'RSA-OAEP-512': ['RSA'],
  'ECDH-ES': AGREEMENT,
  'ECDH-ES+A128KW': AGREEMENT,
  'ECDH-ES+A192KW': AGREEMENT,
  'ECDH-ES+A256KW': AGREEMENT,
};
const SYMMETRIC = [
  ...['HS256', 'HS384', 'HS512', 'dir', 'A128KW', 'A192KW', 'A256KW', 'A128GCMKW', 'A192GCMKW', 'A256GCMKW'],
  ...['PBES2-HS256+A128KW', 'PBES2-HS384+A192KW', 'PBES2-HS512+A256KW'],
];
const OTHERS = ['none', '', 'ES256 ', 'es256', 'ML-DSA-44', 'constructor', '__proto__', 'A128GCM', 'RS1'];
const ALL = [...Object.keys(VERIFYING), ...Object.keys(ENCRYPTING), ...SYMMETRIC, ...OTHERS];

const expectedKinds = (table: Record<string, string[]>, algorithm: string) =>
  Object.entries(table).find(([name]) => name === algorithm)?.[1] ?? [];
const kindsFor = (able: typeof canVerify, algorithm: string) =>
  Object.keys(KEYS).filter((kind) => able(KEYS[kind]!, algorithm));

it('supports every algorithm of the table', () => {
  expect([...Object.keys(VERIFYING), ...Object.keys(ENCRYPTING)].sort()).toEqual(
    [...PUBLIC_KEY_ALGORITHMS.keys()].sort(),
  );
});

describe.each(ALL)('%j', (algorithm) => {
  it('is verified with keys of the kinds of RFC 7518 section 3.1, and no others', () => {
    expect(kindsFor(canVerify, algorithm)).toEqual(expectedKinds(VERIFYING, algorithm));
  });

  it('encrypts to keys of the kinds of RFC 7518 section 4.1, and no others', () => {
    expect(kindsFor(canEncrypt, algorithm)).toEqual(expectedKinds(ENCRYPTING, algorithm));
  });

  it('is symmetric if its key is a shared secret', () => {
    expect(isSymmetric(algorithm)).toBe(SYMMETRIC.includes(algorithm));
  });
});

it.each([
  [{}, true],
  [{ use: 'sig' }, true],
  [{ use: 'enc' }, false],
  [{ use: 'tls' }, false],
  [{ alg: 'ES256' }, true],
  [{ alg: 'ES384' }, false],
  [{ alg: 'ECDH-ES' }, false],
  [{ key_ops: ['verify'] }, true],
  [{ key_ops: ['sign', 'verify'] }, true],
  [{ key_ops: ['sign'] }, false],
  [{ key_ops: [] }, false],
  [{ use: 'sig', key_ops: ['verify'], alg: 'ES256' }, true],
])('verifies with a key of %j as RFC 7517 sections 4.2 to 4.4 allow: %s', (members, expected) => {
  expect(canVerify({ ...KEYS['P-256'], ...members }, 'ES256')).toBe(expected);
});

it.each([
  ['RSA', 'RSA-OAEP', {}, true],
  ['RSA', 'RSA-OAEP', { use: 'enc' }, true],
  ['RSA', 'RSA-OAEP', { use: 'sig' }, false],
  ['RSA', 'RSA-OAEP', { alg: 'RSA-OAEP' }, true],
  ['RSA', 'RSA-OAEP', { alg: 'RSA-OAEP-256' }, false],
  ['RSA', 'RSA-OAEP', { key_ops: ['encrypt'] }, true],
  ['RSA', 'RSA-OAEP', { key_ops: ['wrapKey'] }, true],
  ['RSA', 'RSA-OAEP', { key_ops: ['verify'] }, false],
  ['RSA', 'RSA-OAEP', { key_ops: [] }, false],
  ['X25519', 'ECDH-ES', { key_ops: ['deriveKey'] }, true],
  ['X25519', 'ECDH-ES', { key_ops: ['deriveBits'] }, true],
  ['X25519', 'ECDH-ES', { key_ops: [] }, true],
  ['X25519', 'ECDH-ES', { key_ops: ['verify'] }, false],
  ['P-256', 'ECDH-ES+A128KW', { use: 'enc', alg: 'ECDH-ES+A128KW' }, true],
  ['P-256', 'ECDH-ES+A128KW', { alg: 'ECDH-ES' }, false],
])('encrypts to a %s key with %s and %j as RFC 7517 sections 4.2 to 4.4 allow: %s', (kind, alg, members, expected) => {
  expect(canEncrypt({ ...KEYS[kind], ...members }, alg)).toBe(expected);
});

it.each([
  ['Ed25519', 'EdDSA', 'Ed25519', true],
  ['Ed25519', 'Ed25519', 'EdDSA', true],
  ['Ed448', 'EdDSA', 'Ed448', true],
  ['Ed448', 'EdDSA', 'Ed25519', false],
  ['Ed25519', 'ES256', 'EdDSA', false],
])('verifies with a %s key whose alg is %s by %s: %s (RFC 9864 section 2.2)', (kind, alg, algorithm, expected) => {
  expect(canVerify({ ...KEYS[kind], alg }, algorithm)).toBe(expected);
});

it('uses no keys of unknown types and curves (RFC 7517 section 5)', () => {
  const unknown: JsonKey[] = [
    { kty: 'AKP', crv: 'P-256', alg: 'ES256' },
    { kty: 'EC', crv: 'Ed25519' },
    { kty: 'OKP', crv: 'P-256' },
    { kty: 'EC', crv: 'toString' },
    { kty: 'EC' },
    {},
  ];
  for (const key of unknown) {
    expect(ALL.filter((algorithm) => canVerify(key, algorithm) || canEncrypt(key, algorithm))).toEqual([]);
  }
});
