/** What is kept of an initial access token: who has it may register clients. */
export interface InitialAccessToken {
  readonly serviceId: number;
  /** Below 2^53; later tokens have greater IDs. */
  readonly id: number;
  /** SHA-256 of the token, base64url. */
  readonly hash: string;
  /** For people. */
  readonly label: string | undefined;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Milliseconds since 1970; from then on it is worthless. */
  readonly expiresAt: number;
  /** How many clients may be registered with it, and how many more. */
  readonly uses: number;
  readonly usesLeft: number;
}

/** Whether a client may still be registered with it. */
export function isUsable({ expiresAt, usesLeft }: InitialAccessToken, now: number): boolean {
  return usesLeft > 0 && now < expiresAt;
}
