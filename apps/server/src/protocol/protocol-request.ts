import type { FastifyRequest } from 'fastify';
import { parseId } from '@clientele/model';
import { bearerToken } from '../http/bearer.ts';
import { PROTOCOL_PATH } from '../http/paths.ts';
import type { Service } from '../services/service.ts';
import type { ServiceStore } from '../services/service-store.ts';
import { ProtocolError } from './protocol-error.ts';

/** Finds the service in the path of a request, once for each request. */
export class ServiceOfRequest {
  private readonly found = new WeakMap<FastifyRequest, Promise<Service | undefined>>();

  constructor(private readonly services: ServiceStore) {}

  /** The service; `undefined` if there is none. Throws `StoreUnavailableError`. */
  find(request: FastifyRequest): Promise<Service | undefined> {
    let service = this.found.get(request);
    if (service === undefined) {
      const serviceId = parseId(serviceIdIn(request));
      service = serviceId === undefined ? Promise.resolve(undefined) : this.services.find(serviceId);
      this.found.set(request, service);
    }
    return service;
  }

  /** The service. Throws `ProtocolError` if there is none. */
  async get(request: FastifyRequest): Promise<Service> {
    const service = await this.find(request);
    if (service === undefined) throw new ProtocolError(404, 'invalid_request', 'There is no service at this path.');
    return service;
  }
}

const SERVICE_ID = new RegExp(`^[^?]*?${PROTOCOL_PATH}/([^/?]+)`);

/** The service ID in the path: the parameter of the route, or the first one that could be meant if no route matches. */
export function serviceIdIn({ params, url }: FastifyRequest): string | undefined {
  return (params as { serviceId?: string }).serviceId ?? SERVICE_ID.exec(url)?.[1];
}

/**
 * The access token in the one `Authorization` header of a request; the empty string, which matches nothing, if there is none.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6750.html#section-2.1
 */
export function presentedToken(request: FastifyRequest): string {
  const authorizations = request.raw.headersDistinct.authorization ?? [];
  const [authorization] = authorizations;
  return authorization === undefined || authorizations.length > 1 ? '' : (bearerToken(authorization) ?? '');
}
