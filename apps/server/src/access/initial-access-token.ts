/** A stored initial access token. Its holder may register clients. */
export interface InitialAccessToken {
  readonly serviceId: number;
  /** Below 2^53. Ordered by the millisecond of creation. */
  readonly id: number;
  /** SHA-256 of the token, base64url. */
  readonly hash: string;
  /** A name for people. */
  readonly label: string | undefined;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Milliseconds since 1970. The token is not valid from then on. */
  readonly expiresAt: number;
  /** The number of clients that can be registered with it in all, and the number that is left. */
  readonly uses: number;
  readonly usesLeft: number;
  /** Milliseconds since 1970; `undefined` if no client was registered with it. */
  readonly lastUsedAt?: number | undefined;
}

/** Whether a client can still be registered with the token. */
export function isUsable({ expiresAt, usesLeft }: InitialAccessToken, now: number): boolean {
  return usesLeft > 0 && now < expiresAt;
}
