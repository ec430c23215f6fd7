import { constants, createPublicKey, generateKeyPairSync, publicEncrypt, type JsonWebKey } from 'node:crypto';
import fc from 'fast-check';
import { keyProblem, type JsonKey } from './index.ts';

const ODD = 1;
const EXPONENT = 'is not a usable exponent; use an odd number of 2 to 64 bits, such as 65537.';

/** A number with exactly this number of bits. */
function number(bits: number, low = ODD): Buffer {
  const value = Buffer.alloc(Math.ceil(bits / 8), 0x5a);
  value[0] = ((1 << ((bits - 1) % 8)) | (bits <= 8 ? low : 0)) & 0xff;
  if (value.length > 1) value[value.length - 1] = 0x5a | low;
  return value;
}
const rsa = (n: Buffer, e: Buffer | string): JsonKey => ({
  kty: 'RSA',
  n: n.toString('base64url'),
  e: typeof e === 'string' ? e : e.toString('base64url'),
});

/** Whether OpenSSL can use a key. OpenSSL also parses larger numbers than it can use. */
function isUsable(key: JsonKey): boolean {
  try {
    const length = Buffer.from(key.n as string, 'base64url').length;
    const publicKey = createPublicKey({ key: key as JsonWebKey, format: 'jwk' });
    publicEncrypt({ key: publicKey, padding: constants.RSA_NO_PADDING }, Buffer.alloc(length, '\0'));
    return true;
  } catch {
    return false;
  }
}

it.each([2048, 3072])('accepts generated keys of %d bits', (modulusLength) => {
  for (const publicExponent of [3, 65537]) {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength, publicExponent });
    expect(keyProblem({ ...publicKey.export({ format: 'jwk' }) })).toBeUndefined();
  }
});

it.each([2048, 2049, 2055, 2056, 3073, 8192, 16383, 16384])('accepts %d bits, which OpenSSL can use', (bits) => {
  for (const e of ['Aw', 'AQAB', number(64)]) {
    const key = rsa(number(bits), e);
    expect(keyProblem(key)).toBeUndefined();
    expect(isUsable(key)).toBe(true);
  }
});

it.each([1, 8, 512, 1024, 2040, 2047, 16385, 16392, 80_000])('refuses %d bits (RFC 7518 section 3.3)', (bits) => {
  const detail = `has ${bits} bits; use an RSA key of 2048 to 16384 bits.`;
  expect(keyProblem(rsa(number(bits), 'AQAB'))).toEqual({ rule: 'key-size', at: '.n', detail });
});

it('has the limits of OpenSSL for the bits of n and e', () => {
  expect(isUsable(rsa(number(16385), 'AQAB'))).toBe(false);
  expect(isUsable(rsa(number(3073), number(65)))).toBe(false);
});

it.each([
  ['1', 'AQ'],
  ['2', 'Ag'],
  ['even', 'AQAA'],
  ['of 65 bits', number(65).toString('base64url')],
  ['as large as the modulus', number(2048).toString('base64url')],
])('refuses an exponent that is %s (RFC 8017 section 3.1)', (_, e) => {
  expect(keyProblem(rsa(number(2048), e))).toEqual({ rule: 'key-exponent', at: '.e', detail: EXPONENT });
});

it('refuses an even modulus (RFC 8017 section 3.1)', () => {
  expect(keyProblem(rsa(number(2048, 0), 'AQAB'))?.rule).toBe('key-modulus');
});

it('refuses leading zero bytes (RFC 7518 section 2)', () => {
  const padded = Buffer.concat([Buffer.alloc(1), number(2048)]);
  const detail = 'begins with a zero byte; encode the number in as few bytes as possible.';
  expect(keyProblem(rsa(padded, 'AQAB'))).toEqual({ rule: 'key-integer', at: '.n', detail });
  expect(keyProblem(rsa(number(2048), 'AA'))).toEqual({ rule: 'key-integer', at: '.e', detail });
});

it.each([
  ['.n', { n: undefined }, 'is missing; an RSA key has "n" and "e".'],
  ['.e', { e: undefined }, 'is missing; an RSA key has "n" and "e".'],
  ['.e', { e: 65537 }, 'is not a string; an RSA key has "n" and "e", each in base64url.'],
  ['.n', { n: null }, 'is not a string; an RSA key has "n" and "e", each in base64url.'],
])('needs both members (RFC 7518 section 6.3.1), example %#', (at, members, detail) => {
  expect(keyProblem({ ...rsa(number(2048), 'AQAB'), ...members })).toEqual({ rule: 'key-member', at, detail });
});

it('accepts only numbers that OpenSSL can use', () => {
  const size = fc.oneof(fc.integer({ min: 2040, max: 2064 }), fc.integer({ min: 3070, max: 3080 }));
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 10 });
  let accepted = 0;
  fc.assert(
    fc.property(size, fc.nat(1), bytes, (bits, low, e) => {
      const key = rsa(number(bits, low), Buffer.from(e));
      if (keyProblem(key) !== undefined) return;
      accepted += 1;
      expect(isUsable(key)).toBe(true);
    }),
    { numRuns: 2_000 },
  );
  expect(accepted).toBeGreaterThan(100);
});
