import { hash, timingSafeEqual } from 'node:crypto';
import type { Comparison } from './comparison.ts';
import { hex } from './encodings.ts';
import { expectForm, HashProblem } from './hash-problem.ts';

const BYTES = { md5: 16, sha1: 20, sha256: 32, sha512: 64 } as const;

type Digest = keyof typeof BYTES;

/** The digest of the secret, followed by a text if there is a salt. */
export function digestHash(digest: Digest, expected: Buffer, suffix = ''): Comparison {
  if (expected.length !== BYTES[digest])
    throw new HashProblem(`it must have ${BYTES[digest]} bytes, as every digest of ${digest}, not ${expected.length}.`);
  return (presented) => timingSafeEqual(hash(digest, presented + suffix, 'buffer'), expected);
}

/** Spring's `MessageDigestPasswordEncoder`: the salt with its braces follows the secret. */
export function springDigestHash(digest: Digest): (text: string) => Comparison {
  return (text) => {
    const [salt = '', expected = ''] = expectForm(text, /^(\{[^{}]*\})?([0-9a-fA-F]+)$/, '{salt}digest in hexadecimal');
    return digestHash(digest, hex(expected), salt);
  };
}

const STANDARD_ITERATIONS = 1024;
const STANDARD_SALT = 8;

/** Spring's `StandardPasswordEncoder`: SHA-256 1,024 times. */
export function springStandardHash(text: string): Comparison {
  const bytes = hex(text);
  const expected = bytes.subarray(STANDARD_SALT);
  if (expected.length !== BYTES.sha256)
    throw new HashProblem('it must have a salt of 8 bytes and a digest of 32 bytes.');
  const salt = bytes.subarray(0, STANDARD_SALT);
  return (presented) => {
    let digest = Buffer.concat([salt, Buffer.from(presented)]);
    for (let i = 0; i < STANDARD_ITERATIONS; i++) digest = hash('sha256', digest, 'buffer');
    return timingSafeEqual(digest, expected);
  };
}
