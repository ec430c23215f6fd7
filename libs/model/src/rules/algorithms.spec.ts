import { EC_KEY, JWKS, JWKS_URI, keySet, RSA_KEY } from '../../test/keys.ts';
import { REGISTERED } from '../../test/decisions.ts';
import { rule } from '../../test/rule.ts';

const CALLBACK = 'https://client.example.org/callback';
const jwks = keySet(EC_KEY, RSA_KEY);

const ENCRYPTED = [
  'id_token_encrypted_response',
  'userinfo_encrypted_response',
  'request_object_encryption',
  'nfv_token_encrypted_response',
  'introspection_encrypted_response',
  'authorization_encrypted_response',
];

describe('the rules of algorithms', () => {
  rule('encryption-needs-algorithm', 'content encryption comes with key management', {
    accepts: ENCRYPTED.flatMap((name) => [
      { [`${name}_alg`]: 'RSA-OAEP', [`${name}_enc`]: 'A256GCM', jwks },
      { [`${name}_alg`]: 'RSA-OAEP', jwks },
    ]),
    refuses: ENCRYPTED.map((name) => ({
      metadata: { [`${name}_enc`]: 'A256GCM', jwks },
      members: [`${name}_enc`, `${name}_alg`],
      result: 'encryptionAlgorithmMissing' as const,
      words: `${name}_enc: must not be present without ${name}_alg; add that, or leave this out`,
    })),
  });

  const secret = { token_endpoint_auth_method: 'client_secret_jwt' };
  const key = { token_endpoint_auth_method: 'private_key_jwt', jwks: JWKS };

  rule('authentication-algorithm', 'client_secret_jwt goes with HS algorithms, private_key_jwt with the others', {
    accepts: [
      { ...secret, token_endpoint_auth_signing_alg: 'HS512' },
      { ...key, token_endpoint_auth_signing_alg: 'ES256' },
      { token_endpoint_auth_signing_alg: 'ES256' },
    ],
    refuses: [
      ...['RS256', 'ES256', 'EdDSA'].map((algorithm) => ({
        metadata: { ...secret, token_endpoint_auth_signing_alg: algorithm },
        members: ['token_endpoint_auth_signing_alg', 'token_endpoint_auth_method'],
        result: 'algorithmUnfit' as const,
        words: `"${algorithm}" does not go with client_secret_jwt; use HS256, HS384 or HS512`,
      })),
      ...[key, { ...key, jwks: null, jwks_uri: JWKS_URI }].map((metadata) => ({
        metadata: { ...metadata, token_endpoint_auth_signing_alg: 'HS256' },
        members: ['token_endpoint_auth_signing_alg', 'token_endpoint_auth_method'],
        result: 'algorithmUnfit' as const,
        words: '"HS256" does not go with private_key_jwt',
      })),
    ],
  });

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

  rule('symmetric-algorithm-needs-secret', 'a symmetric algorithm takes a secret that the server can read', {
    accepts: [
      { ...open, id_token_signed_response_alg: 'ES256' },
      ...symmetric.map(([member, algorithm]) => ({ [member]: algorithm })),
    ],
    refuses: [
      ...symmetric.map(([member, algorithm]) => ({
        metadata: { ...open, [member]: algorithm },
        members: [member, 'token_endpoint_auth_method'],
        result: 'algorithmUnfit' as const,
        words: `"${algorithm}" uses the client secret as its key, which a client whose token_endpoint_auth_method is none does not have`,
      })),
      ...symmetric.map(([member, algorithm]) => ({
        metadata: { client_id: REGISTERED.clientId, [member]: algorithm },
        registered: { ...REGISTERED, secret: 'hashed' as const },
        members: [member, 'token_endpoint_auth_method'],
        result: 'algorithmUnfit' as const,
        words: 'which the server has only as a hash; use an algorithm with a key pair',
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
      words: `"none" does not go with the response type "${type}"`,
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
        words: '"none" does not sign, and require_signed_request_object is true',
      },
      {
        metadata: none,
        settings: { requestObjectRequired: true },
        members: ['request_object_signing_alg'],
        result: 'algorithmUnfit',
        words: 'the server only takes signed request objects',
      },
    ],
  });
});
