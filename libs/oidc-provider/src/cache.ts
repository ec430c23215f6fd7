import type { ClientCache } from '@clientele/client';

/** Resolves the clients: a `ClientCache`. */
export type ClientLookup = Pick<ClientCache, 'resolve'>;

/** Verifies client secrets: the same `ClientCache`. */
export type SecretVerifier = Pick<ClientCache, 'verifySecret'>;

/** The most characters of an identifier or of a secret that the registry accepts; it answers HTTP 400 to a longer one. */
const LONGEST = 2048;

/** Whether no client has this identifier or secret, because it is too long. */
export function isTooLong(presented: string): boolean {
  return presented.length > LONGEST;
}
