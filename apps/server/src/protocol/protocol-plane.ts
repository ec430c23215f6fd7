import type { FastifyInstance, FastifyPluginAsync, FastifyRequest } from 'fastify';
import { METADATA_BODY_LIMIT } from '../http/limits.ts';
import type { PublicUrls } from '../services/public-urls.ts';
import type { ClientRegistration } from '../registration/client-registration.ts';
import type { ServiceStore } from '../services/service-store.ts';
import { readBodiesAsText } from './content.ts';
import { allowOtherOrigins } from './cors.ts';
import { DiscoveryEndpoints } from './discovery-endpoints.ts';
import { errorHandler } from './error-handler.ts';
import type { IdempotentRegistrations } from './idempotent-registrations.ts';
import { ProtocolError } from './protocol-error.ts';
import { ServiceOfRequest } from './protocol-request.ts';
import { rateLimiters, type RateLimiters, type RateLimits } from './rate-limits.ts';
import { RegistrationEndpoints } from './registration-endpoints.ts';

interface ProtocolPlaneOptions {
  readonly registration: ClientRegistration;
  readonly services: ServiceStore;
  readonly urls: PublicUrls;
  readonly idempotent: IdempotentRegistrations;
  readonly rateLimits: RateLimits;
}

/** What is at each path of the plane, for requests with any other method (RFC 9110 section 15.5.6). */
const ALLOW: readonly (readonly [path: RegExp, methods: string])[] = [
  [/^\/connect\/[^/]+\/register$/, 'POST, OPTIONS'],
  [/^\/connect\/[^/]+\/register\/[^/]*$/, 'GET, HEAD, PUT, DELETE, OPTIONS'],
  [/^\/connect\/[^/]+\/\.well-known\/(?:openid-configuration|oauth-authorization-server)$/, 'GET, HEAD, OPTIONS'],
  [/^\/\.well-known\/(?:openid-configuration|oauth-authorization-server)\/.*connect\/[^/]+$/, 'GET, HEAD, OPTIONS'],
];

/**
 * The endpoints that client applications call themselves: RFC 7591, RFC 7592 and discovery, over the use cases that the API
 * plane calls. Its answers are HTTP statuses and OAuth errors, never actions and result codes.
 */
export function protocolPlane({
  registration,
  services,
  urls,
  idempotent,
  rateLimits,
}: ProtocolPlaneOptions): FastifyPluginAsync {
  const found = new ServiceOfRequest(services);
  const discovery = new DiscoveryEndpoints(found, urls);
  const endpoints = new RegistrationEndpoints(registration, found, idempotent);

  const inPlane = (limits: RateLimiters, addRoutes: (fastify: FastifyInstance) => void): FastifyPluginAsync => {
    return async (fastify) => {
      readBodiesAsText(fastify);
      fastify.setErrorHandler(errorHandler(found));
      fastify.addHook('onRoute', (route) => {
        route.bodyLimit = METADATA_BODY_LIMIT;
      });
      fastify.addHook('onRequest', (request, reply, done) => {
        const allow = request.method === 'OPTIONS' ? allowedMethods(request) : undefined;
        if (allow !== undefined) void reply.header('allow', allow);
        done();
      });
      await allowOtherOrigins(fastify, found);
      fastify.addHook('onRequest', async (request) => {
        await limits.byAddress(request);
        if (request.is404) throw notThere(request);
        await found.get(request);
        await limits.byService(request);
      });
      fastify.setNotFoundHandler((request, reply) => {
        if (request.method === 'OPTIONS' && allowedMethods(request) !== undefined) return reply.status(204).send();
        throw notThere(request);
      });
      addRoutes(fastify);
    };
  };

  return async (fastify) => {
    const limits = await rateLimiters(fastify, rateLimits);
    await fastify.register(
      inPlane(limits, (plane) => {
        endpoints.addTo(plane);
        discovery.addBelowIssuer(plane);
      }),
      { prefix: '/connect' },
    );
    await fastify.register(
      inPlane(limits, (plane) => {
        discovery.addAtRoot(plane);
      }),
      { prefix: '/.well-known' },
    );
  };
}

function allowedMethods({ url }: FastifyRequest): string | undefined {
  const [path = ''] = url.split('?');
  return ALLOW.find(([pattern]) => pattern.test(path))?.[1];
}

function notThere(request: FastifyRequest): ProtocolError {
  const allow = allowedMethods(request);
  if (allow === undefined) return new ProtocolError(404, 'invalid_request', 'There is nothing at this path.');
  return new ProtocolError(405, 'invalid_request', `The method must be one of ${allow}.`, { allow });
}
