import { JWE_ALG, JWS_ALG } from '@clientele/model/metadata';
import { needsClientSecret, newClientId, newClientSecret } from './client-credentials.ts';

describe('newClientId', () => {
  it.each([Date.UTC(2020, 0, 1, 0, 0, 1), Date.UTC(2025, 6, 1), Date.UTC(2089, 0, 1)])(
    'is a positive integer below 2^53 at %d',
    (now) => {
      const ids = Array.from({ length: 1000 }, () => newClientId(now));

      expect(ids.every((id) => Number.isSafeInteger(id) && id > 0)).toBe(true);
      expect(new Set(ids).size).toBeGreaterThan(800);
    },
  );

  it('grows with time', () => {
    const now = Date.UTC(2025, 6, 1);

    for (let i = 0; i < 100; i++) expect(newClientId(now + 1)).toBeGreaterThan(newClientId(now));
  });
});

describe('newClientSecret', () => {
  it('is 512 random bits in 86 characters of base64url', () => {
    const secrets = Array.from({ length: 100 }, newClientSecret);

    for (const secret of secrets) {
      expect(secret).toMatch(/^[\w-]{86}$/);
      expect(Buffer.from(secret, 'base64url')).toHaveLength(64);
    }
    expect(new Set(secrets).size).toBe(100);
  });
});

describe('needsClientSecret (OpenID Connect Core section 10)', () => {
  const SYMMETRIC = [
    ...['HS256', 'HS384', 'HS512'],
    ...['dir', 'A128KW', 'A192KW', 'A256KW', 'A128GCMKW', 'A192GCMKW', 'A256GCMKW'],
    ...['PBES2-HS256+A128KW', 'PBES2-HS384+A192KW', 'PBES2-HS512+A256KW'],
  ];

  it.each(Object.keys(JWS_ALG))('for an ID token signed with %s is whether that is symmetric', (algorithm) => {
    const metadata = { token_endpoint_auth_method: 'private_key_jwt', id_token_signed_response_alg: algorithm };

    expect(needsClientSecret(metadata)).toBe(SYMMETRIC.includes(algorithm));
  });

  it.each(Object.keys(JWE_ALG))('for an ID token encrypted with %s is whether that is symmetric', (algorithm) => {
    const metadata = { token_endpoint_auth_method: 'private_key_jwt', id_token_encrypted_response_alg: algorithm };

    expect(needsClientSecret(metadata)).toBe(SYMMETRIC.includes(algorithm));
  });

  it('looks at algorithms only', () => {
    expect(needsClientSecret({ token_endpoint_auth_method: 'private_key_jwt', client_name: 'HS256' })).toBe(false);
  });
});
