import { equalHashes, hashToken, newClientSecret } from './token.ts';

describe('equalHashes', () => {
  it('compares hashes', () => {
    expect(equalHashes(hashToken('a'), hashToken('a'))).toBe(true);
    expect(equalHashes(hashToken('a'), hashToken('b'))).toBe(false);
  });

  it.each(['', 'a', `${hashToken('a')}AA`])('the text %j equals no hash', (text) => {
    expect(equalHashes(text, hashToken('a'))).toBe(false);
    expect(equalHashes(hashToken('a'), text)).toBe(false);
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
