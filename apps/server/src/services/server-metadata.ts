import { supportedValues } from '@clientele/model/decision';
import { FIELDS, RESPONSE_TYPE } from '@clientele/model/metadata';
import type { PublicUrls } from './public-urls.ts';
import { PUBLISHED_SETTINGS } from './service-settings.decorators.ts';
import type { Service } from './service.ts';

/**
 * Methods, algorithms and subject types. The member that lists what a client accepts has the name of the member that lists what the
 * server supports (OpenID Connect Relying Party Metadata Choices section 2).
 */
const CHOOSABLE = FIELDS.flatMap(([, field]) =>
  field.alternatives !== undefined && field.supported !== undefined ? [[field.alternatives, field] as const] : [],
);

/**
 * The metadata of a service's authorization server, from the settings of the service. `response_types_supported` is REQUIRED, so it has
 * all values if the service does not limit them. Any other member without a setting is absent.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8414.html#section-2
 * @see https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata
 */
export function serverMetadata(service: Service, urls: PublicUrls): Record<string, unknown> {
  // The service has settings for the issuer and for registration, so further members cannot override these two.
  const { issuer: _issuer, registration_endpoint: _endpoint, ...further } = service.serverMetadata ?? {};
  const settings = PUBLISHED_SETTINGS.map(({ property, member, values }) => {
    const value = service[property as keyof Service];
    return [member, values === undefined ? value : valuesOf(value as readonly string[] | undefined, values)];
  });
  const choosable = CHOOSABLE.map(([member, field]) => {
    const supported = supportedValues(service, field);
    return [member, supported && [...supported]];
  });
  return {
    issuer: urls.issuer(service),
    response_types_supported: Object.keys(RESPONSE_TYPE),
    ...further,
    ...present([...settings, ...choosable]),
    ...(service.supportedScopes && { scopes_supported: service.supportedScopes.map(({ name }) => name) }),
    ...present([['registration_endpoint', registrationEndpoint(service, urls)]]),
  };
}

/**
 * The client registration endpoint, if clients may register there: on the protocol plane, or at an authorization server that calls the
 * API plane.
 */
export function registrationEndpoint(service: Service, urls: PublicUrls): string | undefined {
  const atAuthorizationServer = service.registrationEndpoint !== undefined && service.dynamicRegistrationSupported;
  if (service.protocolRegistration === 'OFF' && !atAuthorizationServer) return undefined;
  return urls.clientRegistrationEndpoint(service);
}

function valuesOf(constants: readonly string[] | undefined, values: Readonly<Record<string, string>>) {
  if (constants === undefined) return undefined;
  const known = Object.keys(values).filter((value) => constants.includes(values[value] ?? ''));
  // The URI of an extension grant has no constant.
  return [...known, ...constants.filter((constant) => constant.includes(':'))];
}

function present(members: unknown[][]): Record<string, unknown> {
  return Object.fromEntries(members.filter(([, value]) => value !== undefined)) as Record<string, unknown>;
}
