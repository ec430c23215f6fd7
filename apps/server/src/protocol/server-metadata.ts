import { supportedValues } from '@clientele/model/decision';
import {
  BACKCHANNEL_TOKEN_DELIVERY_MODE,
  CLIENT_REGISTRATION_TYPE,
  FIELDS,
  GRANT_TYPE,
  RESPONSE_TYPE,
} from '@clientele/model/metadata';
import type { PublicUrls } from '../services/public-urls.ts';
import type { Service } from '../services/service.ts';

/** Members that are a setting of the service, under Authlete's name. */
const SETTINGS = {
  authorization_endpoint: 'authorizationEndpoint',
  token_endpoint: 'tokenEndpoint',
  userinfo_endpoint: 'userInfoEndpoint',
  jwks_uri: 'jwksUri',
  revocation_endpoint: 'revocationEndpoint',
  introspection_endpoint: 'introspectionEndpoint',
  pushed_authorization_request_endpoint: 'pushedAuthReqEndpoint',
  backchannel_authentication_endpoint: 'backchannelAuthenticationEndpoint',
  device_authorization_endpoint: 'deviceAuthorizationEndpoint',
  end_session_endpoint: 'endSessionEndpoint',
  service_documentation: 'serviceDocumentation',
  op_policy_uri: 'policyUri',
  op_tos_uri: 'tosUri',
  tls_client_certificate_bound_access_tokens: 'tlsClientCertificateBoundAccessTokens',
  backchannel_user_code_parameter_supported: 'backchannelUserCodeParameterSupported',
  backchannel_logout_supported: 'backchannelLogoutSupported',
  backchannel_logout_session_supported: 'backchannelLogoutSessionSupported',
  acr_values_supported: 'supportedAcrs',
  authorization_details_types_supported: 'supportedAuthorizationDetailsTypes',
} as const satisfies Readonly<Record<string, keyof Service>>;

/** Lists of Authlete's constants: the member, the setting, and the value of each constant on the wire. */
const LISTS = [
  ['grant_types_supported', 'supportedGrantTypes', GRANT_TYPE],
  ['response_types_supported', 'supportedResponseTypes', RESPONSE_TYPE],
  [
    'backchannel_token_delivery_modes_supported',
    'supportedBackchannelTokenDeliveryModes',
    BACKCHANNEL_TOKEN_DELIVERY_MODE,
  ],
  ['client_registration_types_supported', 'supportedClientRegistrationTypes', CLIENT_REGISTRATION_TYPE],
] as const satisfies readonly (readonly [string, keyof Service, Readonly<Record<string, string>>])[];

/**
 * Methods, algorithms and subject types. The list by which a client says what it accepts has the name of the one by which the
 * server says what it supports (OpenID Connect Relying Party Metadata Choices section 2).
 */
const CHOOSABLE = FIELDS.filter(
  ([, { alternatives, supported }]) => alternatives !== undefined && supported !== undefined,
);

/**
 * The metadata of a service's authorization server, as far as the service knows it: what is not set is left out, but for
 * `response_types_supported`, which is REQUIRED. An unset list sets no limit, so there it holds all that can be registered.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8414.html#section-2
 * @see https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata
 */
export function serverMetadata(service: Service, urls: PublicUrls): Record<string, unknown> {
  // Neither can be said of the server but by what is so.
  const { issuer: _issuer, registration_endpoint: _endpoint, ...further } = service.serverMetadata ?? {};
  const settings = Object.entries(SETTINGS).map(([member, setting]) => [member, service[setting]]);
  const lists = LISTS.map(([member, setting, values]) => [member, onTheWire(service[setting], values)]);
  const choosable = CHOOSABLE.map(([, field]) => {
    const supported = supportedValues(service, field);
    return [field.alternatives as string, supported && [...supported]];
  });
  return {
    issuer: urls.issuer(service),
    response_types_supported: Object.keys(RESPONSE_TYPE),
    ...further,
    ...present([...settings, ...choosable, ...lists]),
    ...(service.supportedScopes && { scopes_supported: service.supportedScopes.map(({ name }) => name) }),
    ...(service.dynamicRegistrationSupported && { registration_endpoint: urls.clientRegistrationEndpoint(service) }),
  };
}

function onTheWire(constants: readonly string[] | undefined, values: Readonly<Record<string, string>>) {
  if (constants === undefined) return undefined;
  const known = Object.keys(values).filter((value) => constants.includes(values[value] ?? ''));
  // Extension grants have no constant, and stand for themselves.
  return [...known, ...constants.filter((constant) => constant.includes(':'))];
}

function present(members: unknown[][]): Record<string, unknown> {
  return Object.fromEntries(members.filter(([, value]) => value !== undefined)) as Record<string, unknown>;
}
