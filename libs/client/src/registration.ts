import type { ApiPromise } from './api-promise.ts';
import type { ClientInformation, ClientMetadata } from './models.ts';
import type { RequestOptions } from './options.ts';
import {
  readResult,
  type DeleteResult,
  type GetResult,
  type RegisterResult,
  type UpdateResult,
} from './registration-result.ts';
import { post, type Transport } from './transport.ts';

/** Client metadata as an object, or as the JSON text that the client application sent. */
type Metadata<M> = { metadata: M; json?: never } | { json: string; metadata?: never };

/** A client and the token that authorizes its management. */
interface ClientReference {
  /** Client ID: a positive integer, or a string of its decimal digits. */
  clientId: number | string;
  /** Registration access token of the client. The empty string if the client application sent none. */
  token: string;
}

/**
 * The request of a client application to the client registration endpoint.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7591.html#section-3.1
 */
export type RegisterRequest = Metadata<ClientMetadata> & {
  /** Initial access token, if the client application sent one. */
  token?: string | undefined;
};

/**
 * The client to get, and its registration access token.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7592.html#section-2.1
 */
export type GetRequest = ClientReference;

/**
 * Client metadata that replaces the current metadata. It may be the `content` of an earlier result with changes, but members
 * that only the server sets, such as `client_secret`, must not be changed.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7592.html#section-2.2
 */
export type UpdateMetadata = Partial<ClientInformation>;

/**
 * The client to update, its registration access token and the new metadata. An update must contain `client_id`: it is added
 * to `metadata` if it is missing. `json` is sent unchanged.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7592.html#section-2.2
 */
export type UpdateRequest = ClientReference & Metadata<UpdateMetadata>;

/**
 * The client to delete, and its registration access token.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7592.html#section-2.3
 */
export type DeleteRequest = ClientReference;

/**
 * Dynamic client registration, on behalf of a client application that talks to the authorization server.
 *
 * An error of the client application is a result. A call rejects only if the call itself fails: with an `ApiError`, a
 * `ConnectionError` or a `TimeoutError`, with a `TypeError` if an option is invalid, or with the reason of the caller's signal.
 */
export class Registration {
  readonly #transport: Transport;

  /** @internal */
  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Registers a client. If the action is `CREATED`, the content has the credentials and the registration access token.
   *
   * @throws {ApiError | ConnectionError | TimeoutError} if the call itself fails.
   * @see https://www.rfc-editor.org/rfc/rfc7591.html#section-3
   */
  register(request: RegisterRequest, options?: RequestOptions): ApiPromise<RegisterResult> {
    return this.#transport.change(
      () => post('client/registration', registerBody(request)),
      (response) => readResult('CREATED', response),
      options,
    );
  }

  /**
   * Gets a client. The action is `OK` if the token is valid for it.
   *
   * @throws {ApiError | ConnectionError | TimeoutError} if the call itself fails.
   * @see https://www.rfc-editor.org/rfc/rfc7592.html#section-2.1
   */
  get(request: GetRequest, options?: RequestOptions): ApiPromise<GetResult> {
    return this.#transport.read(
      () => post('client/registration/get', clientBody(request)),
      (response) => readResult('OK', response),
      options,
    );
  }

  /**
   * Replaces the metadata of a client. The action is `UPDATED` if the metadata was accepted. An omitted member is deleted or set to
   * its default.
   *
   * @throws {ApiError | ConnectionError | TimeoutError} if the call itself fails.
   * @see https://www.rfc-editor.org/rfc/rfc7592.html#section-2.2
   */
  update(request: UpdateRequest, options?: RequestOptions): ApiPromise<UpdateResult> {
    return this.#transport.change(
      () => post('client/registration/update', updateBody(request)),
      (response) => readResult('UPDATED', response),
      options,
    );
  }

  /**
   * Deletes a client. If the action is `DELETED`, its credentials and its registration access token are invalid.
   *
   * @throws {ApiError | ConnectionError | TimeoutError} if the call itself fails.
   * @see https://www.rfc-editor.org/rfc/rfc7592.html#section-2.3
   */
  delete(request: DeleteRequest, options?: RequestOptions): ApiPromise<DeleteResult> {
    return this.#transport.change(
      () => post('client/registration/delete', clientBody(request)),
      (response) => readResult('DELETED', response),
      options,
    );
  }
}

export function registerBody({ metadata, json = JSON.stringify(metadata), token }: RegisterRequest): object {
  return { json, token };
}

export function updateBody({ clientId, token, metadata, json }: UpdateRequest): object {
  return { json: json ?? JSON.stringify(withClientId(metadata, clientId)), token, clientId };
}

export function clientBody({ clientId, token }: ClientReference): object {
  return { token, clientId };
}

/** RFC 7592 section 2.2: "The client MUST include its 'client_id' field in the request". */
function withClientId(metadata: UpdateMetadata, clientId: number | string): UpdateMetadata {
  return metadata.client_id === undefined ? { ...metadata, client_id: String(clientId) } : metadata;
}
