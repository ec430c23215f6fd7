import { expectBetween, HashProblem } from './hash-problem.ts';

/** Bytes of a key or digest. A shorter one would match too many secrets. */
const SHORTEST_KEY = 16;
const LONGEST_KEY = 64;

const LONGEST_SALT = 128;

type Decoder = (text: string) => Buffer;

/** Standard base64 with padding. */
export const base64: Decoder = decoder('base64', 'base64 with padding', (bytes) => bytes.toString('base64'));

/** Standard base64 without padding, as in PHC strings. */
export const rawBase64: Decoder = decoder('base64', 'base64 without padding', (bytes) =>
  bytes.toString('base64').replace(/=+$/, ''),
);

/** The base64 of passlib: without padding, with `.` in the place of `+`. */
export const passlibBase64: Decoder = (text) => rawBase64(text.replaceAll('.', '+'));

export const base64url: Decoder = decoder('base64url', 'base64url without padding', (bytes) =>
  bytes.toString('base64url'),
);

export const hex: Decoder = (text) =>
  decoder('hex', 'hexadecimal', (bytes) => bytes.toString('hex'))(text.toLowerCase());

/** A decoder that refuses every text that the encoding would not create. Node ignores such characters. */
function decoder(encoding: BufferEncoding, name: string, encode: (bytes: Buffer) => string): Decoder {
  return (text) => {
    const bytes = Buffer.from(text, encoding);
    if (encode(bytes) !== text) throw new HashProblem(`a part of it is not ${name}.`);
    return bytes;
  };
}

/** A key or digest, which is compared with that of a presented secret. */
export function expectKey(key: Buffer): Buffer {
  expectBetween(key.length, SHORTEST_KEY, LONGEST_KEY, 'the bytes of its key');
  return key;
}

export function expectSalt(salt: Buffer, shortest = 1): Buffer {
  expectBetween(salt.length, shortest, LONGEST_SALT, 'the bytes of its salt');
  return salt;
}
