import { CERTIFICATE, EC_KEY, ED25519_KEY, JWKS, JWKS_URI, keySet, RSA_KEY } from '../../test/keys.ts';
import { rule } from '../../test/rule.ts';

const SOURCES = [{ jwks_uri: JWKS_URI }, { signed_jwks_uri: 'https://client.example.org/jwks.jwt' }];
const privateKeyJwt = { token_endpoint_auth_method: 'private_key_jwt' };
const selfSigned = { token_endpoint_auth_method: 'self_signed_tls_client_auth' };

describe('the rules of client authentication', () => {
  rule('keys-for-authentication', 'a client that authenticates with its own key registers a suitable key', {
    accepts: [
      ...SOURCES.flatMap((source) => [
        { ...privateKeyJwt, ...source },
        { ...selfSigned, ...source },
      ]),
      { ...privateKeyJwt, jwks: JWKS },
      { ...privateKeyJwt, jwks: keySet({ ...EC_KEY, use: 'enc' }, ED25519_KEY) },
      { ...privateKeyJwt, token_endpoint_auth_signing_alg: 'PS256', jwks: keySet(EC_KEY, RSA_KEY) },
      { ...privateKeyJwt, token_endpoint_auth_signing_alg: 'Ed25519', jwks: keySet(ED25519_KEY) },
      { ...selfSigned, jwks: keySet({ ...EC_KEY, x5c: [CERTIFICATE] }) },
    ],
    refuses: [
      ...[privateKeyJwt, selfSigned].flatMap((method) =>
        [{}, { jwks: keySet() }].map((keys) => ({
          metadata: { ...method, ...keys },
          members: ['jwks_uri', 'jwks', 'token_endpoint_auth_method'],
          result: 'memberMissing' as const,
          words: `because token_endpoint_auth_method is ${method.token_endpoint_auth_method}`,
        })),
      ),
      {
        metadata: { ...privateKeyJwt, jwks: keySet({ ...EC_KEY, use: 'enc' }) },
        members: ['jwks', 'token_endpoint_auth_method'],
        result: 'keyUnfit',
        words: 'add a key for signatures',
      },
      {
        metadata: { ...privateKeyJwt, jwks: keySet({ ...EC_KEY, key_ops: ['deriveKey'] }) },
        members: ['jwks', 'token_endpoint_auth_method'],
        result: 'keyUnfit',
        words: 'add a key for signatures',
      },
      {
        metadata: { ...privateKeyJwt, jwks: keySet({ kty: 'of the future' }) },
        members: ['jwks', 'token_endpoint_auth_method'],
        result: 'keyUnfit',
        words: 'has no suitable key, but',
      },
      {
        metadata: { ...privateKeyJwt, token_endpoint_auth_signing_alg: 'RS256', jwks: JWKS },
        members: ['jwks', 'token_endpoint_auth_signing_alg'],
        result: 'keyUnfit',
        words: 'token_endpoint_auth_signing_alg is RS256; add a key for RS256',
      },
      {
        metadata: { ...privateKeyJwt, token_endpoint_auth_signing_alg: 'RS256' },
        members: ['jwks_uri', 'jwks', 'token_endpoint_auth_signing_alg'],
        result: 'memberMissing',
        words: 'must be present, or jwks with a key for RS256',
      },
      {
        metadata: { ...selfSigned, jwks: JWKS },
        members: ['jwks', 'token_endpoint_auth_method'],
        result: 'keyUnfit',
        words: 'add a key that has its certificate in x5c',
      },
    ],
  });

  const secret = { token_endpoint_auth_method: 'client_secret_jwt' };
  const key = { token_endpoint_auth_method: 'private_key_jwt', jwks: JWKS };

  rule('authentication-algorithm', 'client_secret_jwt uses HS algorithms, private_key_jwt uses others', {
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
        words: `"${algorithm}" cannot be used with client_secret_jwt; use HS256, HS384 or HS512`,
      })),
      ...[key, { ...key, jwks: null, jwks_uri: JWKS_URI }].map((metadata) => ({
        metadata: { ...metadata, token_endpoint_auth_signing_alg: 'HS256' },
        members: ['token_endpoint_auth_signing_alg', 'token_endpoint_auth_method'],
        result: 'algorithmUnfit' as const,
        words: '"HS256" cannot be used with private_key_jwt',
      })),
    ],
  });
});
