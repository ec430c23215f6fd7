import type { ApiPromise } from './api-promise.ts';
import { queryOf, type ClientFilters, type ListPageRequest } from './client-list.ts';
import type {
  ClientInput,
  ClientPatch,
  NewSecret,
  ResolveRequest,
  SecretTimes,
  VerifySecretRequest,
} from './client-requests.ts';
import {
  readClient,
  readLock,
  readPage,
  readPreview,
  readRequestableScopes,
  readResolveResult,
  readSecret,
  readToken,
  readVerifySecretResult,
  type ResolveResult,
  type VerifySecretResult,
} from './client-result.ts';
import { identifierText, path, type ClientIdentifier } from './identifier.ts';
import type {
  Client,
  ClientPage,
  ClientPreview,
  ClientSecretResponse,
  LockResponse,
  RegistrationAccessTokenResponse,
} from './models.ts';
import type { ConditionOptions, ListOptions, RequestOptions } from './options.ts';
import { pages } from './pages.ts';
import { post, type Transport } from './transport.ts';

/**
 * The clients of the service, on behalf of an administrator or an authorization server.
 *
 * A call rejects with an `ApiError`, a `ConnectionError` or a `TimeoutError` if it fails, with a `TypeError` if an identifier or
 * an option is invalid, or with the reason of the caller's signal.
 */
export class Clients {
  readonly #transport: Transport;

  /** @internal */
  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Gets a client as administrators see it. It has a `clientSecret` only if the API access token may view secrets.
   *
   * @throws {ApiError} with status 404 if no such client exists.
   */
  get(identifier: ClientIdentifier, options?: RequestOptions): ApiPromise<Client> {
    return this.#transport.read(() => ({ method: 'GET', path: path`client/get/${identifier}` }), readClient, options);
  }

  /**
   * Lists the clients to which all filters apply, without their secrets: in the order of their creation, or of their names if
   * `clientName` is a filter. Pages are fetched while the list is read, so a list of any length needs little memory.
   */
  async *list(
    filters: ClientFilters = {},
    { pageSize, ...options }: ListOptions = {},
  ): AsyncGenerator<Client, void, undefined> {
    const page = (after?: string) => this.listPage({ ...filters, limit: pageSize, after }, options);
    for await (const { clients } of pages(page)) yield* clients;
  }

