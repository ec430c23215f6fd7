import { newClientSecret } from './token.ts';

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
