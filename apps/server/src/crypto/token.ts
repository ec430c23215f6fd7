import { hash, randomBytes, timingSafeEqual } from 'node:crypto';

/** A bearer token of 256 random bits: 43 characters of base64url. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** A client secret of 512 random bits: 86 characters of base64url, as many as Authlete's. */
export function newClientSecret(): string {
  return randomBytes(64).toString('base64url');
}

/** The stored form of a token: SHA-256 in base64url. A random token of 256 bits needs no salt and no slow hash. */
export function hashToken(token: string): string {
  return hash('sha256', token, 'base64url');
}

/** Compares two hashes of tokens in constant time. A text that is no such hash equals none. */
export function equalHashes(one: string, other: string): boolean {
  const [first, second] = [Buffer.from(one, 'base64url'), Buffer.from(other, 'base64url')];
  return first.length === second.length && timingSafeEqual(first, second);
}

/** Compares two strings in a time that depends only on their lengths. */
export function equalSecrets(presented: string, expected: string): boolean {
  return timingSafeEqual(digest(presented), digest(expected));
}

function digest(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}
