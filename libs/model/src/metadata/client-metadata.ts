import {
  defaultApplicationType,
  defaultEncryption,
  defaultGrantTypes,
  defaultResponseTypes,
  defaultScope,
} from './defaults.ts';
import type { Field } from './field.ts';
import { choice, choices, flag, keys, object, scope, seconds, text, texts, uri, uris } from './kinds.ts';
import {
  CIBA_REGISTRATION,
  FAPI2_MESSAGE_SIGNING,
  FAPI2_SECURITY_PROFILE,
  FEDERATION_INFORMATION,
  FEDERATION_KEYS,
  FEDERATION_REGISTRATION_TYPES,
  IDENTITY_ASSURANCE,
  JARM_CLIENT_METADATA,
  NFV_SEC_022,
  OIDC_BACK_CHANNEL_LOGOUT,
  OIDC_CLIENT_METADATA,
  OIDC_FRONT_CHANNEL_LOGOUT,
  OIDC_RP_INITIATED_LOGOUT,
  OPENID4VCI_CLIENT_METADATA,
  OPENID4VP_CLIENT_METADATA,
  OPENID4VP_VERIFIER_METADATA,
  RFC7591_CLIENT_METADATA,
  RFC8705_BOUND_ACCESS_TOKENS,
  RFC8705_PKI,
  RFC9101_CLIENT_METADATA,
  RFC9126_CLIENT_METADATA,
  RFC9396_CLIENT_METADATA,
  RFC9449_CLIENT_METADATA,
  RFC9701_CLIENT_METADATA,
  SPIFFE_CLIENT_AUTH,
  UMA_GRANT,
} from '../wire/specs.ts';
import {
  APPLICATION_TYPE,
  ASYMMETRIC_ALG,
  BACKCHANNEL_TOKEN_DELIVERY_MODE,
  canonicalResponseType,
  CLIENT_AUTH_METHOD,
  CLIENT_REGISTRATION_TYPE,
  extensionGrants,
  GRANT_TYPE,
  JWE_ALG,
  JWE_ENC,
  JWS_ALG,
  RESPONSE_MODE,
  RESPONSE_TYPE,
  SIGNING_ALG,
  SUBJECT_TYPE,
} from './values.ts';

/**
 * The one table of client metadata, in the order of the specifications. The type, the check, both conversions and the
 * documentation of a member are derived from its row. The sentence above a row is its documentation.
 */
