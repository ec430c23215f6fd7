import type { FastifyInstance, FastifyRequest } from 'fastify';
import { JsonText } from '../http/json-text.ts';
import { PROTOCOL_PATH } from '../http/paths.ts';
import type { RouteDescription } from '../http/routes.ts';
import type { PublicUrls } from '../services/public-urls.ts';
import { serverMetadata } from '../services/server-metadata.ts';
import type { Service } from '../services/service.ts';
import type { ServiceOfRequest } from './protocol-request.ts';

/** The names of the documents with the metadata of an authorization server. */
const WELL_KNOWN = ['openid-configuration', 'oauth-authorization-server'] as const;

const describe = (id: string, specification: string): { config: { description: RouteDescription } } => ({
  config: {
    description: {
      id,
      tag: 'Protocol plane',
      summary: `Metadata of the authorization server (${specification})`,
      response: { schema: 'ServerMetadata' },
    },
  },
});

/**
 * The metadata of the authorization server. OpenID Connect Discovery appends the well-known path to the issuer identifier, RFC 8414
 * inserts it before the path. Clients try both places with both names.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8414.html#section-3.1
 * @see https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfigurationRequest
 */
export class DiscoveryEndpoints {
  /** The text for each version of a service: strangers may ask often, and the settings may be long. */
  private readonly texts = new WeakMap<Service, string>();

  constructor(
    private readonly services: ServiceOfRequest,
    private readonly urls: PublicUrls,
  ) {}

  addBelowIssuer(fastify: FastifyInstance): void {
    for (const name of WELL_KNOWN) {
      const options = describe(`${name}-below`, 'OpenID Connect Discovery section 4');
      fastify.get(`/:serviceId/.well-known/${name}`, options, this.metadata);
    }
  }

  addAtRoot(fastify: FastifyInstance): void {
    const { pathname } = new URL(this.urls.baseUrl);
    for (const name of WELL_KNOWN) {
      const options = describe(`${name}-at-root`, 'RFC 8414 section 3.1');
      fastify.get(`/${name}${PROTOCOL_PATH}/:serviceId`, options, this.metadata);
      // The path of the public base URL is part of the path of the issuer identifier.
      if (pathname !== '/') fastify.get(`/${name}${pathname}${PROTOCOL_PATH}/:serviceId`, this.metadata);
    }
  }

  private readonly metadata = async (request: FastifyRequest): Promise<JsonText> => {
    const service = await this.services.get(request);
    const text = this.texts.get(service) ?? JSON.stringify(serverMetadata(service, this.urls));
    this.texts.set(service, text);
    return new JsonText(text);
  };
}
