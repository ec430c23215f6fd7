import { needsClientSecret } from './client-secret.ts';

describe('needsClientSecret (RFC 7591 section 3.2.1, OpenID Connect Core section 16.19)', () => {
  it.each(['client_secret_basic', 'client_secret_post', 'client_secret_jwt'])('is true for %s', (method) => {
    expect(needsClientSecret({ token_endpoint_auth_method: method })).toBe(true);
  });

  it.each(['private_key_jwt', 'tls_client_auth', 'self_signed_tls_client_auth', 'attest_jwt_client_auth'])(
    'is false for %s',
    (method) => {
      expect(needsClientSecret({ token_endpoint_auth_method: method, id_token_signed_response_alg: 'RS256' })).toBe(
        false,
      );
    },
  );

  it.each([
    { id_token_signed_response_alg: 'HS256' },
    { userinfo_signed_response_alg: 'HS512' },
    { request_object_signing_alg: 'HS384' },
    { id_token_encrypted_response_alg: 'A256KW' },
    { userinfo_encrypted_response_alg: 'dir' },
    { request_object_encryption_alg: 'A128GCMKW' },
    { id_token_encrypted_response_alg: 'PBES2-HS256+A128KW' },
  ])('is true for private_key_jwt with %j, and false for a public client', (metadata) => {
    expect(needsClientSecret({ token_endpoint_auth_method: 'private_key_jwt', ...metadata })).toBe(true);
    expect(needsClientSecret({ token_endpoint_auth_method: 'none', ...metadata })).toBe(false);
  });
});
