import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { PublicUrls } from '../services/public-urls.ts';
import type { ServiceOfRequest } from './protocol-request.ts';
import { serverMetadata } from './server-metadata.ts';

/** The names under which clients look for the metadata of an authorization server. */
const WELL_KNOWN = ['openid-configuration', 'oauth-authorization-server'] as const;

/**
 * The metadata of the authorization server, wherever a client looks for it: OpenID Connect Discovery appends the well-known
 * path to the issuer identifier, RFC 8414 inserts it before the path. Clients try either with both names.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8414.html#section-3.1
 * @see https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfigurationRequest
 */
export class DiscoveryEndpoints {
  constructor(
    private readonly services: ServiceOfRequest,
    private readonly urls: PublicUrls,
  ) {}

  addBelowIssuer(fastify: FastifyInstance): void {
    for (const name of WELL_KNOWN) fastify.get(`/:serviceId/.well-known/${name}`, this.metadata);
  }

  addAtRoot(fastify: FastifyInstance): void {
    const { pathname } = new URL(this.urls.baseUrl);
    for (const name of WELL_KNOWN) {
      fastify.get(`/${name}/connect/:serviceId`, this.metadata);
      // The path of the public base URL is a part of the issuer identifier's.
      if (pathname !== '/') fastify.get(`/${name}${pathname}/connect/:serviceId`, this.metadata);
    }
  }

  private readonly metadata = async (request: FastifyRequest): Promise<Record<string, unknown>> =>
    serverMetadata(await this.services.get(request), this.urls);
}
