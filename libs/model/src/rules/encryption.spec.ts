import { EC_KEY, JWKS, JWKS_URI, keySet, RSA_KEY } from '../../test/keys.ts';
import { rule } from '../../test/rule.ts';

const SOURCES = [{ jwks_uri: JWKS_URI }, { signed_jwks_uri: 'https://client.example.org/jwks.jwt' }];
const jwks = keySet(EC_KEY, RSA_KEY);

const ENCRYPTED = [
  'id_token_encrypted_response',
  'userinfo_encrypted_response',
  'request_object_encryption',
  'nfv_token_encrypted_response',
  'introspection_encrypted_response',
  'authorization_encrypted_response',
];

describe('the rules of encryption', () => {
  rule('encryption-needs-algorithm', 'a content encryption algorithm needs the key management algorithm', {
    accepts: ENCRYPTED.flatMap((name) => [
      { [`${name}_alg`]: 'RSA-OAEP', [`${name}_enc`]: 'A256GCM', jwks },
      { [`${name}_alg`]: 'RSA-OAEP', jwks },
    ]),
    refuses: ENCRYPTED.map((name) => ({
      metadata: { [`${name}_enc`]: 'A256GCM', jwks },
      members: [`${name}_enc`, `${name}_alg`],
      result: 'encryptionAlgorithmMissing' as const,
      words: `${name}_enc: must not be present without ${name}_alg; add ${name}_alg, or omit ${name}_enc`,
    })),
  });

  const encrypted = ['id_token', 'userinfo', 'nfv_token', 'introspection', 'authorization'].map(
    (name) => `${name}_encrypted_response_alg`,
  );

  rule('keys-for-encryption', 'a client that receives encrypted data registers a public key for the algorithm', {
    accepts: [
      ...encrypted.flatMap((member) => [
        { [member]: 'A256KW' },
        { [member]: 'dir' },
        { [member]: 'ECDH-ES', jwks: JWKS },
        ...SOURCES.map((source) => ({ [member]: 'RSA-OAEP', ...source })),
      ]),
      // The server uses its own key for these.
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
        words: `but ${member} is RSA-OAEP; add a key for RSA-OAEP`,
      })),
    ]),
  });
});
