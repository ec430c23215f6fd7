import { FIELDS, type ClientMetadata, type FieldName } from '@clientele/model/metadata';

/** A member of client metadata as tests send it. */
interface Sample<Member> {
  /** Not what the member falls back to. */
  readonly value: NonNullable<Member>;
  /** The value in Authlete's `Client`, where it is another one. */
  readonly property?: unknown;
  /** What the member falls back to when it is omitted; nothing unless given. */
  readonly fallback?: Member;
  /** The fallback in Authlete's `Client`, where it is another one. */
  readonly fallbackProperty?: unknown;
  /** Other members, without which the value may be refused. */
  readonly requires?: ClientMetadata;
}

const JWKS = {
  keys: [
    {
      kty: 'EC',
      crv: 'P-256',
      kid: '1',
      x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
      y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
    },
  ],
};

/** One sample for every row of the model; the fallbacks are those of the specifications and of Authlete's example. */
export const SAMPLES: { readonly [N in FieldName]: Sample<ClientMetadata[N]> } = {
  redirect_uris: { value: ['https://client.example.org/callback?a=b', 'https://client.example.org/%E3%81%82'] },
  token_endpoint_auth_method: {
    value: 'client_secret_post',
    property: 'CLIENT_SECRET_POST',
    fallback: 'client_secret_basic',
    fallbackProperty: 'CLIENT_SECRET_BASIC',
  },
  grant_types: {
    value: ['authorization_code', 'refresh_token', 'urn:openid:params:grant-type:ciba'],
    property: ['AUTHORIZATION_CODE', 'REFRESH_TOKEN', 'CIBA'],
    fallback: ['authorization_code'],
    fallbackProperty: ['AUTHORIZATION_CODE'],
  },
  response_types: {
    value: ['code', 'none'],
    property: ['CODE', 'NONE'],
    fallback: ['code'],
    fallbackProperty: ['CODE'],
  },
  client_name: { value: 'Ein Client 🦊 \u{10FFFF} é e\u0301' },
  client_uri: { value: 'https://client.example.org/#about' },
  logo_uri: { value: 'https://client.example.org/logo.png' },
  scope: { value: 'read write', property: ['read', 'write'] },
  contacts: { value: ['one@example.org', 'two@example.org'] },
  tos_uri: { value: 'https://client.example.org/tos' },
  policy_uri: { value: 'https://client.example.org/policy' },
  jwks_uri: { value: 'https://client.example.org/jwks.json' },
  jwks: { value: JWKS, property: JSON.stringify(JWKS) },
  software_id: { value: '4NRB1-0XZABZI9E6-5SM3R' },
  software_version: { value: '2.0' },
  application_type: { value: 'native', property: 'NATIVE', fallback: 'web', fallbackProperty: 'WEB' },
  sector_identifier_uri: { value: 'https://client.example.org/redirect_uris.json' },
  subject_type: {
    value: 'pairwise',
    property: 'PAIRWISE',
    fallback: 'public',
    fallbackProperty: 'PUBLIC',
    requires: { redirect_uris: ['https://client.example.org/callback'] },
  },
  id_token_signed_response_alg: { value: 'ES256', fallback: 'RS256' },
  id_token_encrypted_response_alg: { value: 'RSA-OAEP-256', property: 'RSA_OAEP_256' },
  id_token_encrypted_response_enc: {
    value: 'A256GCM',
    fallback: 'A128CBC-HS256',
    fallbackProperty: 'A128CBC_HS256',
    requires: { id_token_encrypted_response_alg: 'RSA-OAEP' },
  },
  userinfo_signed_response_alg: { value: 'PS512' },
  userinfo_encrypted_response_alg: { value: 'ECDH-ES+A256KW', property: 'ECDH_ES_A256KW' },
  userinfo_encrypted_response_enc: {
    value: 'A256CBC-HS512',
    property: 'A256CBC_HS512',
    fallback: 'A128CBC-HS256',
    fallbackProperty: 'A128CBC_HS256',
    requires: { userinfo_encrypted_response_alg: 'RSA-OAEP' },
  },
  request_object_signing_alg: { value: 'EdDSA' },
  request_object_encryption_alg: { value: 'ECDH-ES', property: 'ECDH_ES' },
  request_object_encryption_enc: {
    value: 'A192GCM',
    fallback: 'A128CBC-HS256',
    fallbackProperty: 'A128CBC_HS256',
    requires: { request_object_encryption_alg: 'RSA-OAEP' },
  },
  token_endpoint_auth_signing_alg: { value: 'HS384', requires: { token_endpoint_auth_method: 'client_secret_jwt' } },
  default_max_age: { value: 3600, fallback: 0 },
  require_auth_time: { value: true, fallback: false },
  default_acr_values: { value: ['urn:example:loa:2', 'urn:example:loa:1'] },
  initiate_login_uri: { value: 'https://client.example.org/login' },
  request_uris: { value: ['https://client.example.org/request#1'] },
  tls_client_certificate_bound_access_tokens: { value: true, fallback: false },
  require_signed_request_object: { value: true, fallback: false },
  require_pushed_authorization_requests: { value: true, fallback: false },
  backchannel_user_code_parameter: { value: true, fallback: false },
};

/** The names of the rows, for tables of tests. */
export const FIELD_NAMES = FIELDS.map(([name]) => name as FieldName);

/** The names of the rows that may carry a language tag. */
export const LOCALIZABLE_NAMES = FIELDS.filter(([, field]) => field.localizable !== undefined).map(
  ([name]) => name as FieldName,
);

/** Where Authlete's `Client` keeps a member, as a path. */
export function propertyOf(name: FieldName): string {
  return FIELDS.find(([field]) => field === name)?.[1].property ?? '';
}

/** Metadata with the sample of one member and whatever it requires. */
export function sampleOf(name: FieldName): ClientMetadata {
  const { value, requires } = SAMPLES[name];
  return { ...requires, [name]: value };
}

/** Every member at once, keys by reference, two languages for everything that people read. */
export function everyMember(): ClientMetadata {
  const untagged = FIELD_NAMES.filter((name) => name !== 'jwks').map((name): Member => [name, SAMPLES[name].value]);
  const tagged = LOCALIZABLE_NAMES.flatMap((name) =>
    ['ja', 'de-CH-1996'].map((tag): Member => [`${name}#${tag}`, SAMPLES[name].value]),
  );
  return Object.fromEntries<unknown>([...untagged, ...tagged]) as ClientMetadata;
}

type Member = [name: string, value: unknown];

/** The members of a client information response that only the server gives a value, and that a client must not send back. */
export const FOUR_MEMBERS = [
  'registration_access_token',
  'registration_client_uri',
  'client_secret_expires_at',
  'client_id_issued_at',
] as const;

/** An object without some of its members. */
export function without<T extends object>(object: T, ...names: readonly string[]): Partial<T> {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name))) as Partial<T>;
}
