import {
  APPLICATION_TYPE,
  CLIENT_AUTH_METHOD,
  GRANT_TYPE,
  JWE_ALG,
  JWE_ENC,
  JWS_ALG,
  RESPONSE_TYPE,
  SUBJECT_TYPE,
  type ClientMetadata,
  type FieldName,
} from '@clientele/model/metadata';
import fc, { type Arbitrary } from 'fast-check';
import { LOCALIZABLE_NAMES } from './samples.ts';

const CONTROL = /\p{Cc}/gu;

const text = fc.string({ unit: 'grapheme', minLength: 1 }).map((value) => value.replace(CONTROL, '?'));
const texts = fc.array(text, { minLength: 1, maxLength: 5 });
const webUri = fc.webUrl({ validSchemes: ['https'], withQueryParameters: true, withFragments: true });
const httpsUri = fc.webUrl({ validSchemes: ['https'], withQueryParameters: true });
const redirectUri = fc.oneof(
  httpsUri,
  fc.nat({ max: 65_535 }).map((port) => `http://localhost:${port}/callback`),
  fc.stringMatching(/^com\.example\.[a-z]{1,8}:\/[a-z]{0,8}$/),
);
const scopeToken = fc.stringMatching(/^[\x21\x23-\x5b\x5d-\x7e]{1,12}$/);
const jwks = fc.record({
  keys: fc.array(fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), fc.oneof(text, fc.boolean(), fc.integer())), {
    maxLength: 3,
  }),
});

function oneOf<Name extends string>(values: Readonly<Record<Name, string>>): Arbitrary<Name> {
  return fc.constantFrom(...(Object.keys(values) as Name[]));
}

function someOf<Name extends string>(values: Readonly<Record<Name, string>>): Arbitrary<Name[]> {
  return fc.uniqueArray(oneOf(values), { minLength: 1 });
}

/** Valid values of every row, each by itself. */
const VALUES: { readonly [N in FieldName]: Arbitrary<NonNullable<ClientMetadata[N]>> } = {
  redirect_uris: fc.array(redirectUri, { minLength: 1, maxLength: 4 }),
  token_endpoint_auth_method: oneOf(CLIENT_AUTH_METHOD),
  grant_types: someOf(GRANT_TYPE),
  response_types: someOf(RESPONSE_TYPE),
  client_name: text,
  client_uri: webUri,
  logo_uri: webUri,
  scope: fc.array(scopeToken, { minLength: 1, maxLength: 5 }).map((tokens) => tokens.join(' ')),
  contacts: texts,
  tos_uri: webUri,
  policy_uri: webUri,
  jwks_uri: httpsUri,
  jwks,
  software_id: text,
  software_version: text,
  application_type: oneOf(APPLICATION_TYPE),
  sector_identifier_uri: httpsUri,
  subject_type: oneOf(SUBJECT_TYPE),
  id_token_signed_response_alg: oneOf(JWS_ALG),
  id_token_encrypted_response_alg: oneOf(JWE_ALG),
  id_token_encrypted_response_enc: oneOf(JWE_ENC),
  userinfo_signed_response_alg: oneOf(JWS_ALG),
  userinfo_encrypted_response_alg: oneOf(JWE_ALG),
  userinfo_encrypted_response_enc: oneOf(JWE_ENC),
  request_object_signing_alg: oneOf(JWS_ALG),
  request_object_encryption_alg: oneOf(JWE_ALG),
  request_object_encryption_enc: oneOf(JWE_ENC),
  token_endpoint_auth_signing_alg: oneOf(JWS_ALG),
  default_max_age: fc.nat(),
  require_auth_time: fc.boolean(),
  default_acr_values: texts,
  initiate_login_uri: httpsUri,
  request_uris: fc.array(webUri, { minLength: 1, maxLength: 3 }),
  tls_client_certificate_bound_access_tokens: fc.boolean(),
  require_signed_request_object: fc.boolean(),
  require_pushed_authorization_requests: fc.boolean(),
  backchannel_user_code_parameter: fc.boolean(),
};

const languages = fc.dictionary(
  fc
    .tuple(fc.constantFrom(...LOCALIZABLE_NAMES), fc.constantFrom('ja', 'de-CH-1996', 'zh-Hant', 'x-own'))
    .map(([name, tag]) => `${name}#${tag}`),
  webUri,
  { maxKeys: 4 },
);

/** Client metadata that breaks no rule: any members, with any values, that go together. */
export const clientMetadata: Arbitrary<ClientMetadata> = fc
  .tuple(fc.record<ClientMetadata>(VALUES, { requiredKeys: [] }), languages)
  .map(([metadata, tagged]) => consistent({ ...metadata, ...tagged }));

/** Takes out or puts in what the rules across members demand. */
function consistent(metadata: ClientMetadata): ClientMetadata {
  const { jwks_uri, grant_types, response_types = [], ...rest } = metadata;
  const words = new Set(response_types.flatMap((type) => type.split(' ')));
  const grants = new Set(grant_types);
  grants.delete('authorization_code');
  grants.delete('implicit');
  if (words.has('code')) grants.add('authorization_code');
  if (words.has('token') || words.has('id_token')) grants.add('implicit');
  return {
    ...withoutLoneEncryption(rest),
    ...(rest.jwks === undefined && jwks_uri !== undefined && { jwks_uri }),
    ...(grants.size > 0 && { grant_types: [...grants] }),
    ...(grants.size > 0 && response_types.length > 0 && { response_types }),
  };
}

/** Content encryption means nothing without key management (OpenID Connect Registration section 2). */
function withoutLoneEncryption(metadata: ClientMetadata): ClientMetadata {
  const { id_token_encrypted_response_enc, userinfo_encrypted_response_enc, request_object_encryption_enc, ...rest } =
    metadata;
  return {
    ...rest,
    ...(rest.id_token_encrypted_response_alg && id_token_encrypted_response_enc && { id_token_encrypted_response_enc }),
    ...(rest.userinfo_encrypted_response_alg && userinfo_encrypted_response_enc && { userinfo_encrypted_response_enc }),
    ...(rest.request_object_encryption_alg && request_object_encryption_enc && { request_object_encryption_enc }),
  };
}

/** Documents that look like metadata and are mostly wrong: known names with unknown values, and names that mean mischief. */
export const nearlyMetadata: Arbitrary<string> = fc
  .dictionary(
    fc.oneof(
      fc.constantFrom(...Object.keys(VALUES), 'client_id', 'client_secret', 'registration_client_uri'),
      fc.constantFrom(
        '__proto__',
        'constructor',
        'prototype',
        'toString',
        'hasOwnProperty',
        'client_name#',
        'logo_uri#ja',
      ),
      fc.string({ unit: 'binary' }),
    ),
    fc.oneof(fc.jsonValue(), ...Object.values(VALUES)),
  )
  .map((document) => JSON.stringify(document));

/** A document with a few characters cut out or put in. */
export const brokenMetadata: Arbitrary<string> = fc
  .tuple(nearlyMetadata, fc.nat(), fc.nat({ max: 3 }), fc.string({ unit: 'binary', maxLength: 3 }))
  .map(([document, place, cut, put]) => {
    const start = place % (document.length + 1);
    return document.slice(0, start) + put + document.slice(start + cut);
  });
