import { generateKeyPairSync } from 'node:crypto';

const keys = [
  { use: 'sig', alg: 'ES256' },
  { use: 'enc', alg: 'ECDH-ES' },
].map((use, i) => ({
  ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }),
  ...use,
  kid: `client.example.org-2026-0${i + 1}`,
}));

/** What a client of a bank might register, except for its keys. */
const METADATA = {
  redirect_uris: [
    'https://client.example.org/oauth/callback',
    'https://client.example.org/oauth/silent-callback',
    'https://client.example.org/callback?tenant=one',
  ],
  post_logout_redirect_uris: ['https://client.example.org/logged-out'],
  token_endpoint_auth_method: 'private_key_jwt',
  token_endpoint_auth_signing_alg: 'ES256',
  grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
  response_types: ['code'],
  application_type: 'web',
  client_name: 'Example Client of the Example Organization',
  'client_name#ja': '例示組織のクライアント',
  client_uri: 'https://client.example.org/',
  logo_uri: 'https://client.example.org/assets/logo.png',
  tos_uri: 'https://client.example.org/legal/terms-of-service',
  policy_uri: 'https://client.example.org/legal/privacy-policy',
  contacts: ['admin@client.example.org', 'security@client.example.org'],
  scope: 'openid profile email offline_access payments:read payments:write',
  software_id: '4NRB1-0XZABZI9E6-5SM3R',
  software_version: '2.14.3',
  subject_type: 'pairwise',
  id_token_signed_response_alg: 'ES256',
  id_token_encrypted_response_alg: 'ECDH-ES',
  id_token_encrypted_response_enc: 'A256GCM',
  request_object_signing_alg: 'ES256',
  authorization_signed_response_alg: 'ES256',
  default_max_age: 3600,
  require_auth_time: true,
  initiate_login_uri: 'https://client.example.org/login',
  tls_client_certificate_bound_access_tokens: true,
  require_pushed_authorization_requests: true,
  backchannel_logout_uri: 'https://client.example.org/logout/back-channel',
  backchannel_logout_session_required: true,
  authorization_details_types: ['payment_initiation', 'account_information'],
  dpop_bound_access_tokens: false,
};

/** By the name of the member that holds the keys. */
export const DOCUMENTS = {
  jwks: JSON.stringify({ ...METADATA, jwks: { keys } }),
  jwks_uri: JSON.stringify({ ...METADATA, jwks_uri: 'https://client.example.org/.well-known/jwks.json' }),
} as const;
