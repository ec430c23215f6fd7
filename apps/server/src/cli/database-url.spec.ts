import fc from 'fast-check';
import { redactedDatabaseUrl } from './database-url.ts';

describe('redactedDatabaseUrl', () => {
  it.each([
    [
      'postgres://user:secret@db.example.com:5432/clientele',
      'postgres://user:[redacted]@db.example.com:5432/clientele',
    ],
    ['postgresql://user@db.example.com/clientele', 'postgresql://user@db.example.com/clientele'],
    ['postgres:///clientele', 'postgres:///clientele'],
    [
      'postgres://db.example.com/clientele?user=u&password=secret&sslmode=verify-full',
      'postgres://db.example.com/clientele?user=[redacted]&password=[redacted]&sslmode=verify-full',
    ],
    ['sqlite:/var/lib/clientele/clientele.db', 'sqlite:/var/lib/clientele/clientele.db'],
  ])('redacts credentials: %s becomes %s', (url, shown) => {
    expect(redactedDatabaseUrl(url)).toBe(shown);
  });

  it.each(['sec/ret', 'sec?ret', 'sec#ret', '12/ret', '12?ret', '12#ret', '12#r@t', 'sec%ret', '/secret'])(
    'returns no part of the password %s if it is not percent-encoded',
    (password) => {
      const shown = redactedDatabaseUrl(`postgres://user:${password}@db.example.com/clientele`);
      for (const piece of password.split(/[/?#%@]/).filter(({ length }) => length > 1)) {
        expect(shown).not.toContain(piece);
      }
    },
  );

  it('returns no part of any password', () => {
    const password = fc.string({
      unit: fc.constantFrom(...Array.from('ZQ7!$&*()+,;=-._~:@/?#[]% \\"<>^`{|}')),
      minLength: 4,
    });
    fc.assert(
      fc.property(password, fc.boolean(), (raw, encoded) => {
        const shown = redactedDatabaseUrl(`postgres://u:${encoded ? encodeURIComponent(raw) : raw}@host/name`);
        for (const piece of raw.match(/[ZQ7]{2,}/g) ?? []) expect(shown).not.toContain(piece);
      }),
      { numRuns: 2000 },
    );
  });
});
