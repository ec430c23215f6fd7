import { CERTIFICATE, EC_KEY, ED25519_KEY, JWKS, JWKS_URI, keySet, RSA_KEY } from '../../test/keys.ts';
import { rule } from '../../test/rule.ts';

const SOURCES = [{ jwks_uri: JWKS_URI }, { signed_jwks_uri: 'https://client.example.org/jwks.jwt' }];
const privateKeyJwt = { token_endpoint_auth_method: 'private_key_jwt' };
const selfSigned = { token_endpoint_auth_method: 'self_signed_tls_client_auth' };

describe('the rules of keys', () => {
  rule('keys-one-source', 'a client has jwks or jwks_uri, not both', {
    accepts: [{ jwks: JWKS }, { jwks_uri: JWKS_URI }, { jwks: keySet() }, { jwks: JWKS, jwks_uri: null }],
    refuses: [
      {
        metadata: { jwks: JWKS, jwks_uri: JWKS_URI },
        members: ['jwks', 'jwks_uri'],
        result: 'keySourcesConflict',
        words: "cannot have both 'jwks_uri' and 'jwks'",
      },
    ],
  });

  rule('keys-for-authentication', 'a client that authenticates with its own key registers one that fits', {
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
        words: 'has no key that can be used',
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

  const encrypted = ['id_token', 'userinfo', 'nfv_token', 'introspection', 'authorization'].map(
    (name) => `${name}_encrypted_response_alg`,
  );

  rule('keys-for-encryption', 'a client that the server encrypts to registers a public key for the algorithm', {
    accepts: [
      ...encrypted.flatMap((member) => [
        { [member]: 'A256KW' },
        { [member]: 'dir' },
        { [member]: 'ECDH-ES', jwks: JWKS },
        ...SOURCES.map((source) => ({ [member]: 'RSA-OAEP', ...source })),
      ]),
      // The server's own key is used for these.
      { request_object_encryption_alg: 'RSA-OAEP' },
    ],
    refuses: encrypted.flatMap((member) => [
      ...[{}, { jwks: keySet() }].map((keys) => ({
        metadata: { [member]: 'ECDH-ES', ...keys },
        members: ['jwks_uri', 'jwks', member],
        result: 'memberMissing' as const,
        words: `or jwks with a key for ECDH-ES, because ${member} is ECDH-ES`,
      })),
      ...[JWKS, keySet({ ...RSA_KEY, use: 'sig' }), keySet({ ...RSA_KEY, alg: 'RSA-OAEP-256' })].map((jwks) => ({
        metadata: { [member]: 'RSA-OAEP', jwks },
        members: ['jwks', member],
        result: 'keyUnfit' as const,
        words: `although ${member} is RSA-OAEP; add a key for RSA-OAEP`,
      })),
    ]),
  });

  const signed = ['request_object_signing_alg', 'backchannel_authentication_request_signing_alg'];

  rule('keys-for-signatures', 'a jwks has a key for every algorithm with which the client signs', {
    accepts: [
      ...signed.flatMap((member) => [
        { [member]: 'ES256', jwks: JWKS },
        { [member]: 'RS256', jwks_uri: JWKS_URI },
        // Such a client may leave signatures out.
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
        words: `although ${member} is RS256; add a key for RS256`,
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

  rule('keys-for-required-signatures', 'a client that must sign request objects has a key or a secret for it', {
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
