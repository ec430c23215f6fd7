import { jest } from '@jest/globals';
import fc from 'fast-check';
import type * as Keys from '../keys/key-problem.ts';
import type * as KeyUse from '../keys/key-use.ts';
import { LIMITS } from '../metadata/limits.ts';
import type * as Uris from '../uris/parse-uri.ts';

/** Counts the URIs that one decision parsed, the keys that it checked and matched, and the rules that it ran. */
const done = { uris: [] as string[], keys: [] as object[], matches: 0, rules: 0 };

const uris = await import('../uris/parse-uri.ts');
const keys = await import('../keys/key-problem.ts');
const uses = await import('../keys/key-use.ts');

const matching =
  (matches: typeof uses.canVerify): typeof uses.canVerify =>
  (key, algorithm) => {
    done.matches++;
    return matches(key, algorithm);
  };

jest.unstable_mockModule('../uris/parse-uri.ts', (): typeof Uris => ({
  ...uris,
  parseUri: (text) => {
    done.uris.push(text);
    return uris.parseUri(text);
  },
}));
jest.unstable_mockModule('../keys/key-problem.ts', (): typeof Keys => ({
  keyProblem: (key) => {
    done.keys.push(key);
    return keys.keyProblem(key);
  },
}));
jest.unstable_mockModule('../keys/key-use.ts', (): typeof KeyUse => ({
  canVerify: matching(uses.canVerify),
  canEncrypt: matching(uses.canEncrypt),
}));

// Modules that use the modules above are loaded after them.
const { decideOn } = await import('../../test/decisions.ts');
const { anySettings, hostileDocument } = await import('../../test/hostile.ts');
const { FIELDS } = await import('../metadata/client-metadata.ts');
const { ASYMMETRIC_ALG } = await import('../metadata/values.ts');
const { RULES } = await import('../rules/index.ts');

for (const rule of RULES as { -readonly [N in keyof (typeof RULES)[number]]: (typeof RULES)[number][N] }[]) {
  const { check } = rule;
  rule.check = (client) => {
    done.rules++;
    return check(client);
  };
}

/** The most runs of rules: each rule once, and for every alternative the rules that read its member. */
const MOST_RULES =
  RULES.length +
  FIELDS.reduce((sum, [name, { alternatives, values = [] }]) => {
    if (alternatives === undefined) return sum;
    return sum + values.length * RULES.filter(({ reads }) => (reads as readonly string[]).includes(name)).length;
  }, 0);

function workFor(...[text, circumstances]: Parameters<typeof decideOn>): typeof done {
  Object.assign(done, { uris: [], keys: [], matches: 0, rules: 0 });
  decideOn(text, circumstances);
  return { ...done };
}

describe('the work of a decision', () => {
  it('is counted', () => {
    const metadata = {
      redirect_uris: ['https://a.example/', 'https://a.example/', 'https://b.example/'],
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [{ kty: 'of the future' }] },
    };
    const { uris: parsed, keys: checked, matches, rules } = workFor(metadata);

    expect(parsed).toEqual(['https://a.example/', 'https://b.example/']);
    expect(checked).toHaveLength(1);
    expect(matches).toBe(Object.keys(ASYMMETRIC_ALG).length);
    expect(rules).toBe(RULES.length);
  });

  it('is linear in the size of every document', () => {
    let most = 0;
    fc.assert(
      fc.property(hostileDocument, anySettings, fc.constantFrom('first', 'all'), (text, settings, findings) => {
        expect(text.length).toBeLessThanOrEqual(LIMITS.json * 2);
        const work = workFor(text, { settings, findings });

        // Each URI is parsed once, even if the document contains it many times.
        expect(new Set(work.uris).size).toBe(work.uris.length);
        expect(work.uris.reduce((sum, { length }) => sum + length, 0)).toBeLessThanOrEqual(text.length);
        // Each key is checked once, up to the limit of keys.
        expect(new Set(work.keys).size).toBe(work.keys.length);
        expect(work.keys.length).toBeLessThanOrEqual(LIMITS.keys);
        expect(work.rules).toBeLessThanOrEqual(MOST_RULES);
        const algorithms = Object.keys(ASYMMETRIC_ALG).length;
        expect(work.matches).toBeLessThanOrEqual(work.rules * work.keys.length * algorithms);
        most = Math.max(most, work.rules);
      }),
      { numRuns: 2_000 },
    );
    // Some documents came close to the limit, so the limit is not too high.
    expect(most).toBeGreaterThan(MOST_RULES / 4);
  });
});
