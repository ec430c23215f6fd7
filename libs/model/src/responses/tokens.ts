/** An API access token without its value. */
export interface ApiAccessTokenInformation {
  /** The beginning of the hash of the token, as in the log. */
  readonly id: string;
  /** The service of the token; absent if it is for all services. */
  readonly serviceId?: number;
  readonly accessRights: readonly string[];
  readonly label?: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** The actor that created the token, as in the log: another API access token, or a command. */
  readonly createdBy: { readonly type: string; readonly id?: string; readonly user?: string };
  /** Milliseconds since 1970; absent if the validity of the token has no limit. */
  readonly expiresAt?: number;
  /** Milliseconds since 1970, up to an hour before the last use; absent if the token was never used. */
  readonly lastUsedAt?: number;
}

/** The response of `api_access_token/create`. */
export interface CreatedApiAccessToken extends ApiAccessTokenInformation {
  /** The token. No other response has it. */
  readonly apiAccessToken: string;
}

/** The response of `api_access_token/get/list`. */
export interface ApiAccessTokenList {
  /** Oldest first. */
  readonly apiAccessTokens: readonly ApiAccessTokenInformation[];
}

/** An initial access token without its value. */
export interface InitialAccessTokenInformation {
  readonly id: number;
  readonly label?: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  /** The number of clients that can be registered with the token in all, and the number that is left. */
  readonly uses: number;
  readonly usesLeft: number;
  /** Milliseconds since 1970; absent if no client was registered with the token. */
  readonly lastUsedAt?: number;
}

/** The response of `initial_access_token/create`. */
export interface CreatedInitialAccessToken extends InitialAccessTokenInformation {
  /** The token. No other response has it. */
  readonly initialAccessToken: string;
}

/** A page of `initial_access_token/get/list`. */
export interface InitialAccessTokenPage {
  /** Oldest first. */
  readonly initialAccessTokens: readonly InitialAccessTokenInformation[];
  /** The `after` of the next page; absent at the end. */
  readonly next?: number;
}
