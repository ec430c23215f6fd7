import type { ApiPromise } from './api-promise.ts';
import { path } from './identifier.ts';
import type { ApiAccessTokenInformation, CreatedApiAccessToken } from './models.ts';
import type { RequestOptions } from './options.ts';
import { readAccessToken, readAccessTokens } from './token-result.ts';
import { post, type Transport } from './transport.ts';

/** The API access token to create. */
export interface NewAccessToken {
  /** The rights of the token, for example `USE_SERVICE`. */
  accessRights: readonly string[];
  /** A name for people. */
  label?: string | undefined;
  /** Seconds for which the token is valid. Default: without limit. */
  expiresIn?: number | undefined;
}

/**
 * API access tokens: those of one service, or those for all services.
 *
 * A call rejects with an `ApiError`, a `ConnectionError` or a `TimeoutError` if it fails, with a `TypeError` if an option is invalid
 * or missing, or with the reason of the caller's signal.
 */
export class AccessTokens {
  readonly #transport: Transport;

  /** @internal */
  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Creates a token. Only this result has its value.
   *
   * @throws {ApiError} with status 400 if a right does not exist, or if the token would be valid longer than that of the caller.
   */
  create(token: NewAccessToken, options?: RequestOptions): ApiPromise<CreatedApiAccessToken> {
    return this.#transport.change(() => post('api_access_token/create', token), readAccessToken, options);
  }

  /** Lists the tokens without their values, oldest first. */
  list(options?: RequestOptions): ApiPromise<readonly ApiAccessTokenInformation[]> {
    return this.#transport.read(
      () => ({ method: 'GET', path: 'api_access_token/get/list' }),
      readAccessTokens,
      options,
    );
  }

  /**
   * Revokes a token.
   *
   * @throws {ApiError} with status 404 if no such token exists.
   */
  delete(id: string, options?: RequestOptions): ApiPromise<void> {
    return this.#transport.change(
      () => ({ method: 'DELETE', path: path`api_access_token/delete/${id}` }),
      () => undefined,
      options,
    );
  }
}
