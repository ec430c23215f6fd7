import type { PublicUrls } from '../../services/public-urls.ts';
import { serverMetadata } from '../../services/server-metadata.ts';
import type { Service } from '../../services/service.ts';
import { counted } from '../counted.ts';
import { ok, warning, type Finding } from './finding.ts';

/** The grant types of metadata without `grant_types_supported`. */
const DEFAULT_GRANTS = ['authorization_code', 'implicit'];

const ADVICE =
  'Set authorizationEndpoint and tokenEndpoint of the service, or its issuer if the authorization server publishes its own metadata, ' +
  'or set protocolRegistration to OFF.';

/** Checks that clients that register at a service learn from its metadata where its authorization server is. */
export function checkEndpoints(services: readonly Service[], urls: PublicUrls): readonly Finding[] {
  if (services.length === 0) return [];
  const incomplete = services.filter((service) => lacksEndpoints(service, urls));
  const [first] = incomplete;
  if (first === undefined) {
    return [ok('endpoints', 'Clients that register learn the endpoints of their authorization server.')];
  }
  const message =
    `${counted(incomplete.length, 'service')}, such as ${first.apiKey}: clients may register, but the metadata has no ` +
    'authorization_endpoint or no token_endpoint, so client libraries refuse it.';
  return [warning('endpoints', message, ADVICE)];
}

/**
 * Whether clients may register, and the metadata lacks an endpoint that is REQUIRED for its grant types. An authorization server with
 * its own issuer publishes its own metadata.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8414.html#section-2
 */
function lacksEndpoints(service: Service, urls: PublicUrls): boolean {
  if (service.protocolRegistration === 'OFF' || service.issuer !== undefined) return false;
  const metadata = serverMetadata(service, urls);
  const grants = (metadata.grant_types_supported ?? DEFAULT_GRANTS) as readonly string[];
  const redirects = grants.some((grant) => DEFAULT_GRANTS.includes(grant));
  const hasTokenEndpoint = metadata.token_endpoint !== undefined || grants.every((grant) => grant === 'implicit');
  return !hasTokenEndpoint || (redirects && metadata.authorization_endpoint === undefined);
}
