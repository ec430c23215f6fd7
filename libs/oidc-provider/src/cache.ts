import type { ClientCache } from '@clientele/client';

/** Resolves the clients: a `ClientCache`. */
export type ClientLookup = Pick<ClientCache, 'resolve'>;

/** Verifies client secrets: the same `ClientCache`. */
export type SecretVerifier = Pick<ClientCache, 'verifySecret'>;

/** The most characters of an identifier or of a secret that the registry accepts. It refuses a longer one with HTTP 400. */
const LONGEST = 2048;

/** Whether an identifier or a secret is too long to be that of a client. */
export function isTooLong(presented: string): boolean {
  return presented.length > LONGEST;
}
