import type { FastifyRequest } from 'fastify';
import { parseId } from '@clientele/model';
import { bearerToken } from '../http/bearer.ts';
import type { Service } from '../service/service.ts';
import type { ServiceStore } from '../service/service-store.ts';
import { ProtocolError } from './protocol-error.ts';

/** Finds the service in the path of a request, once however often it is asked. */
export class ServiceOfRequest {
  private readonly found = new WeakMap<FastifyRequest, Promise<Service | undefined>>();

  constructor(private readonly services: ServiceStore) {}

  /** The service; `undefined` where there is none. Throws `StoreUnavailableError`. */
  find(request: FastifyRequest): Promise<Service | undefined> {
    let service = this.found.get(request);
    if (service === undefined) {
      const serviceId = parseId(serviceIdIn(request.url));
      service = serviceId === undefined ? Promise.resolve(undefined) : this.services.find(serviceId);
      this.found.set(request, service);
    }
    return service;
  }

  /** The service; throws where there is none. */
  async get(request: FastifyRequest): Promise<Service> {
    const service = await this.find(request);
    if (service === undefined) throw new ProtocolError(404, 'invalid_request', 'There is no service at this path.');
    return service;
  }
}

/** What stands behind `/connect/` in the path, also where no route has matched. */
export function serviceIdIn(url: string): string | undefined {
  return /^[^?]*\/connect\/([^/?]+)/.exec(url)?.[1];
}

/**
 * The access token that a request carries, in its one `Authorization` header; the empty string where there is none that
 * can be read, so that nothing matches it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6750.html#section-2.1
 */
export function presentedToken(request: FastifyRequest): string {
  const authorizations = request.raw.headersDistinct.authorization ?? [];
  const [authorization] = authorizations;
  return authorization === undefined || authorizations.length > 1 ? '' : (bearerToken(authorization) ?? '');
}

/** Whether a request tries to authenticate as RFC 6750 says, well-formed or not. */
export function presentsBearer(request: FastifyRequest): boolean {
  return /^bearer\b/i.test(request.headers.authorization ?? '');
}