export const CLIENT_METADATA = {
  // RFC 7591 section 2

  /** Redirection URIs for redirect-based flows, compared character by character at authorization time, except the port of loopback. */
  redirect_uris: uris('redirectUris', {
    spec: RFC7591_CLIENT_METADATA,
    error: 'invalid_redirect_uri',
    schemes: 'application',
    fragment: false,
    redirect: true,
  }),
  /** How the client authenticates itself at the token endpoint; `none` makes it a public client. */
  token_endpoint_auth_method: choice('tokenAuthMethod', CLIENT_AUTH_METHOD, {
    spec: RFC7591_CLIENT_METADATA,
    alternatives: 'token_endpoint_auth_methods_supported',
    supported: 'supportedTokenAuthMethods',
    default: 'client_secret_basic',
  }),
  /** Grant types that the client may use at the token endpoint. */
  grant_types: choices('grantTypes', GRANT_TYPE, {
    spec: RFC7591_CLIENT_METADATA,
    supported: 'supportedGrantTypes',
    extensions: extensionGrants,
    default: defaultGrantTypes,
  }),
  /** Response types that the client may use at the authorization endpoint. */
  response_types: choices('responseTypes', RESPONSE_TYPE, {
    spec: RFC7591_CLIENT_METADATA,
    supported: 'supportedResponseTypes',
    canonical: canonicalResponseType,
    default: defaultResponseTypes,
  }),
  /** Name of the client, shown to the user during authorization. */
  client_name: text('clientName', { spec: RFC7591_CLIENT_METADATA, localizable: 'clientNames' }),
  /** Home page of the client. */
  client_uri: uri('clientUri', { spec: RFC7591_CLIENT_METADATA, localizable: 'clientUris' }),
  /** Logo of the client, shown to the user during authorization. */
  logo_uri: uri('logoUri', {
    spec: RFC7591_CLIENT_METADATA,
    localizable: 'logoUris',
    schemes: 'https',
    publicHost: true,
  }),
  /** Scopes that the client may request, separated by spaces. */
  scope: scope('extension.requestableScopes', {
    spec: RFC7591_CLIENT_METADATA,
    supported: 'supportedScopes',
    default: defaultScope,
  }),
  /** Ways to reach the people responsible for the client, usually e-mail addresses. */
  contacts: texts('contacts', { spec: RFC7591_CLIENT_METADATA }),
  /** Terms of service of the client. */
  tos_uri: uri('tosUri', { spec: RFC7591_CLIENT_METADATA, localizable: 'tosUris' }),
  /** Privacy policy of the client. */
  policy_uri: uri('policyUri', { spec: RFC7591_CLIENT_METADATA, localizable: 'policyUris' }),
  /** URL of the client's JWK Set; not together with `jwks`. */
  jwks_uri: uri('jwksUri', { spec: RFC7591_CLIENT_METADATA, schemes: 'https' }),
  /** JWK Set of the client; not together with `jwks_uri`. */
  jwks: keys('jwks', { spec: RFC7591_CLIENT_METADATA }),
  /** Identifier of the client software, the same for all its instances and versions. */
  software_id: text('softwareId', { spec: RFC7591_CLIENT_METADATA }),
  /** Version of the client software, which is only compared for equality. */
  software_version: text('softwareVersion', { spec: RFC7591_CLIENT_METADATA }),

  // OpenID Connect Dynamic Client Registration 1.0 section 2

  /** Whether the client runs on a web server or on the device of its user. */
  application_type: choice('applicationType', APPLICATION_TYPE, {
    spec: OIDC_CLIENT_METADATA,
    default: defaultApplicationType,
  }),
  /** Document that lists the redirection URIs of clients that share pairwise subject identifiers. */
  sector_identifier_uri: uri('sectorIdentifierUri', { spec: OIDC_CLIENT_METADATA, schemes: 'https' }),
  /** Whether all clients see the same subject identifier of a user (`public`) or each sees another one (`pairwise`). */
  subject_type: choice('subjectType', SUBJECT_TYPE, {
    spec: OIDC_CLIENT_METADATA,
    supported: 'supportedSubjectTypes',
    alternatives: 'subject_types_supported',
    default: 'public',
  }),
  /** Algorithm that signs ID tokens. */
  id_token_signed_response_alg: choice('idTokenSignAlg', JWS_ALG, {
    spec: OIDC_CLIENT_METADATA,
    supported: 'supportedJwsAlgs',
    alternatives: 'id_token_signing_alg_values_supported',
    default: 'RS256',
    algorithm: { signs: 'server' },
  }),
  /** Key management algorithm that encrypts ID tokens. */
  id_token_encrypted_response_alg: choice('idTokenEncryptionAlg', JWE_ALG, {
    spec: OIDC_CLIENT_METADATA,
    supported: 'supportedJweAlgs',
    alternatives: 'id_token_encryption_alg_values_supported',
    algorithm: { encryptsTo: 'client' },
  }),
  /** Content encryption algorithm of ID tokens. */
  id_token_encrypted_response_enc: choice('idTokenEncryptionEnc', JWE_ENC, {
    spec: OIDC_CLIENT_METADATA,
    supported: 'supportedJweEncs',
    alternatives: 'id_token_encryption_enc_values_supported',
    default: defaultEncryption('id_token_encrypted_response_alg'),
    algorithm: { contentOf: 'id_token_encrypted_response_alg' },
  }),
  /** Algorithm that signs UserInfo responses; without it they are plain JSON. */
  userinfo_signed_response_alg: choice('userInfoSignAlg', JWS_ALG, {
    spec: OIDC_CLIENT_METADATA,
    supported: 'supportedJwsAlgs',
    alternatives: 'userinfo_signing_alg_values_supported',
    algorithm: { signs: 'server' },
  }),
  /** Key management algorithm that encrypts UserInfo responses. */
  userinfo_encrypted_response_alg: choice('userInfoEncryptionAlg', JWE_ALG, {
    spec: OIDC_CLIENT_METADATA,
    supported: 'supportedJweAlgs',
    alternatives: 'userinfo_encryption_alg_values_supported',
    algorithm: { encryptsTo: 'client' },
  }),
  /** Content encryption algorithm of UserInfo responses. */
  userinfo_encrypted_response_enc: choice('userInfoEncryptionEnc', JWE_ENC, {
    spec: OIDC_CLIENT_METADATA,
    supported: 'supportedJweEncs',
    alternatives: 'userinfo_encryption_enc_values_supported',
    default: defaultEncryption('userinfo_encrypted_response_alg'),
    algorithm: { contentOf: 'userinfo_encrypted_response_alg' },
  }),
  /** Algorithm with which the client signs request objects. */
  request_object_signing_alg: choice('requestSignAlg', JWS_ALG, {
    spec: OIDC_CLIENT_METADATA,
    supported: 'supportedJwsAlgs',
    alternatives: 'request_object_signing_alg_values_supported',
    algorithm: { signs: 'client' },
  }),
  /** Key management algorithm with which the client may encrypt request objects. */
  request_object_encryption_alg: choice('requestEncryptionAlg', JWE_ALG, {
    spec: OIDC_CLIENT_METADATA,
    supported: 'supportedJweAlgs',
    alternatives: 'request_object_encryption_alg_values_supported',
    algorithm: { encryptsTo: 'server' },
  }),
  /** Content encryption algorithm with which the client may encrypt request objects. */
  request_object_encryption_enc: choice('requestEncryptionEnc', JWE_ENC, {
    spec: OIDC_CLIENT_METADATA,
    supported: 'supportedJweEncs',
    alternatives: 'request_object_encryption_enc_values_supported',
    default: defaultEncryption('request_object_encryption_alg'),
    algorithm: { contentOf: 'request_object_encryption_alg' },
  }),
  /** Algorithm with which the client signs the assertions that authenticate it. */
  token_endpoint_auth_signing_alg: choice('tokenAuthSignAlg', SIGNING_ALG, {
    spec: OIDC_CLIENT_METADATA,
    supported: 'supportedJwsAlgs',
    alternatives: 'token_endpoint_auth_signing_alg_values_supported',
    algorithm: { signs: 'client' },
  }),
  /** Age of a login in seconds after which the user must authenticate again; 0 means at every request, absent means no limit. */
  default_max_age: seconds('defaultMaxAge', { spec: OIDC_CLIENT_METADATA }),
  /** Whether ID tokens must contain `auth_time`. */
  require_auth_time: flag('authTimeRequired', { spec: OIDC_CLIENT_METADATA }),
  /** Authentication contexts that are requested by default, the preferred one first. */
  default_acr_values: texts('defaultAcrs', { spec: OIDC_CLIENT_METADATA, supported: 'supportedAcrs' }),
  /** Page of the client where third parties may start a login. */
  initiate_login_uri: uri('loginUri', { spec: OIDC_CLIENT_METADATA, schemes: 'https' }),
  /** URIs of request objects that the client may use. */
  request_uris: uris('requestUris', { spec: OIDC_CLIENT_METADATA, schemes: 'web' }),

  // UMA 2.0 Grant for OAuth 2.0 Authorization section 2

  /** URIs to which a requesting party returns after claims were gathered. */
  claims_redirect_uris: uris('claimsRedirectUris', { spec: UMA_GRANT, schemes: 'application', fragment: false }),

  // ETSI GS NFV-SEC 022

  /** Algorithm that signs access tokens of network functions. */
  nfv_token_signed_response_alg: choice('nfvTokenSignAlg', SIGNING_ALG, {
    spec: NFV_SEC_022,
    supported: 'supportedJwsAlgs',
    algorithm: { signs: 'server' },
  }),
  /** Key management algorithm that encrypts access tokens of network functions. */
  nfv_token_encrypted_response_alg: choice('nfvTokenEncryptionAlg', JWE_ALG, {
    spec: NFV_SEC_022,
    supported: 'supportedJweAlgs',
    algorithm: { encryptsTo: 'client' },
  }),
  /** Content encryption algorithm of access tokens of network functions. */
  nfv_token_encrypted_response_enc: choice('nfvTokenEncryptionEnc', JWE_ENC, {
    spec: NFV_SEC_022,
    supported: 'supportedJweEncs',
    default: defaultEncryption('nfv_token_encrypted_response_alg'),
    algorithm: { contentOf: 'nfv_token_encrypted_response_alg' },
  }),

  // RFC 8705: mutual TLS

  /** Whether access tokens are bound to the TLS certificate of the client. */
  tls_client_certificate_bound_access_tokens: flag('tlsClientCertificateBoundAccessTokens', {
    spec: RFC8705_BOUND_ACCESS_TOKENS,
    supported: 'tlsClientCertificateBoundAccessTokens',
  }),
  /** Subject of the certificate of the client, as an RFC 4514 string. */
  tls_client_auth_subject_dn: text('tlsClientAuthSubjectDn', { spec: RFC8705_PKI }),
  /** Alternative DNS name in the certificate of the client. */
  tls_client_auth_san_dns: text('tlsClientAuthSanDns', { spec: RFC8705_PKI }),
  /** Alternative URI in the certificate of the client. */
  tls_client_auth_san_uri: uri('tlsClientAuthSanUri', { spec: RFC8705_PKI, schemes: 'any' }),
  /** Alternative IP address in the certificate of the client. */
  tls_client_auth_san_ip: text('tlsClientAuthSanIp', { spec: RFC8705_PKI }),
  /** Alternative e-mail address in the certificate of the client. */
  tls_client_auth_san_email: text('tlsClientAuthSanEmail', { spec: RFC8705_PKI }),

  // RFC 9101, RFC 9126, RFC 9701

  /** Whether authorization requests are accepted only as signed request objects. */
  require_signed_request_object: flag('requestObjectRequired', { spec: RFC9101_CLIENT_METADATA }),
  /** Whether authorization requests are accepted only by PAR. */
  require_pushed_authorization_requests: flag('parRequired', { spec: RFC9126_CLIENT_METADATA }),
  /** Algorithm that signs introspection responses. */
  introspection_signed_response_alg: choice('introspectionSignAlg', SIGNING_ALG, {
    spec: RFC9701_CLIENT_METADATA,
    supported: 'supportedJwsAlgs',
    alternatives: 'introspection_signing_alg_values_supported',
    algorithm: { signs: 'server' },
  }),
  /** Key management algorithm that encrypts introspection responses. */
  introspection_encrypted_response_alg: choice('introspectionEncryptionAlg', JWE_ALG, {
    spec: RFC9701_CLIENT_METADATA,
    supported: 'supportedJweAlgs',
    alternatives: 'introspection_encryption_alg_values_supported',
    algorithm: { encryptsTo: 'client' },
  }),
  /** Content encryption algorithm of introspection responses. */
  introspection_encrypted_response_enc: choice('introspectionEncryptionEnc', JWE_ENC, {
    spec: RFC9701_CLIENT_METADATA,
    supported: 'supportedJweEncs',
    alternatives: 'introspection_encryption_enc_values_supported',
    default: defaultEncryption('introspection_encrypted_response_alg'),
    algorithm: { contentOf: 'introspection_encrypted_response_alg' },
  }),

  // OpenID Connect logout

  /** Page of the client that ends its session when it is loaded in a frame. */
  frontchannel_logout_uri: uri('frontchannelLogoutUri', { spec: OIDC_FRONT_CHANNEL_LOGOUT, fragment: false }),
  /** Whether that page must receive the issuer and the session ID. */
  frontchannel_logout_session_required: flag('frontchannelLogoutSessionRequired', { spec: OIDC_FRONT_CHANNEL_LOGOUT }),
  /** Endpoint of the client that receives logout tokens. */
  backchannel_logout_uri: uri('backchannelLogoutUri', {
    spec: OIDC_BACK_CHANNEL_LOGOUT,
    supported: 'backchannelLogoutSupported',
    fragment: false,
  }),
  /** Whether logout tokens must contain the session ID. */
  backchannel_logout_session_required: flag('backchannelLogoutSessionRequired', {
    spec: OIDC_BACK_CHANNEL_LOGOUT,
    supported: 'backchannelLogoutSessionSupported',
  }),
  /** URIs to which users may return after logout. */
  post_logout_redirect_uris: uris('postLogoutRedirectUris', {
    spec: OIDC_RP_INITIATED_LOGOUT,
    schemes: 'application',
    fragment: false,
  }),

  // RFC 9396, RFC 9449

  /** Types of authorization details that the client will use. */
  authorization_details_types: texts('authorizationDetailsTypes', {
    spec: RFC9396_CLIENT_METADATA,
    supported: 'supportedAuthorizationDetailsTypes',
  }),
  /** Whether the client always uses DPoP for its token requests. */
  dpop_bound_access_tokens: flag('dpopRequired', { spec: RFC9449_CLIENT_METADATA }),

  // OpenID Federation 1.0

  /** Ways in which the client may register in a federation. */
  client_registration_types: choices('clientRegistrationTypes', CLIENT_REGISTRATION_TYPE, {
    spec: FEDERATION_REGISTRATION_TYPES,
    supported: 'supportedClientRegistrationTypes',
  }),
  /** URL of the client's signed JWK Set. */
  signed_jwks_uri: uri('signedJwksUri', { spec: FEDERATION_KEYS, schemes: 'https' }),
  /** Name of the organization that owns the client. */
  organization_name: text('organizationName', { spec: FEDERATION_INFORMATION, localizable: 'organizationNames' }),
  /** Description of the client for people. */
  description: text('description', { spec: FEDERATION_INFORMATION, localizable: 'descriptions' }),
  /** Keywords about the client. */
  keywords: texts('keywords', { spec: FEDERATION_INFORMATION }),
  /** Page with information about the client. */
  information_uri: uri('informationUri', { spec: FEDERATION_INFORMATION, localizable: 'informationUris' }),
  /** Home page of the organization that owns the client. */
  organization_uri: uri('organizationUri', { spec: FEDERATION_INFORMATION, localizable: 'organizationUris' }),

  // FAPI 2.0

  /** Whether the client uses the mutual TLS aliases of the endpoints. */
  use_mtls_endpoint_aliases: flag('mtlsEndpointAliasesUsed', { spec: FAPI2_SECURITY_PROFILE }),
  /** Response modes that the client may use. */
  response_modes: choices('responseModes', RESPONSE_MODE, { spec: FAPI2_MESSAGE_SIGNING }),

  // OpenID for Verifiable Presentations and for Verifiable Credential Issuance

  /** Content encryption algorithms that the verifier supports for presentations. */
  encrypted_response_enc_values_supported: choices('encryptedResponseEncValuesSupported', JWE_ENC, {
    spec: OPENID4VP_CLIENT_METADATA,
  }),
  /** Credential formats that the verifier supports, and their parameters. */
  vp_formats_supported: object('vpFormatsSupported', { spec: OPENID4VP_VERIFIER_METADATA }),
  /** Endpoint of the wallet that receives credential offers. */
  credential_offer_endpoint: uri('credentialOfferEndpoint', {
    spec: OPENID4VCI_CLIENT_METADATA,
    schemes: 'application',
  }),

  // OpenID Connect Client-Initiated Backchannel Authentication section 4

  /** How the client receives the result of a backchannel authentication: poll, ping or push. */
  backchannel_token_delivery_mode: choice('bcDeliveryMode', BACKCHANNEL_TOKEN_DELIVERY_MODE, {
    spec: CIBA_REGISTRATION,
    supported: 'supportedBackchannelTokenDeliveryModes',
  }),
  /** Endpoint of the client that receives this result by ping or push. */
  backchannel_client_notification_endpoint: uri('bcNotificationEndpoint', {
    spec: CIBA_REGISTRATION,
    schemes: 'https',
  }),
  /** Algorithm with which the client signs backchannel authentication requests. */
  backchannel_authentication_request_signing_alg: choice('bcRequestSignAlg', ASYMMETRIC_ALG, {
    spec: CIBA_REGISTRATION,
    supported: 'supportedJwsAlgs',
    alternatives: 'backchannel_authentication_request_signing_alg_values_supported',
    algorithm: { signs: 'client' },
  }),
  /** Whether the client supports the `user_code` parameter of backchannel authentication. */
  backchannel_user_code_parameter: flag('bcUserCodeRequired', {
    spec: CIBA_REGISTRATION,
    supported: 'backchannelUserCodeParameterSupported',
  }),

  // JWT Secured Authorization Response Mode

  /** Algorithm that signs authorization responses. */
  authorization_signed_response_alg: choice('authorizationSignAlg', SIGNING_ALG, {
    spec: JARM_CLIENT_METADATA,
    supported: 'supportedJwsAlgs',
    alternatives: 'authorization_signing_alg_values_supported',
    algorithm: { signs: 'server' },
  }),
  /** Key management algorithm that encrypts authorization responses. */
  authorization_encrypted_response_alg: choice('authorizationEncryptionAlg', JWE_ALG, {
    spec: JARM_CLIENT_METADATA,
    supported: 'supportedJweAlgs',
    alternatives: 'authorization_encryption_alg_values_supported',
    algorithm: { encryptsTo: 'client' },
  }),
  /** Content encryption algorithm of authorization responses. */
  authorization_encrypted_response_enc: choice('authorizationEncryptionEnc', JWE_ENC, {
    spec: JARM_CLIENT_METADATA,
    supported: 'supportedJweEncs',
    alternatives: 'authorization_encryption_enc_values_supported',
    default: defaultEncryption('authorization_encrypted_response_alg'),
    algorithm: { contentOf: 'authorization_encrypted_response_alg' },
  }),

  // Drafts in use

  /** Digest algorithm of external attachments to verified claims. */
  digest_algorithm: text('digestAlgorithm', { spec: IDENTITY_ASSURANCE, supported: 'supportedDigestAlgorithms' }),
  /** SPIFFE ID of the client. */
  spiffe_id: uri('spiffeId', { spec: SPIFFE_CLIENT_AUTH, schemes: 'any' }),
  /** URL of the SPIFFE bundle of the client's trust domain. */
  spiffe_bundle_endpoint: uri('spiffeBundleEndpoint', { spec: SPIFFE_CLIENT_AUTH, schemes: 'https' }),
  // `any` leaves the type parameters to each row.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
} as const satisfies Readonly<Record<string, Field<any, string, any, any, any>>>;

