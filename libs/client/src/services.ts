import { AccessTokens } from './access-tokens.ts';
import type { ApiPromise } from './api-promise.ts';
import type { JsonWebKeySet, ServicePage, ServiceResponse } from './models.ts';
import { readServiceId, type ConditionOptions, type RequestOptions } from './options.ts';
import { pages, query } from './pages.ts';
import type { ServiceId, ServicePageRequest, ServicePatch, ServiceSettings } from './service-requests.ts';
import { readConfiguration, readKeySet, readService, readServicePage } from './service-result.ts';
import { post, type Transport } from './transport.ts';

/** The most services of a page. */
const PAGE = 100;

/**
 * The services, on behalf of an administrator. No call needs the `serviceId` of the `Clientele`.
 *
 * A call rejects with an `ApiError`, a `ConnectionError` or a `TimeoutError` if it fails, with a `TypeError` if a service ID or an
 * option is invalid, or with the reason of the caller's signal.
 */
export class Services {
  /** The API access tokens for all services. */
  readonly accessTokens: AccessTokens;
  readonly #transport: Transport;

  /** @internal */
  constructor(transport: Transport) {
    this.accessTokens = new AccessTokens(transport);
    this.#transport = transport;
  }

  /**
   * Creates a service. An omitted setting gets its default.
   *
   * @throws {ApiError} with status 400 if a setting is unknown or invalid.
   */
  create(settings: ServiceSettings, options?: RequestOptions): ApiPromise<ServiceResponse> {
    return this.#transport.change(() => post('service/create', settings), readService, options);
  }

  /**
   * Lists the services that the API access token is for, in the order of their IDs. Pages are fetched while the list is read. If a
   * service is created or deleted meanwhile, another one can be missing or be listed twice.
   */
  async *list(options?: RequestOptions): AsyncGenerator<ServiceResponse, void, undefined> {
    const page = async (start = 0) => {
      const { services, end, totalCount } = await this.listPage({ start }, options);
      return { services, next: end > start && end < totalCount ? end : undefined };
    };
    for await (const { services } of pages(page)) yield* services;
  }

  /** Gets the services from one index of the list to another, and the number of all. */
  listPage(
    { start = 0, end = start + PAGE }: ServicePageRequest = {},
    options?: RequestOptions,
  ): ApiPromise<ServicePage> {
    return this.#transport.read(
      () => ({ method: 'GET', path: `service/get/list?${query({ start, end })}` }),
      readServicePage,
      options,
    );
  }

  /**
   * Gets a service with its settings.
   *
   * @throws {ApiError} with status 404 if no such service exists.
   */
  get(serviceId: ServiceId, options?: RequestOptions): ApiPromise<ServiceResponse> {
    return this.#transport.read(() => ({ method: 'GET', path: servicePath(serviceId, 'get') }), readService, options);
  }

  /**
   * Replaces the settings of a service. An omitted setting gets its default.
   *
   * @throws {ApiError} with status 412 if the service does not have the version of `ifMatch`.
   */
  update(serviceId: ServiceId, settings: ServiceSettings, options?: ConditionOptions): ApiPromise<ServiceResponse> {
    return this.#transport.change(() => post(servicePath(serviceId, 'update'), settings), readService, options);
  }

  /**
   * Changes only the named settings of a service; `null` resets a setting to its default.
   *
   * @throws {ApiError} with status 412 if the service does not have the version of `ifMatch`.
   * @see https://www.rfc-editor.org/rfc/rfc7396.html
   */
  patch(serviceId: ServiceId, patch: ServicePatch, options?: ConditionOptions): ApiPromise<ServiceResponse> {
    return this.#transport.change(
      () => ({ method: 'PATCH', path: servicePath(serviceId, 'update'), body: patch }),
      readService,
      options,
    );
  }

  /**
   * Deletes a service with everything that belongs to it.
   *
   * @throws {ApiError} with status 404 if no such service exists, or 412 if it does not have the version of `ifMatch`.
   */
  delete(serviceId: ServiceId, options?: ConditionOptions): ApiPromise<void> {
    return this.#transport.change(
      () => ({ method: 'DELETE', path: servicePath(serviceId, 'delete') }),
      () => undefined,
      options,
    );
  }

  /**
   * Gets the metadata of the authorization server, for its discovery document.
   *
   * @see https://www.rfc-editor.org/rfc/rfc8414.html#section-2
   */
  configuration(serviceId: ServiceId, options?: RequestOptions): ApiPromise<Readonly<Record<string, unknown>>> {
    return this.#transport.read(
      () => ({ method: 'GET', path: servicePath(serviceId, 'configuration') }),
      readConfiguration,
      options,
    );
  }

  /** Gets the JWK Set of the service. It is empty, because the authorization server has its keys. */
  jwks(serviceId: ServiceId, options?: RequestOptions): ApiPromise<JsonWebKeySet> {
    return this.#transport.read(
      () => ({ method: 'GET', path: servicePath(serviceId, 'jwks/get') }),
      readKeySet,
      options,
    );
  }
}

function servicePath(serviceId: ServiceId, call: string): string {
  return `${readServiceId(serviceId)}/service/${call}`;
}
