import type { RegistrationSettings } from './registration-settings.ts';

// Values of client metadata, each with its constant in settings and in Authlete's `Client`.

/** Constants that Authlete does not have. Settings may contain them, but `Client` omits them. */
export const OWN_CONSTANTS: ReadonlySet<string> = new Set([
  'SAML2_BEARER',
  'UMA_TICKET',
  'VP_TOKEN',
  'ID_TOKEN_VP_TOKEN',
  'Ed25519',
  'Ed448',
  'DIRECT_POST',
  'DIRECT_POST_JWT',
  'DC_API',
  'DC_API_JWT',
]);

/** @see https://www.iana.org/assignments/oauth-parameters/oauth-parameters.xhtml#token-endpoint-auth-method */
export const CLIENT_AUTH_METHOD = {
  none: 'NONE',
  client_secret_basic: 'CLIENT_SECRET_BASIC',
  client_secret_post: 'CLIENT_SECRET_POST',
  client_secret_jwt: 'CLIENT_SECRET_JWT',
  private_key_jwt: 'PRIVATE_KEY_JWT',
  tls_client_auth: 'TLS_CLIENT_AUTH',
  self_signed_tls_client_auth: 'SELF_SIGNED_TLS_CLIENT_AUTH',
  attest_jwt_client_auth: 'ATTEST_JWT_CLIENT_AUTH',
} as const;

export const GRANT_TYPE = {
  authorization_code: 'AUTHORIZATION_CODE',
  implicit: 'IMPLICIT',
  password: 'PASSWORD',
  client_credentials: 'CLIENT_CREDENTIALS',
  refresh_token: 'REFRESH_TOKEN',
  'urn:openid:params:grant-type:ciba': 'CIBA',
  'urn:ietf:params:oauth:grant-type:device_code': 'DEVICE_CODE',
  'urn:ietf:params:oauth:grant-type:token-exchange': 'TOKEN_EXCHANGE',
  'urn:ietf:params:oauth:grant-type:jwt-bearer': 'JWT_BEARER',
  'urn:ietf:params:oauth:grant-type:pre-authorized_code': 'PRE_AUTHORIZED_CODE',
  'urn:ietf:params:oauth:grant-type:saml2-bearer': 'SAML2_BEARER',
  'urn:ietf:params:oauth:grant-type:uma-ticket': 'UMA_TICKET',
} as const;

/** The extension grants that a service supports: absolute URIs in its list (RFC 6749 section 4.5). */
export function extensionGrants({ supportedGrantTypes = [] }: RegistrationSettings): readonly string[] {
  return supportedGrantTypes.filter((grantType) => grantType.includes(':'));
}

/** The words of each value are in canonical order; see `canonicalResponseType`. */
export const RESPONSE_TYPE = {
  none: 'NONE',
  code: 'CODE',
  token: 'TOKEN',
  id_token: 'ID_TOKEN',
  'code token': 'CODE_TOKEN',
  'code id_token': 'CODE_ID_TOKEN',
  'id_token token': 'ID_TOKEN_TOKEN',
  'code id_token token': 'CODE_ID_TOKEN_TOKEN',
  vp_token: 'VP_TOKEN',
  'id_token vp_token': 'ID_TOKEN_VP_TOKEN',
} as const;

/**
 * Sorts the words of a response type, because their order has no meaning.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749.html#section-3.1.1
 */
export function canonicalResponseType(value: string): string {
  return value.includes(' ') ? [...new Set(value.split(' '))].sort().join(' ') : value;
}

export const APPLICATION_TYPE = { web: 'WEB', native: 'NATIVE' } as const;

export const SUBJECT_TYPE = { public: 'PUBLIC', pairwise: 'PAIRWISE' } as const;

/** @see https://www.iana.org/assignments/jose/jose.xhtml#web-signature-encryption-algorithms */
export const JWS_ALG = {
  none: 'NONE',
  HS256: 'HS256',
  HS384: 'HS384',
  HS512: 'HS512',
  RS256: 'RS256',
  RS384: 'RS384',
  RS512: 'RS512',
  ES256: 'ES256',
  ES384: 'ES384',
  ES512: 'ES512',
  PS256: 'PS256',
  PS384: 'PS384',
  PS512: 'PS512',
  ES256K: 'ES256K',
  EdDSA: 'EdDSA',
  Ed25519: 'Ed25519',
  Ed448: 'Ed448',
} as const;

/** Algorithms that sign; `none` does not. */
const { none: _none, ...signing } = JWS_ALG;
export const SIGNING_ALG = signing;

/** Algorithms with a key pair, so that a signature proves who created it. */
const { HS256: _HS256, HS384: _HS384, HS512: _HS512, ...asymmetric } = SIGNING_ALG;
export const ASYMMETRIC_ALG = asymmetric;

export const JWE_ALG = {
  RSA1_5: 'RSA1_5',
  'RSA-OAEP': 'RSA_OAEP',
  'RSA-OAEP-256': 'RSA_OAEP_256',
  A128KW: 'A128KW',
  A192KW: 'A192KW',
  A256KW: 'A256KW',
  dir: 'DIR',
  'ECDH-ES': 'ECDH_ES',
  'ECDH-ES+A128KW': 'ECDH_ES_A128KW',
  'ECDH-ES+A192KW': 'ECDH_ES_A192KW',
  'ECDH-ES+A256KW': 'ECDH_ES_A256KW',
  A128GCMKW: 'A128GCMKW',
  A192GCMKW: 'A192GCMKW',
  A256GCMKW: 'A256GCMKW',
  'PBES2-HS256+A128KW': 'PBES2_HS256_A128KW',
  'PBES2-HS384+A192KW': 'PBES2_HS384_A192KW',
  'PBES2-HS512+A256KW': 'PBES2_HS512_A256KW',
} as const;

export const JWE_ENC = {
  'A128CBC-HS256': 'A128CBC_HS256',
  'A192CBC-HS384': 'A192CBC_HS384',
  'A256CBC-HS512': 'A256CBC_HS512',
  A128GCM: 'A128GCM',
  A192GCM: 'A192GCM',
  A256GCM: 'A256GCM',
} as const;

/** @see https://openid.net/specs/openid-client-initiated-backchannel-authentication-core-1_0.html#registration */
export const BACKCHANNEL_TOKEN_DELIVERY_MODE = { poll: 'POLL', ping: 'PING', push: 'PUSH' } as const;

/** @see https://openid.net/specs/openid-federation-1_0.html#section-5.1.2 */
export const CLIENT_REGISTRATION_TYPE = { automatic: 'AUTOMATIC', explicit: 'EXPLICIT' } as const;

export const RESPONSE_MODE = {
  query: 'QUERY',
  fragment: 'FRAGMENT',
  form_post: 'FORM_POST',
  jwt: 'JWT',
  'query.jwt': 'QUERY_JWT',
  'fragment.jwt': 'FRAGMENT_JWT',
  'form_post.jwt': 'FORM_POST_JWT',
  direct_post: 'DIRECT_POST',
  'direct_post.jwt': 'DIRECT_POST_JWT',
  dc_api: 'DC_API',
  'dc_api.jwt': 'DC_API_JWT',
} as const;