/** A row of any type. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type AnyField = Field<any, string, any>;

type Table = typeof CLIENT_METADATA;

/** The names of the members. */
export type FieldName = keyof Table;

/** Names of the members that may carry a language tag (RFC 7591 section 2.2). */
export type LocalizableName = { [N in FieldName]: [TaggedOf<Table[N]>] extends [never] ? never : N }[FieldName];

type MemberOf<F> = F extends Field<infer Member, infer _N, infer _P, infer _T, infer _L> ? Member : never;
type NameOf<F> = F extends { readonly property: infer Name extends string } ? Name : never;
// Authlete's `Client` omits a value that it cannot express.
type PropertyOf<F> = F extends { toProperty(member: never): infer Property } ? Exclude<Property, undefined> : never;
type ListOf<F> = F extends { readonly alternatives?: infer List extends string }
  ? string extends List
    ? never
    : List
  : never;
type TaggedOf<F> = F extends { readonly localizable?: infer Tagged extends string }
  ? string extends Tagged
    ? never
    : Tagged
  : never;

/** A closed set of strings that also accepts values that this version does not know. */
type Open<T> = T extends string ? (string extends T ? T : T | (string & {})) : T extends (infer E)[] ? Open<E>[] : T;

/**
 * Client metadata: the members of the JSON object that a client sends to register or to update its registration.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7591.html#section-2
 */
