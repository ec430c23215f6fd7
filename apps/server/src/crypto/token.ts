import { hash, randomFillSync, timingSafeEqual } from 'node:crypto';

/** Random bytes that nobody has had yet; the system takes about as long for many as for few. */
const random = Buffer.alloc(4096);
let used = random.length;

/** So many random bytes as text, base64url. */
export function randomText(bytes: number): string {
  if (used + bytes > random.length) {
    randomFillSync(random);
    used = 0;
  }
  const end = used + bytes;
  const text = random.toString('base64url', used, end);
  // What was a secret's is not left in memory beside what will be.
  random.fill(0, used, end);
  used = end;
  return text;
}

/** A bearer token or other secret of 256 random bits: 43 characters of base64url. */
export function newToken(): string {
  return randomText(32);
}

/** What is kept of a token: SHA-256 in base64url. A random token of 256 bits needs no salt and no slow hash. */
export function hashToken(token: string): string {
  return hash('sha256', token, 'base64url');
}

/** Compares two hashes of tokens in a time that does not depend on them. */
export function equalHashes(one: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(one, 'base64url'), Buffer.from(other, 'base64url'));
}

/** Compares two strings in a time that depends only on the length of the first, which the caller chose. */
export function equalSecrets(presented: string, expected: string): boolean {
  return timingSafeEqual(digest(presented), digest(expected));
}

function digest(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}
