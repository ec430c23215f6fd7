import { newClientId, newClientSecret } from './time-ordered-id.ts';

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