  /** Gets one page of the list. `next` is the `after` of the next page; it is absent at the end. */
  listPage(request: ListPageRequest = {}, options?: RequestOptions): ApiPromise<ClientPage> {
    return this.#transport.read(
      () => ({ method: 'GET', path: `client/get/list?${queryOf(request)}` }),
      readPage,
      options,
    );
  }

  /**
   * Resolves a client for an authorization server: its metadata and secrets, if it may be used. The action is `OK`,
   * `NOT_MODIFIED`, `NOT_FOUND`, `LOCKED` or `UNAVAILABLE`.
   */
  resolve({ clientId, etag }: ResolveRequest, options?: RequestOptions): ApiPromise<ResolveResult> {
    return this.#transport.read(
      () => post('client/resolve', { clientId: identifierText(clientId), etag }),
      readResolveResult,
      options,
    );
  }

  /**
   * Creates a client.
   *
   * @throws {ApiError} if a property is invalid.
   */
  create(client: ClientInput, options?: RequestOptions): ApiPromise<Client> {
    return this.#transport.change(() => post('client/create', client), readClient, options);
  }

  /**
   * Replaces a client, or creates it under this identifier. An omitted property is deleted or set to its default.
   *
   * @throws {ApiError} with status 412 if the client does not have the version of `ifMatch`, or if it exists and `ifNoneMatch` is set.
   */
  put(identifier: ClientIdentifier, client: ClientInput, options?: ConditionOptions): ApiPromise<Client> {
    return this.#transport.change(
      () => ({ method: 'PUT', path: path`client/${identifier}`, body: client }),
      readClient,
      options,
    );
  }

  /**
   * Replaces an existing client as Authlete's SDK does. An omitted property is deleted or set to its default, unless Authlete's SDK
   * does not know it, for example `expiresAt`. The secret is not changed. Prefer `put`, or `patch` for single properties.
   *
   * @throws {ApiError} with status 412 if the client does not have the version of `ifMatch`.
   */
  update(identifier: ClientIdentifier, client: ClientInput, options?: ConditionOptions): ApiPromise<Client> {
    return this.#transport.change(() => post(path`client/update/${identifier}`, client), readClient, options);
  }

  /**
   * Changes only the named properties of a client; `null` removes a property.
   *
   * @throws {ApiError} with status 412 if the client does not have the version of `ifMatch`.
   * @see https://www.rfc-editor.org/rfc/rfc7396.html
   */
  patch(identifier: ClientIdentifier, patch: ClientPatch, options?: ConditionOptions): ApiPromise<Client> {
    return this.#transport.change(
      () => ({ method: 'PATCH', path: path`client/update/${identifier}`, body: patch }),
      readClient,
      options,
    );
  }

  /** Returns what `put` would change, and changes nothing. */
  preview(identifier: ClientIdentifier, client: ClientInput, options?: RequestOptions): ApiPromise<ClientPreview> {
    return this.#transport.read(() => post(path`client/preview/${identifier}`, client), readPreview, options);
  }

  /**
   * Locks a client. A locked client must not be used.
   *
   * @throws {ApiError} with result code A293203 if it is locked already.
   */
  lock(identifier: ClientIdentifier, options?: RequestOptions): ApiPromise<LockResponse> {
    return this.#setLock(identifier, true, options);
  }

  /**
   * Unlocks a client.
   *
   * @throws {ApiError} with result code A293204 if it is not locked.
   */
  unlock(identifier: ClientIdentifier, options?: RequestOptions): ApiPromise<LockResponse> {
    return this.#setLock(identifier, false, options);
  }

  #setLock(identifier: ClientIdentifier, clientLocked: boolean, options?: RequestOptions): ApiPromise<LockResponse> {
    return this.#transport.change(
      () => post(path`client/lock_flag/update/${identifier}`, { clientLocked }),
      readLock,
      options,
    );
  }

  /**
   * Deletes a client.
   *
   * @throws {ApiError} with status 404 if no such client exists, or 412 if it does not have the version of `ifMatch`.
   */
  delete(identifier: ClientIdentifier, options?: ConditionOptions): ApiPromise<void> {
    return this.#transport.change(
      () => ({ method: 'DELETE', path: path`client/delete/${identifier}` }),
      () => undefined,
      options,
    );
  }

  /** Verifies a client secret. The action is `OK`, `INVALID`, `NOT_FOUND` or `LOCKED`. */
  verifySecret(
    { clientId, clientSecret }: VerifySecretRequest,
    options?: RequestOptions,
  ): ApiPromise<VerifySecretResult> {
    return this.#transport.read(
      () => post(path`client/secret/verify/${clientId}`, { clientSecret }),
      readVerifySecretResult,
      options,
    );
  }

  /**
   * Replaces the secret by a generated one. The result has the new secret, and the previous one if it can be read.
   *
   * @throws {ApiError} if the client needs no secret.
   */
  refreshSecret(
    identifier: ClientIdentifier,
    times: SecretTimes = {},
    options?: RequestOptions,
  ): ApiPromise<ClientSecretResponse> {
    return this.#transport.change(() => post(path`client/secret/refresh/${identifier}`, times), readSecret, options);
  }

  /**
   * Replaces the secret by a given one.
   *
   * @throws {ApiError} if the client needs no secret, or if the new one has another form than 1 to 255 printable ASCII characters.
   */
  updateSecret(
    identifier: ClientIdentifier,
    secret: NewSecret,
    options?: RequestOptions,
  ): ApiPromise<ClientSecretResponse> {
    return this.#transport.change(() => post(path`client/secret/update/${identifier}`, secret), readSecret, options);
  }

  /**
   * Replaces the registration access token of a client that registered itself. All its previous tokens become invalid at once.
   *
   * @throws {ApiError} if the client did not register itself.
   */
  refreshRegistrationAccessToken(
    identifier: ClientIdentifier,
    options?: RequestOptions,
  ): ApiPromise<RegistrationAccessTokenResponse> {
    return this.#transport.change(
      () => ({ method: 'POST', path: path`client/registration_access_token/refresh/${identifier}` }),
      readToken,
      options,
    );
  }

  /** Gets the scopes that the client may request; undefined if there is no limit. */
  getRequestableScopes(identifier: ClientIdentifier, options?: RequestOptions): ApiPromise<string[] | undefined> {
    return this.#transport.read(
      () => ({ method: 'GET', path: path`client/extension/requestable_scopes/get/${identifier}` }),
      readRequestableScopes,
      options,
    );
  }

  /** Limits the scopes that the client may request; an empty list allows none. Returns the stored scopes. */
  setRequestableScopes(
    identifier: ClientIdentifier,
    scopes: readonly string[],
    options?: RequestOptions,
  ): ApiPromise<string[] | undefined> {
    return this.#transport.change(
      () => post(path`client/extension/requestable_scopes/update/${identifier}`, { requestableScopes: scopes }),
      readRequestableScopes,
      options,
    );
  }

  /** Removes the limit of the scopes that the client may request. */
  deleteRequestableScopes(identifier: ClientIdentifier, options?: RequestOptions): ApiPromise<void> {
    return this.#transport.change(
      () => ({ method: 'DELETE', path: path`client/extension/requestable_scopes/delete/${identifier}` }),
      () => undefined,
      options,
    );
  }
}
