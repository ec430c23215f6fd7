import { pbkdf2, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { Comparison } from './comparison.ts';
import { expectKey, expectSalt, rawBase64 } from './encodings.ts';
import { expectBetween, expectForm, HashProblem } from './hash-problem.ts';

const MIB = 1024 * 1024;

/** The most that one verification may cost. */
export const MOST = {
  pbkdf2Iterations: 1_000_000,
  /** Bytes of memory of scrypt and Argon2. */
  memory: 64 * MIB,
  /** Bytes that scrypt writes, which determine its time. */
  scryptWritten: 128 * MIB,
  argon2Iterations: 10,
  argon2Parallelism: 4,
  bcryptCost: 14,
} as const;

const SHORTEST_ARGON2_SALT = 8;

/** bcrypt ignores the bytes after these. */
const BCRYPT_BYTES = 72;

const derivePbkdf2 = promisify(pbkdf2);
const deriveScrypt = promisify<string, Buffer, number, object, Buffer>(scrypt);

/** The bytes of each digest of PBKDF2. */
const DIGEST_BYTES = { sha1: 20, sha256: 32, sha512: 64, 'sha3-224': 28, 'sha3-384': 48 } as const;

export interface Pbkdf2Hash {
  readonly digest: keyof typeof DIGEST_BYTES;
  readonly iterations: number;
  readonly salt: Buffer;
  readonly key: Buffer;
}

/** @see https://www.rfc-editor.org/rfc/rfc8018.html#section-5.2 */
export function pbkdf2Hash({ digest, iterations, salt, key }: Pbkdf2Hash): Comparison {
  expectSalt(salt);
  expectKey(key);
  // Each block of the key needs all iterations.
  const blocks = Math.ceil(key.length / DIGEST_BYTES[digest]);
  expectBetween(iterations, 1, Math.floor(MOST.pbkdf2Iterations / blocks), 'its iterations');
  return async (presented) => timingSafeEqual(await derivePbkdf2(presented, salt, iterations, key.length, digest), key);
}

export interface ScryptHash {
  /** The logarithm of N to the base 2. */
  readonly cost: number;
  readonly blockSize: number;
  readonly parallelism: number;
  readonly salt: Buffer;
  readonly key: Buffer;
}

/** @see https://www.rfc-editor.org/rfc/rfc7914.html#section-2 */
export function scryptHash({ cost, blockSize, parallelism, salt, key }: ScryptHash): Comparison {
  expectSalt(salt);
  expectKey(key);
  expectBetween(blockSize, 1, 64, 'its block size (r)');
  // RFC 7914 section 2: N must be less than 2^(128 * r / 8).
  expectBetween(cost, 1, Math.min(24, 16 * blockSize - 1), 'the logarithm of its cost (N)');
  const memory = 128 * 2 ** cost * blockSize;
  expectBetween(memory, 1, MOST.memory, 'the bytes of memory that it needs (128 * N * r)');
  expectBetween(parallelism, 1, Math.floor(MOST.scryptWritten / memory), 'its parallelism (p)');
  const options = { N: 2 ** cost, r: blockSize, p: parallelism, maxmem: MOST.scryptWritten };
  return async (presented) => timingSafeEqual(await deriveScrypt(presented, salt, key.length, options), key);
}

/**
 * Argon2id or Argon2i as a PHC string.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9106.html
 */
export function argon2Hash(text: string): Comparison {
  const [type = '', memory = '', iterations = '', parallelism = '', salt = '', key = ''] = expectForm(
    text,
    /^\$argon2(id|i)\$v=19\$m=(\d{1,9}),t=(\d{1,9}),p=(\d{1,9})\$([^$]+)\$([^$]+)$/,
    '$argon2id$v=19$m=...,t=...,p=...$salt$key, or the same with argon2i',
  );
  const hash = {
    salt: expectSalt(rawBase64(salt), SHORTEST_ARGON2_SALT),
    memorySize: Number(memory),
    iterations: Number(iterations),
    parallelism: Number(parallelism),
  };
  const expected = expectKey(rawBase64(key));
  expectBetween(hash.parallelism, 1, MOST.argon2Parallelism, 'its parallelism (p)');
  expectBetween(hash.memorySize, 8 * hash.parallelism, MOST.memory / 1024, 'its memory in KiB (m)');
  expectBetween(hash.iterations, 1, MOST.argon2Iterations, 'its iterations (t)');
  const options = { ...hash, hashLength: expected.length, outputType: 'binary' };
  return async (presented, worker) => {
    const result = await worker.call({
      name: type === 'id' ? 'argon2id' : 'argon2i',
      options: { ...options, password: presented },
    });
    return timingSafeEqual(result as Uint8Array, expected);
  };
}

/** The function compares the hashes itself, after its slow part and in the other thread. */
export function bcryptHash(text: string): Comparison {
  const [, cost = ''] = expectForm(
    text,
    /^\$2([aby])\$(\d\d)\$[./A-Za-z0-9]{53}$/,
    '$2b$cost$ and 53 characters, or the same with 2a or 2y',
  );
  expectBetween(Number(cost), 4, MOST.bcryptCost, 'its cost');
  return async (presented, worker) =>
    Buffer.byteLength(presented) <= BCRYPT_BYTES &&
    (await worker.call({ name: 'bcryptVerify', options: { password: presented, hash: text } })) === true;
}

/** The digest of a name in a hash. Throws `HashProblem` if it is not one of the names. */
export function digestNamed<Digest>(name: string, digests: Readonly<Record<string, Digest>>): Digest {
  const digest = Object.hasOwn(digests, name) ? digests[name] : undefined;
  if (digest === undefined) throw new HashProblem(`its digest must be one of ${Object.keys(digests).join(', ')}.`);
  return digest;
}
