import { defaultApplicationType, defaultEncryption, defaultGrantTypes, defaultResponseTypes } from './defaults.ts';
import { choice, choices, flag, keys, scope, seconds, text, texts, uri, uris, type Field } from './field.ts';
import {
  CIBA_REGISTRATION,
  OIDC_CLIENT_METADATA,
  RFC7591_CLIENT_METADATA,
  RFC8705_BOUND_ACCESS_TOKENS,
  RFC9101_CLIENT_METADATA,
  RFC9126_CLIENT_METADATA,
} from './specs.ts';
import {
  APPLICATION_TYPE,
  canonicalResponseType,
  CLIENT_AUTH_METHOD,
  GRANT_TYPE,
  JWE_ALG,
  JWE_ENC,
  JWS_ALG,
  RESPONSE_TYPE,
  SUBJECT_TYPE,
} from './values.ts';

/**
 * The one table of client metadata, in the order of the specifications. Everything else about a member (its type, its
 * check, both conversions, the documentation) follows from its row; the sentence above a row is its documentation.
 */
export const CLIENT_METADATA = {
  // RFC 7591 section 2

  /** Redirection URIs for redirect-based flows, compared character by character at authorization time. */
  redirect_uris: uris('redirectUris', {
    spec: RFC7591_CLIENT_METADATA,
    error: 'invalid_redirect_uri',
    fragment: false,
  }),
  /** How the client authenticates itself at the token endpoint; `none` makes it a public client. */
  token_endpoint_auth_method: choice('tokenAuthMethod', CLIENT_AUTH_METHOD, {
    spec: RFC7591_CLIENT_METADATA,
    supported: 'supportedTokenAuthMethods',
    default: 'client_secret_basic',
  }),
  /** Grant types that the client may use at the token endpoint. */
  grant_types: choices('grantTypes', GRANT_TYPE, {
    spec: RFC7591_CLIENT_METADATA,
    supported: 'supportedGrantTypes',
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
  logo_uri: uri('logoUri', { spec: RFC7591_CLIENT_METADATA, localizable: 'logoUris' }),
  /** Scopes that the client may ask for, separated by spaces. */
  scope: scope('extension.requestableScopes', { spec: RFC7591_CLIENT_METADATA, supported: 'supportedScopes' }),
  /** Ways to reach the people responsible for the client, usually e-mail addresses. */
  contacts: texts('contacts', { spec: RFC7591_CLIENT_METADATA }),
  /** Terms of service of the client. */
  tos_uri: uri('tosUri', { spec: RFC7591_CLIENT_METADATA, localizable: 'tosUris' }),
  /** Privacy policy of the client. */
  policy_uri: uri('policyUri', { spec: RFC7591_CLIENT_METADATA, localizable: 'policyUris' }),
  /** Where the JWK Set of the client is found; not together with `jwks`. */
  jwks_uri: uri('jwksUri', { spec: RFC7591_CLIENT_METADATA, schemes: 'https' }),
  /** JWK Set of the client by value; not together with `jwks_uri`. */
  jwks: keys('jwks', { spec: RFC7591_CLIENT_METADATA }),
  /** Identifier of the client software, the same for all its instances and versions. */
  software_id: text('softwareId', { spec: RFC7591_CLIENT_METADATA }),
  /** Version of the client software, to be compared for equality only. */
  software_version: text('softwareVersion', { spec: RFC7591_CLIENT_METADATA }),

  // OpenID Connect Dynamic Client Registration 1.0 section 2

  /** Whether the client runs on a web server or on the device of its user. */
  application_type: choice('applicationType', APPLICATION_TYPE, {
    spec: OIDC_CLIENT_METADATA,
    default: defaultApplicationType,
  }),
  /** Document that lists the redirection URIs of clients that share pairwise subject identifiers. */
  sector_identifier_uri: uri('sectorIdentifierUri', { spec: OIDC_CLIENT_METADATA, schemes: 'https' }),
  /** Whether clients see the same subject identifier of a user (`public`) or each their own (`pairwise`). */
  subject_type: choice('subjectType', SUBJECT_TYPE, { spec: OIDC_CLIENT_METADATA, default: 'public' }),
  /** Algorithm that signs ID tokens. */
  id_token_signed_response_alg: choice('idTokenSignAlg', JWS_ALG, { spec: OIDC_CLIENT_METADATA, default: 'RS256' }),
  /** Key management algorithm that encrypts ID tokens. */
  id_token_encrypted_response_alg: choice('idTokenEncryptionAlg', JWE_ALG, { spec: OIDC_CLIENT_METADATA }),
  /** Content encryption algorithm of ID tokens. */
  id_token_encrypted_response_enc: choice('idTokenEncryptionEnc', JWE_ENC, {
    spec: OIDC_CLIENT_METADATA,
    default: defaultEncryption('id_token_encrypted_response_alg'),
  }),
  /** Algorithm that signs UserInfo responses; they are plain JSON without it. */
  userinfo_signed_response_alg: choice('userInfoSignAlg', JWS_ALG, { spec: OIDC_CLIENT_METADATA }),
  /** Key management algorithm that encrypts UserInfo responses. */
  userinfo_encrypted_response_alg: choice('userInfoEncryptionAlg', JWE_ALG, { spec: OIDC_CLIENT_METADATA }),
  /** Content encryption algorithm of UserInfo responses. */
  userinfo_encrypted_response_enc: choice('userInfoEncryptionEnc', JWE_ENC, {
    spec: OIDC_CLIENT_METADATA,
    default: defaultEncryption('userinfo_encrypted_response_alg'),
  }),
  /** Algorithm with which the client signs request objects. */
  request_object_signing_alg: choice('requestSignAlg', JWS_ALG, { spec: OIDC_CLIENT_METADATA }),
  /** Key management algorithm with which the client may encrypt request objects. */
  request_object_encryption_alg: choice('requestEncryptionAlg', JWE_ALG, { spec: OIDC_CLIENT_METADATA }),
  /** Content encryption algorithm with which the client may encrypt request objects. */
  request_object_encryption_enc: choice('requestEncryptionEnc', JWE_ENC, {
    spec: OIDC_CLIENT_METADATA,
    default: defaultEncryption('request_object_encryption_alg'),
  }),
  /** Algorithm with which the client signs the assertions that authenticate it. */
  token_endpoint_auth_signing_alg: choice('tokenAuthSignAlg', JWS_ALG, { spec: OIDC_CLIENT_METADATA }),
  /** Age in seconds after which the user must authenticate again. Authlete: 0 stands for "not set". */
  default_max_age: seconds('defaultMaxAge', { spec: OIDC_CLIENT_METADATA, default: 0 }),
  /** Whether ID tokens must carry `auth_time`. */
  require_auth_time: flag('authTimeRequired', { spec: OIDC_CLIENT_METADATA }),
  /** Authentication contexts to ask for by default, the preferred one first. */
  default_acr_values: texts('defaultAcrs', { spec: OIDC_CLIENT_METADATA, supported: 'supportedAcrs' }),
  /** Page of the client at which others may start a login. */
  initiate_login_uri: uri('loginUri', { spec: OIDC_CLIENT_METADATA, schemes: 'https' }),
  /** Request objects that the client may refer to by URI. */
  request_uris: uris('requestUris', { spec: OIDC_CLIENT_METADATA, schemes: 'web' }),

  // Members of other specifications that every registration is answered with

  /** Whether access tokens are bound to the TLS certificate of the client. */
  tls_client_certificate_bound_access_tokens: flag('tlsClientCertificateBoundAccessTokens', {
    spec: RFC8705_BOUND_ACCESS_TOKENS,
  }),
  /** Whether authorization requests are accepted only as signed request objects. */
  require_signed_request_object: flag('requestObjectRequired', { spec: RFC9101_CLIENT_METADATA }),
  /** Whether authorization requests are accepted only by PAR. */
  require_pushed_authorization_requests: flag('parRequired', { spec: RFC9126_CLIENT_METADATA }),
  /** Whether the client supports the `user_code` parameter of backchannel authentication. */
  backchannel_user_code_parameter: flag('bcUserCodeRequired', { spec: CIBA_REGISTRATION }),
} as const satisfies Readonly<Record<string, AnyField>>;

// A row's own types decide what it accepts and gives back; here rows of all types stand together.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type AnyField = Field<any, string, any, any>;

type Table = typeof CLIENT_METADATA;

/** The names of the members. */
export type FieldName = keyof Table;

/** Names of the members that may carry a language tag (RFC 7591 section 2.2). */
export type LocalizableName = { [N in FieldName]: [TaggedOf<Table[N]>] extends [never] ? never : N }[FieldName];

type MemberOf<F> = F extends Field<infer Member, infer _N, infer _P, infer _T> ? Member : never;
type NameOf<F> = F extends { readonly property: infer Name extends string } ? Name : never;
type PropertyOf<F> = F extends { toProperty(member: never): infer Property } ? Property : never;
type TaggedOf<F> = F extends { readonly localizable?: infer Tagged extends string }
  ? string extends Tagged
    ? never
    : Tagged
  : never;

/** A closed set of strings that stays open for values this version does not know. */
type Open<T> = T extends string ? (string extends T ? T : T | (string & {})) : T extends (infer E)[] ? Open<E>[] : T;

/**
 * Client metadata: what a client says of itself when it registers or updates its registration, as the members of one
 * JSON object.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7591.html#section-2
 */
export type ClientMetadata = { -readonly [N in keyof Table]?: Open<MemberOf<Table[N]>> } & {
  [N in LocalizableName as `${N}#${string}`]?: string;
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

/** Authlete's `extension` of a client, as far as client metadata reaches into it. */
export interface ClientExtension {
  requestableScopes?: string[];
  requestableScopesEnabled?: boolean;
  [property: string]: unknown;
}

/** The rows in order, for whoever walks them. */
export const FIELDS: readonly (readonly [name: string, field: AnyField])[] = Object.entries(CLIENT_METADATA);

/** The row of a member's name, whatever the name is. */
export function fieldOf(name: string): AnyField | undefined {
  return Object.hasOwn(CLIENT_METADATA, name)
    ? (CLIENT_METADATA as Readonly<Record<string, AnyField>>)[name]
    : undefined;
}
