import type { LockedResponse, NotFoundResponse } from './resolve-response.ts';

/** The secret is valid. */
export interface VerifiedResponse {
  action: 'OK';
  /** Seconds since 1970, 0 for never. */
  expiresAt: number;
}

/** The secret is not a valid secret of the client. */
export interface InvalidSecretResponse {
  action: 'INVALID';
}

/** The response of `client/secret/verify`, a union by `action`. */
export type VerifySecretResponse = VerifiedResponse | InvalidSecretResponse | NotFoundResponse | LockedResponse;
