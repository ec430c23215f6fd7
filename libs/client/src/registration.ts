import type { ClientInformation, ClientMetadata } from './models.ts';
import type { RequestOptions } from './options.ts';
import { judge, type DeleteResult, type GetResult, type RegisterResult, type UpdateResult } from './result.ts';
import { whenChanging, whenReading } from './retry.ts';
import type { Transport } from './transport.ts';

/** Client metadata as an object, or as the JSON text that the client application sent. */
type Metadata<M> = { metadata: M; json?: never } | { json: string; metadata?: never };

/** The client that a call is about. */
interface ClientReference {
  /** Client ID, a positive integer; a string holds its decimal digits. */
  clientId: number | string;
  /** Registration access token of the client; the empty string where the client application sent none. */
  token: string;
}

/**
 * What a client application asks of the client registration endpoint.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7591.html#section-3.1
 */
export type RegisterRequest = Metadata<ClientMetadata> & {
  /** Initial access token, where the client application sent one. */
  token?: string | undefined;
};

/**
 * The client to read, and the token that permits it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7592.html#section-2.1
 */
export type GetRequest = ClientReference;

/**
 * Client metadata that replaces everything registered before. The `content` of an earlier result may be passed back with
 * changes: what only the server gives a value is accepted as long as it is unchanged.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7592.html#section-2.2
 */
export type UpdateMetadata = Partial<ClientInformation>;

/**
 * An update of a client. The `client_id` that an update must contain is added to `metadata` without one; `json` is sent as
 * it is.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7592.html#section-2.2
 */
export type UpdateRequest = ClientReference & Metadata<UpdateMetadata>;

/**
 * The client to delete, and the token that permits it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7592.html#section-2.3
 */
export type DeleteRequest = ClientReference;

/**
 * Dynamic client registration, on behalf of a client application that talks to the authorization server.
 *
 * Each call gives a result whatever the client application did wrong, and rejects only when the call itself failed: with an
 * `ApiError`, a `ConnectionError`, a `TimeoutError`, or the reason of the caller's signal.
 */
export class Registration {
  readonly #transport: Transport;

  /** @internal */
  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Registers a client: `CREATED`, with the credentials and the registration access token of the new client.
   *
   * @see https://www.rfc-editor.org/rfc/rfc7591.html#section-3
   */
  async register(request: RegisterRequest, options?: RequestOptions): Promise<RegisterResult> {
    const answer = await this.#transport.post('client/registration', registerBody(request), whenChanging, options);
    return judge('CREATED', answer);
  }

  /**
   * Gets what is registered of a client: `OK`.
   *
   * @see https://www.rfc-editor.org/rfc/rfc7592.html#section-2.1
   */
  async get(request: GetRequest, options?: RequestOptions): Promise<GetResult> {
    const answer = await this.#transport.post('client/registration/get', clientBody(request), whenReading, options);
    return judge('OK', answer);
  }

  /**
   * Replaces the metadata of a client: `UPDATED`. What is left out is deleted or takes its default.
   *
   * @see https://www.rfc-editor.org/rfc/rfc7592.html#section-2.2
   */
  async update(request: UpdateRequest, options?: RequestOptions): Promise<UpdateResult> {
    const answer = await this.#transport.post('client/registration/update', updateBody(request), whenChanging, options);
    return judge('UPDATED', answer);
  }

  /**
   * Deletes a client: `DELETED`. Its credentials and its registration access token are worth nothing from then on.
   *
   * @see https://www.rfc-editor.org/rfc/rfc7592.html#section-2.3
   */
  async delete(request: DeleteRequest, options?: RequestOptions): Promise<DeleteResult> {
    const answer = await this.#transport.post('client/registration/delete', clientBody(request), whenChanging, options);
    return judge('DELETED', answer);
  }
}

/** Body of a call to register a client. */
export function registerBody({ metadata, json = JSON.stringify(metadata), token }: RegisterRequest): object {
  return { json, token };
}

/** Body of a call to update a client. */
export function updateBody({ clientId, token, metadata, json }: UpdateRequest): object {
  return { json: json ?? JSON.stringify(withClientId(metadata, clientId)), token, clientId };
}

/** Body of a call that only names the client. */
export function clientBody({ clientId, token }: ClientReference): object {
  return { token, clientId };
}

/** RFC 7592 section 2.2: a client must include its `client_id` in the request. */
function withClientId(metadata: UpdateMetadata, clientId: number | string): UpdateMetadata {
  return metadata.client_id === undefined ? { ...metadata, client_id: String(clientId) } : metadata;
}
