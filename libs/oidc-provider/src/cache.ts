import type { ClientCache } from '@clientele/client';

/** Resolves the clients: a `ClientCache`. */
export type ClientLookup = Pick<ClientCache, 'resolve'>;

/** Verifies client secrets: the same `ClientCache`. */
export type SecretVerifier = Pick<ClientCache, 'verifySecret'>;
