import type { SecretDigest } from '../models.ts';

/** Whether a secret of a client is valid at this time, in milliseconds since 1970. */
export function isUnexpired({ expiresAt }: SecretDigest, now: number): boolean {
  return expiresAt === 0 || now < expiresAt * 1_000;
}

/** Whether the secret has one of the digests. The time of the comparison does not depend on the digests. */
export async function hasDigest(secret: string, digests: readonly SecretDigest[]): Promise<boolean> {
  const digest = await sha256(secret);
  let found = 0;
  for (const { sha256: expected } of digests) found |= Number(expected !== undefined && areEqual(digest, expected));
  return found !== 0;
}

/** SHA-256 of the UTF-8 bytes of a text, in base64url without padding. */
async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  const base64 = btoa(String.fromCharCode(...new Uint8Array(digest)));
  return base64.replaceAll('+', '-').replaceAll('/', '_').replace('=', '');
}

/** Compares two texts; if they have the same length, in a time that does not depend on their characters. */
function areEqual(one: string, other: string): boolean {
  let difference = one.length ^ other.length;
  for (let i = 0; i < one.length; i++) difference |= one.charCodeAt(i) ^ other.charCodeAt(i);
  return difference === 0;
}
