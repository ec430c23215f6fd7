import { generateKeyPairSync } from 'node:crypto';

/** Metadata that a client of a bank might register, except for its keys. */
const METADATA = {
  redirect_uris: ['https://client.example.org/oauth/callback', 'https://client.example.org/oauth/silent-callback'],
  post_logout_redirect_uris: ['https://client.example.org/oauth/logout/completed?tenant=example-organization'],
  token_endpoint_auth_method: 'private_key_jwt',
  token_endpoint_auth_signing_alg: 'ES256',
  grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
  response_types: ['code'],
  client_name: 'Example Client of the Example Organization and its Subsidiaries in Europe',
  'client_name#ja': '例示組織とその子会社のクライアント',
  client_uri: 'https://www.client.example.org/products/online-banking/example-client?language=en',
  logo_uri: 'https://client.example.org/assets/images/logo-of-the-example-organization.png',
  tos_uri: 'https://client.example.org/legal/terms-of-service?version=2026-11',
  policy_uri: 'https://client.example.org/legal/privacy-policy?version=2026-11',
  contacts: ['admin@client.example.org', 'security@client.example.org', 'operations@client.example.org'],
  scope: 'openid profile email offline_access accounts:read payments:read payments:write',
  software_id: '4NRB1-0XZABZI9E6-5SM3R',
  id_token_signed_response_alg: 'ES256',
  id_token_encrypted_response_alg: 'ECDH-ES',
  id_token_encrypted_response_enc: 'A256GCM',
  require_auth_time: true,
  initiate_login_uri: 'https://client.example.org/oauth/initiate-login?tenant=example-organization',
  tls_client_certificate_bound_access_tokens: true,
  require_pushed_authorization_requests: true,
  backchannel_logout_uri: 'https://client.example.org/oauth/logout/back-channel?tenant=example-organization',
  authorization_details_types: ['payment_initiation', 'account_information', 'consent'],
};

const newKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });

const keys = [
  { ...newKey(), kid: 'client.example.org-2026-01', use: 'sig', alg: 'ES256' },
  { ...newKey(), kid: 'client.example.org-2026-02', use: 'enc', alg: 'ECDH-ES' },
];

/** By the name of the member that holds the keys. */
export const DOCUMENTS = {
  jwks: JSON.stringify({ ...METADATA, jwks: { keys } }),
  /** With a client secret, and the keys for other uses. */
  secret: JSON.stringify({ ...METADATA, jwks: { keys }, token_endpoint_auth_method: 'client_secret_basic' }),
  jwks_uri: JSON.stringify({
    ...METADATA,
    jwks_uri: 'https://client.example.org/.well-known/jwks.json',
  }),
};
