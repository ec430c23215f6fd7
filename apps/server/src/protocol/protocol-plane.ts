import type { FastifyInstance, FastifyPluginAsync, FastifyRequest } from 'fastify';
import type { Config } from '../config/config.ts';
import { PROTOCOL_PATH } from '../http/paths.ts';
import type { Routes } from '../http/routes.ts';
import type { ClientRegistration } from '../registration/client-registration.ts';
import type { PublicUrls } from '../services/public-urls.ts';
import type { ServiceStore } from '../services/service-store.ts';
import { readBodiesAsBytes } from './request-body.ts';
import { allowOtherOrigins } from './cors.ts';
import { DiscoveryEndpoints } from './discovery-endpoints.ts';
import { errorHandler } from './error-handler.ts';
import type { IdempotentRegistrations } from './idempotent-registrations.ts';
import { ProtocolError } from './protocol-error.ts';
import { ServiceOfRequest } from './protocol-request.ts';
import { rateLimiters, type RateLimiters } from './rate-limits.ts';
import { RegistrationEndpoints } from './registration-endpoints.ts';

interface ProtocolPlaneOptions {
  readonly config: Config;
  readonly routes: Routes;
  readonly registration: ClientRegistration;
  readonly services: ServiceStore;
  readonly urls: PublicUrls;
  readonly idempotent: IdempotentRegistrations;
}

/**
 * The endpoints for client applications: RFC 7591, RFC 7592 and discovery, over the same use cases as the API plane. Their responses have
 * HTTP statuses and OAuth errors, never actions and result codes.
 */
export function protocolPlane(options: ProtocolPlaneOptions): FastifyPluginAsync {
  const { config, routes, registration, urls, idempotent } = options;
  const services = new ServiceOfRequest(options.services);
  const discovery = new DiscoveryEndpoints(services, urls);
  const endpoints = new RegistrationEndpoints(registration, services, idempotent);

  const allow = ({ url }: FastifyRequest): string | undefined => {
    const methods = routes.methodsAt(url);
    return methods.length === 0 ? undefined : [...methods, 'OPTIONS'].join(', ');
  };

  const notFound = (request: FastifyRequest): ProtocolError => {
    const allowed = allow(request);
    // RFC 9110 section 15.5.6
    if (allowed !== undefined)
      return new ProtocolError(405, 'invalid_request', `The method must be one of ${allowed}.`, { allow: allowed });
    const slash = routes.hasSlashTooMany(request.url)
      ? ' Send the request to the path without the slash at its end.'
      : '';
    return new ProtocolError(404, 'invalid_request', `There is nothing at this path.${slash}`);
  };

  const inPlane = (limits: RateLimiters, addRoutes: (fastify: FastifyInstance) => void): FastifyPluginAsync => {
    return async (fastify) => {
      readBodiesAsBytes(fastify);
      fastify.setErrorHandler(errorHandler(services));
      fastify.addHook('onRequest', (request, reply, done) => {
        const allowed = request.method === 'OPTIONS' ? allow(request) : undefined;
        if (allowed !== undefined) void reply.header('allow', allowed);
        done();
      });
      await allowOtherOrigins(fastify, services);
      fastify.addHook('onRequest', async (request) => {
        await limits.byAddress(request);
        if (request.is404) throw notFound(request);
        await services.get(request);
        await limits.byService(request);
      });
      fastify.setNotFoundHandler((request, reply) => {
        const allowed = allow(request);
        if (request.method === 'OPTIONS' && allowed !== undefined) return reply.status(204).send();
        throw notFound(request);
      });
      addRoutes(fastify);
    };
  };

  return async (fastify) => {
    const limits = await rateLimiters(fastify, config);
    await fastify.register(
      inPlane(limits, (plane) => {
        endpoints.addTo(plane);
        discovery.addBelowIssuer(plane);
      }),
      { prefix: PROTOCOL_PATH },
    );
    await fastify.register(
      inPlane(limits, (plane) => {
        discovery.addAtRoot(plane);
      }),
      { prefix: '/.well-known' },
    );
  };
}