export type ClientMetadata = { -readonly [N in keyof Table]?: Open<MemberOf<Table[N]>> } & {
  [N in LocalizableName as `${N}#${string}`]?: string;
} & {
  /**
   * Every value that the client accepts, the preferred one first. The server selects one, registers it, and never returns
   * the list (OpenID Connect Relying Party Metadata Choices section 2).
   */
  -readonly [N in keyof Table as ListOf<Table[N]>]?: Open<MemberOf<Table[N]>>[];
};

/** A value in one language (RFC 7591 section 2.2); Authlete's tagged value. */
export interface TaggedValue {
  tag: string;
  value: string;
}

/** The properties of Authlete's `Client` that have a counterpart in client metadata. */
export type ClientMetadataProperties = {
  -readonly [N in keyof Table as NameOf<Table[N]> extends `${string}.${string}` ? never : NameOf<Table[N]>]?: Open<
    PropertyOf<Table[N]>
  >;
} & { [N in keyof Table as TaggedOf<Table[N]>]?: TaggedValue[] } & { extension?: ClientExtension };

/** Authlete's `extension` of a client, with the properties that client metadata uses. */
export interface ClientExtension {
  requestableScopes?: string[];
  requestableScopesEnabled?: boolean;
  [property: string]: unknown;
}

/** The rows in the order of the table. */
export const FIELDS = Object.entries(CLIENT_METADATA) as readonly (readonly [name: FieldName, field: AnyField])[];
