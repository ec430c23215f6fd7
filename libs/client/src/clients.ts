import type { ApiPromise } from './api-promise.ts';
import {
  readClient,
  readLock,
  readResolveResult,
  readVerifySecretResult,
  type ResolveResult,
  type VerifySecretResult,
} from './client-result.ts';
import { identifierText, path, type ClientIdentifier } from './identifier.ts';
import type { Client, LockResponse } from './models.ts';
import type { ConditionOptions, RequestOptions } from './options.ts';
import { post, type Transport } from './transport.ts';

/** The properties of Authlete's `Client` to set. */
export type ClientInput = Partial<Client> & {
  /** Only `put` accepts it. */
  clientSecret?: string;
};

/** The client to resolve. */
export interface ResolveRequest {
  clientId: ClientIdentifier;
  /** The `etag` of the version that the caller has. If it is current, the action is `NOT_MODIFIED`. */
  etag?: string | undefined;
}

/** The client that authenticates, and the secret that it sent. */
export interface VerifySecretRequest {
  clientId: ClientIdentifier;
  clientSecret: string;
}

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
}
