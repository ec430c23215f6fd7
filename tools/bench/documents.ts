import { generateKeyPairSync } from 'node:crypto';
import { LIMITS } from '@clientele/model/metadata';

/**
 * What a client of a bank might register: two and a half kilobytes, more than forty members of most kinds, ten of them URIs,
 * and values that break no rule.
 */
export const ORDINARY_DOCUMENT = JSON.stringify({
  redirect_uris: [
    'https://client.example.org/oauth/callback',
    'https://client.example.org/oauth/silent-callback',
    'https://client.example.org/callback?tenant=one',
  ],
  token_endpoint_auth_method: 'private_key_jwt',
  token_endpoint_auth_signing_alg: 'ES256',
  grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
  response_types: ['code'],
  client_name: 'Example Client of the Example Organization',
  'client_name#ja': '例示組織のクライアント',
  'client_name#de': 'Beispielhafte Anwendung',
  client_uri: 'https://client.example.org/',
  'client_uri#de': 'https://client.example.org/de/',
  logo_uri: 'https://client.example.org/assets/logo.png',
  scope: 'openid profile email address phone offline_access payments:read payments:write',
  contacts: ['admin@client.example.org', 'security@client.example.org'],
  tos_uri: 'https://client.example.org/legal/terms-of-service',
  policy_uri: 'https://client.example.org/legal/privacy-policy',
  jwks_uri: 'https://client.example.org/.well-known/jwks.json',
  software_id: '4NRB1-0XZABZI9E6-5SM3R',
  software_version: '2.14.3',
  application_type: 'web',
  subject_type: 'pairwise',
  id_token_signed_response_alg: 'PS256',
  id_token_encrypted_response_alg: 'RSA-OAEP-256',
  id_token_encrypted_response_enc: 'A256GCM',
  userinfo_signed_response_alg: 'PS256',
  userinfo_encrypted_response_alg: 'RSA-OAEP-256',
  userinfo_encrypted_response_enc: 'A256GCM',
  request_object_signing_alg: 'PS256',
  request_object_encryption_alg: 'RSA-OAEP-256',
  request_object_encryption_enc: 'A256GCM',
  default_max_age: 3600,
  require_auth_time: true,
  default_acr_values: ['urn:mace:incommon:iap:silver', 'urn:mace:incommon:iap:bronze'],
  initiate_login_uri: 'https://client.example.org/login',
  request_uris: ['https://client.example.org/requests/1', 'https://client.example.org/requests/2'],
  tls_client_certificate_bound_access_tokens: true,
  require_pushed_authorization_requests: true,
  require_signed_request_object: true,
  post_logout_redirect_uris: ['https://client.example.org/logged-out'],
  backchannel_logout_uri: 'https://client.example.org/logout/back-channel',
  backchannel_logout_session_required: true,
  frontchannel_logout_uri: 'https://client.example.org/logout/front-channel',
  frontchannel_logout_session_required: true,
  authorization_details_types: ['payment_initiation', 'account_information'],
  authorization_signed_response_alg: 'PS256',
  dpop_bound_access_tokens: false,
});

/** Documents that grow in one way each; each gives one of about so many characters that breaks no rule. */
export const SHAPES: Readonly<Record<string, (characters: number) => string>> = {
  'redirect URIs': (characters) =>
    list(
      'redirect_uris',
      Math.min(LIMITS.elements, characters / 40),
      characters,
      (i) => `https://client.example.org/${i}/`,
    ),
  'redirect URIs on loopback': (characters) =>
    list('redirect_uris', Math.min(LIMITS.elements, characters / 40), characters, (i) => `http://localhost:8080/${i}/`),
  contacts: (characters) =>
    list('contacts', Math.min(LIMITS.elements, characters / 40), characters, (i) => `person-${i}@`),
  'long strings': (characters) =>
    list('contacts', Math.ceil(characters / (LIMITS.text - 10)), characters, (i) => `${i} and `),
  'language tags': (characters) => {
    const members = [
      'client_name',
      'client_uri',
      'logo_uri',
      'tos_uri',
      'policy_uri',
      'description',
      'information_uri',
    ];
    const tags = Math.min(LIMITS.languageTags, Math.floor(characters / members.length / 60));
    const values = members.flatMap((member) =>
      Array.from({ length: tags }, (_, i) => [`${member}#x-${i}`, 'https://client.example.org/']),
    );
    return padded(Object.fromEntries(values) as object, characters);
  },
  'keys by value': (characters) => {
    const count = Math.min(LIMITS.keys, Math.floor(characters / 600));
    const certificate = 'M'.repeat(Math.max(0, Math.floor(characters / count) - 420));
    return JSON.stringify({
      jwks: { keys: Array.from({ length: count }, (_, i) => ({ ...KEY, kid: String(i), x5c: [certificate] })) },
    });
  },
  'unknown members': (characters) =>
    JSON.stringify(
      Object.fromEntries(
        Array.from({ length: Math.floor(characters / 17.1) }, (_, i) => [`unknown_${1000 + i}`, i % 10]),
      ),
    ),
  'nested members': (characters) =>
    JSON.stringify({
      vp_formats_supported: { a: Array.from({ length: Math.floor(characters / 19.1) }, () => ({ a: { b: [1, 2] } })) },
    }),
};

const KEY = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' });

/** A member that lists so many strings, which together have about so many characters. */
function list(member: string, count: number, characters: number, start: (i: number) => string): string {
  const length = Math.floor((characters - member.length - 8) / count) - 3;
  return JSON.stringify({
    [member]: Array.from({ length: Math.floor(count) }, (_, i) => start(i).padEnd(length, 'a')),
  });
}

/** The document with an unknown member that makes it as long as it shall be. */
function padded(document: object, characters: number): string {
  const missing = characters - JSON.stringify(document).length - '"unknown":"",'.length;
  return JSON.stringify({ ...document, unknown: 'a'.repeat(Math.max(0, missing)) });
}
