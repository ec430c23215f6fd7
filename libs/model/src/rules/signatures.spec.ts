import { EC_KEY, JWKS, JWKS_URI, keySet, RSA_KEY } from '../../test/keys.ts';
import { REGISTERED } from '../../test/decisions.ts';
import { rule } from '../../test/rule.ts';

const CALLBACK = 'https://client.example.org/callback';
const jwks = keySet(EC_KEY, RSA_KEY);
const privateKeyJwt = { token_endpoint_auth_method: 'private_key_jwt' };

describe('the rules of signatures', () => {
  const open = { token_endpoint_auth_method: 'none' };
  const symmetric: readonly [string, string][] = [
    ['id_token_signed_response_alg', 'HS256'],
    ['userinfo_signed_response_alg', 'HS512'],
    ['request_object_signing_alg', 'HS384'],
    ['id_token_encrypted_response_alg', 'dir'],
    ['userinfo_encrypted_response_alg', 'A128GCMKW'],
    ['request_object_encryption_alg', 'PBES2-HS256+A128KW'],
    ['nfv_token_signed_response_alg', 'HS256'],
    ['nfv_token_encrypted_response_alg', 'A256KW'],
    ['introspection_signed_response_alg', 'HS256'],
    ['introspection_encrypted_response_alg', 'dir'],
    ['authorization_signed_response_alg', 'HS256'],
    ['authorization_encrypted_response_alg', 'A192KW'],
  ];

  rule('symmetric-algorithm-needs-secret', 'a symmetric algorithm needs a secret that the server can read', {
    accepts: [
      { ...open, id_token_signed_response_alg: 'ES256' },
      ...symmetric.map(([member, algorithm]) => ({ [member]: algorithm })),
    ],
    refuses: [
      ...symmetric.map(([member, algorithm]) => ({
        metadata: { ...open, [member]: algorithm },
        members: [member, 'token_endpoint_auth_method'],
        result: 'algorithmUnfit' as const,
        words: `"${algorithm}" uses the client secret as its key, but a client with the token_endpoint_auth_method "none" has no secret`,
      })),
      ...symmetric.map(([member, algorithm]) => ({
        metadata: { client_id: REGISTERED.clientId, [member]: algorithm },
        registered: { ...REGISTERED, secret: 'hashed' as const },
        members: [member, 'token_endpoint_auth_method'],
        result: 'algorithmUnfit' as const,
        words: 'but the server has only a hash of this secret; use an algorithm with a key pair',
      })),
      {
        metadata: { client_id: REGISTERED.clientId, id_token_signed_response_alg: 'HS256' },
        registered: { ...REGISTERED, secret: 'short' },
        members: ['id_token_signed_response_alg', 'token_endpoint_auth_method'],
        result: 'algorithmUnfit',
        words: 'but this secret has fewer than 32 characters; use an algorithm with a key pair',
      },
      ...(['hashed', 'short'] as const).map((secret) => ({
        metadata: { client_id: REGISTERED.clientId, token_endpoint_auth_method: 'client_secret_jwt' },
        registered: { ...REGISTERED, secret },
        members: ['token_endpoint_auth_method'],
        result: 'algorithmUnfit' as const,
        words: '"client_secret_jwt" uses the client secret as its key, but',
      })),
    ],
  });

  const unsigned = { id_token_signed_response_alg: 'none', redirect_uris: [CALLBACK] };

  rule('id-token-signed', 'an ID token from the authorization endpoint is signed', {
    accepts: [
      { ...unsigned, grant_types: ['authorization_code'], response_types: ['code'] },
      { ...unsigned, grant_types: ['implicit'], response_types: ['token'] },
      { ...unsigned, id_token_signed_response_alg: 'ES256', response_types: ['id_token'] },
    ],
    refuses: ['id_token', 'code id_token', 'id_token vp_token'].map((type) => ({
      metadata: { ...unsigned, response_types: [type] },
      members: ['id_token_signed_response_alg', 'response_types'],
      result: 'algorithmUnfit' as const,
      words: `"none" cannot be used with the response type "${type}"`,
    })),
  });

  const none = { request_object_signing_alg: 'none' };

  rule('request-object-signed', 'request objects that must be signed have an algorithm that signs', {
    accepts: [
      none,
      { require_signed_request_object: true },
      { require_signed_request_object: true, request_object_signing_alg: 'ES256', jwks },
      { metadata: none, settings: { requestObjectRequired: false } },
      {
        metadata: none,
        settings: { requestObjectRequired: true, traditionalRequestObjectProcessingApplied: true },
      },
    ],
    refuses: [
      {
        metadata: { ...none, require_signed_request_object: true },
        members: ['request_object_signing_alg'],
        result: 'algorithmUnfit',
        words: '"none" does not sign, but require_signed_request_object is true',
      },
      {
        metadata: none,
        settings: { requestObjectRequired: true },
        members: ['request_object_signing_alg'],
        result: 'algorithmUnfit',
        words: 'the server accepts only signed request objects',
      },
    ],
  });

  const signed = ['request_object_signing_alg', 'backchannel_authentication_request_signing_alg'];

  rule('keys-for-signatures', 'a jwks has a key for every algorithm with which the client signs', {
    accepts: [
      ...signed.flatMap((member) => [
        { [member]: 'ES256', jwks: JWKS },
        { [member]: 'RS256', jwks_uri: JWKS_URI },
        // Such a client may omit signatures.
        { [member]: 'RS256' },
      ]),
      { request_object_signing_alg: 'none', jwks: JWKS },
      { request_object_signing_alg: 'HS256', jwks: JWKS },
    ],
    refuses: [
      ...signed.map((member) => ({
        metadata: { [member]: 'RS256', jwks: JWKS },
        members: ['jwks', member],
        result: 'keyUnfit' as const,
        words: `but ${member} is RS256; add a key for RS256`,
      })),
      ...signed.map((member) => ({
        metadata: { [member]: 'RS256', jwks: keySet() },
        members: ['jwks_uri', 'jwks', member],
        result: 'memberMissing' as const,
        words: 'or jwks with a key for RS256',
      })),
      {
        metadata: { require_signed_request_object: true, request_object_signing_alg: 'ES256' },
        members: ['jwks_uri', 'jwks', 'request_object_signing_alg'],
        result: 'memberMissing',
        words: 'request_object_signing_alg is ES256 and require_signed_request_object is true',
      },
    ],
  });

  const required = { require_signed_request_object: true };

  rule('keys-for-required-signatures', 'a client that must sign request objects has a key or a secret to sign', {
    accepts: [
      required,
      { ...required, ...privateKeyJwt, jwks: JWKS },
      { ...required, token_endpoint_auth_method: 'none', jwks: JWKS },
      { ...required, token_endpoint_auth_method: 'none', jwks_uri: JWKS_URI },
    ],
    refuses: [
      {
        metadata: { ...required, token_endpoint_auth_method: 'none' },
        members: ['jwks_uri', 'jwks', 'require_signed_request_object'],
        result: 'memberMissing',
        words: 'because require_signed_request_object is true',
      },
      {
        metadata: { ...required, token_endpoint_auth_method: 'none', jwks: keySet({ ...EC_KEY, use: 'enc' }) },
        members: ['jwks', 'require_signed_request_object'],
        result: 'keyUnfit',
        words: 'add a key for signatures',
      },
    ],
  });
});
