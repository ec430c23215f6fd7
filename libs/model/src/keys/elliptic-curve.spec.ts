import { createPublicKey, generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import { ELLIPTIC_CURVES, OCTET_KEY_PAIR_BYTES, type EllipticCurveName, type OctetKeyPairName } from './curves.ts';
import { keyProblem, type JsonKey } from './index.ts';

const GENERATED = 50;

const isReadByOpenSsl = (key: JsonKey): boolean => {
  try {
    createPublicKey({ key: key as JsonWebKey, format: 'jwk' });
    return true;
  } catch {
    return false;
  }
};
const elliptic = (namedCurve: string): JsonKey => ({
  ...generateKeyPairSync('ec', { namedCurve }).publicKey.export({ format: 'jwk' }),
});
/** `generateKeyPairSync` has one overload for each of these types. */
const octet = (crv: OctetKeyPairName): JsonKey => ({
  ...generateKeyPairSync(crv.toLowerCase() as 'ed25519').publicKey.export({ format: 'jwk' }),
});
const encode = (value: bigint, bytes: number): string =>
  Buffer.from(value.toString(16).padStart(bytes * 2, '0'), 'hex').toString('base64url');
const decode = (text: unknown): bigint => BigInt(`0x${Buffer.from(text as string, 'base64url').toString('hex')}`);

describe.each(Object.keys(ELLIPTIC_CURVES) as EllipticCurveName[])('EC keys of %s (RFC 7518 section 6.2.1)', (crv) => {
  const { p, bytes } = ELLIPTIC_CURVES[crv];

  it('are accepted with a generated point and with the opposite point', () => {
    for (let count = 0; count < GENERATED; count += 1) {
      const key = elliptic(crv);
      const opposite = { ...key, y: encode(p - decode(key.y), bytes) };
      for (const valid of [key, opposite]) {
        expect(keyProblem(valid)).toBeUndefined();
        expect(isReadByOpenSsl(valid)).toBe(true);
      }
    }
  });

  it('are refused with any other y (RFC 8725 section 3.4)', () => {
    const key = elliptic(crv);
    const detail = `is not on the curve; use "x" and "y" of a point of ${crv}.`;
    for (const y of [0n, 1n, p - 1n, decode(key.y) ^ 1n, decode(key.y) ^ 2n, decode(key.x)]) {
      const other = { ...key, y: encode(y, bytes) };
      expect(keyProblem(other)).toEqual({ rule: 'key-point', at: '', detail });
      expect(isReadByOpenSsl(other)).toBe(false);
    }
  });

  it('are refused with a coordinate that is not below p', () => {
    const detail = `is too large; a coordinate of ${crv} is below the prime of the curve.`;
    const largest = Buffer.alloc(bytes, 255).toString('base64url');
    for (const member of ['x', 'y'])
      for (const value of [encode(p, bytes), largest]) {
        const key = { ...elliptic(crv), [member]: value };
        expect(keyProblem(key)).toEqual({ rule: 'key-point', at: `.${member}`, detail });
        expect(isReadByOpenSsl(key)).toBe(false);
      }
  });

  it.each(['x', 'y'])('are refused with another length of "%s" (RFC 7518 sections 6.2.1.2 and 6.2.1.3)', (member) => {
    const key = elliptic(crv);
    for (const length of [bytes - 1, bytes + 1, 100_000]) {
      const detail = `has ${length} bytes; a coordinate of ${crv} has ${bytes} bytes, with leading zeros.`;
      const value = Buffer.alloc(length, 1).toString('base64url');
      expect(keyProblem({ ...key, [member]: value })).toEqual({ rule: 'key-coordinate', at: `.${member}`, detail });
    }
    const longer = encode(decode(key[member]), bytes + 1);
    expect(keyProblem({ ...key, [member]: longer })?.rule).toBe('key-coordinate');
  });
});

describe.each(Object.keys(OCTET_KEY_PAIR_BYTES) as OctetKeyPairName[])('OKP keys of %s (RFC 8037 section 2)', (crv) => {
  it('are accepted if they were generated', () => {
    for (let count = 0; count < GENERATED; count += 1) expect(keyProblem(octet(crv))).toBeUndefined();
  });

  it('are refused with another length', () => {
    const bytes = OCTET_KEY_PAIR_BYTES[crv];
    for (const length of [1, bytes - 1, bytes + 1, 100_000]) {
      const key = { kty: 'OKP', crv, x: Buffer.alloc(length, 1).toString('base64url') };
      const detail = `has ${length} bytes; a public key of ${crv} has ${bytes} bytes.`;
      expect(keyProblem(key)).toEqual({ rule: 'key-bytes', at: '.x', detail });
      expect(isReadByOpenSsl(key)).toBe(false);
    }
  });
});

const EC_CURVES = 'use P-256, P-384, P-521 or secp256k1.';
const OKP_CURVES = 'use Ed25519, Ed448, X25519 or X448.';

it.each([
  ['EC', undefined, `is missing, but an EC key names its curve; ${EC_CURVES}`],
  ['EC', null, `is not a string; ${EC_CURVES}`],
  ['EC', 'Ed25519', `"Ed25519" is not a known curve of EC keys; ${EC_CURVES}`],
  ['EC', 'toString', `"toString" is not a known curve of EC keys; ${EC_CURVES}`],
  ['EC', 'p-256', `"p-256" is not a known curve of EC keys; ${EC_CURVES}`],
  ['OKP', 'P-256', `"P-256" is not a known curve of OKP keys; ${OKP_CURVES}`],
  ['OKP', undefined, `is missing, but an OKP key names its curve; ${OKP_CURVES}`],
])('refuses an %s key of the curve %j (RFC 7518 section 6.2.1.1)', (kty, crv, detail) => {
  expect(keyProblem({ ...elliptic('P-256'), kty, crv })).toEqual({ rule: 'key-curve', at: '.crv', detail });
});
