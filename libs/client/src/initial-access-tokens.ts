import type { ApiPromise } from './api-promise.ts';
import { path } from './identifier.ts';
import type { CreatedInitialAccessToken, InitialAccessTokenInformation, InitialAccessTokenPage } from './models.ts';
import type { ListOptions, RequestOptions } from './options.ts';
import { pages, query } from './pages.ts';
import { readInitialAccessToken, readInitialAccessTokenPage } from './token-result.ts';
import { post, type Transport } from './transport.ts';

/** The initial access token to create. */
export interface NewInitialAccessToken {
  /** Seconds for which the token is valid. Default: a day. */
  expiresIn?: number | undefined;
  /** The number of clients that can be registered with the token. Default: 1. */
  uses?: number | undefined;
  /** A name for people. */
  label?: string | undefined;
}

/** The page to get. */
export interface InitialAccessTokenPageRequest {
  /** The `next` of the previous page. Default: the first page. */
  after?: number | undefined;
  /** The most tokens of the page: 1 to 1,000. Default: 100. */
  limit?: number | undefined;
}

/**
 * The initial access tokens of the service.
 *
 * A call rejects with an `ApiError`, a `ConnectionError` or a `TimeoutError` if it fails, with a `TypeError` if an option is invalid
 * or missing, or with the reason of the caller's signal.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7591.html#section-3
 */
export class InitialAccessTokens {
  readonly #transport: Transport;

  /** @internal */
  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Creates a token. Only this result has its value. */
  create(token: NewInitialAccessToken = {}, options?: RequestOptions): ApiPromise<CreatedInitialAccessToken> {
    return this.#transport.change(() => post('initial_access_token/create', token), readInitialAccessToken, options);
  }

  /** Lists the tokens without their values, oldest first, with expired and used ones. Pages are fetched while the list is read. */
  async *list({ pageSize, ...options }: ListOptions = {}): AsyncGenerator<
    InitialAccessTokenInformation,
    void,
    undefined
  > {
    const page = (after?: number) => this.listPage({ limit: pageSize, after }, options);
    for await (const { initialAccessTokens } of pages(page)) yield* initialAccessTokens;
  }

  /** Gets one page of the list. `next` is the `after` of the next page; it is absent at the end. */
  listPage(
    { limit = 100, after }: InitialAccessTokenPageRequest = {},
    options?: RequestOptions,
  ): ApiPromise<InitialAccessTokenPage> {
    return this.#transport.read(
      () => ({ method: 'GET', path: `initial_access_token/get/list?${query({ limit, after })}` }),
      readInitialAccessTokenPage,
      options,
    );
  }

  /**
   * Revokes a token. Clients that were registered with it remain.
   *
   * @throws {ApiError} with status 404 if no such token exists.
   */
  delete(id: number, options?: RequestOptions): ApiPromise<void> {
    return this.#transport.change(
      () => ({ method: 'DELETE', path: path`initial_access_token/delete/${id}` }),
      () => undefined,
      options,
    );
  }
}
