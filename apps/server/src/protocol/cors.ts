import cors, { type FastifyCorsOptions } from '@fastify/cors';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Service } from '../services/service.ts';
import { StoreUnavailableError } from '../database/database.ts';
import type { ServiceOfRequest } from './protocol-request.ts';

/** Seconds for which a browser may cache the response to a preflight request. */
const MAX_AGE = 600;

/** Response headers that scripts may read. */
const EXPOSED_HEADERS = ['ETag', 'Location', 'Retry-After', 'WWW-Authenticate', 'X-Request-Id'];

/**
 * Allows web pages of other origins to call the protocol plane: pages of any origin, unless the service lists origins. Browsers send
 * no credentials of their own; a page sends its access token itself.
 *
 * @see https://openid.net/specs/openid-connect-registration-1_0.html#ClientRegistration
 * @see https://fetch.spec.whatwg.org/#http-cors-protocol
 */
export async function allowOtherOrigins(fastify: FastifyInstance, services: ServiceOfRequest): Promise<void> {
  await fastify.register(cors, {
    delegator: async (request: FastifyRequest): Promise<FastifyCorsOptions> => ({
      origin: originOption(request.headers.origin === undefined ? undefined : await serviceOrNone(services, request)),
      methods: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'],
      exposedHeaders: EXPOSED_HEADERS,
      maxAge: MAX_AGE,
      strictPreflight: false,
    }),
  });
}

function originOption(service: Service | undefined): string | string[] | false {
  const { allowedOrigins } = service ?? {};
  if (allowedOrigins === undefined) return '*';
  return allowedOrigins.length > 0 && allowedOrigins;
}

/** If the store is unavailable, any page may read the error. */
async function serviceOrNone(services: ServiceOfRequest, request: FastifyRequest): Promise<Service | undefined> {
  try {
    return await services.find(request);
  } catch (error) {
    if (error instanceof StoreUnavailableError) return undefined;
    throw error;
  }
}
