import fc from 'fast-check';
import { quoteName, readJsonObject } from './json.ts';
import { LIMITS } from './limits.ts';

const nested = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;

function problemOf(text: string): string | undefined {
  const read = readJsonObject(text);
  return 'problem' in read ? read.problem.resultCode : undefined;
}

describe('readJsonObject', () => {
  it('reads every object as JSON.parse does', () => {
    const forbidden = /"(?:__proto__|constructor|prototype)":/;
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ maxDepth: 4 })),
        fc.constantFrom(undefined, 2),
        (value, space) => {
          const text = JSON.stringify(value, undefined, space);
          fc.pre(!forbidden.test(text));
          expect(readJsonObject(text)).toEqual({ object: JSON.parse(text) as unknown });
        },
      ),
      { numRuns: 500 },
    );
  });

  it('answers any text at all with an object or a problem', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const read = readJsonObject(text);
        expect('object' in read || 'problem' in read).toBe(true);
      }),
    );
  });

  it.each(['', ' ', '\n\t'])('takes %p for empty', (text) => {
    expect(problemOf(text)).toBe('A203302');
  });

  it.each(['null', '[]', '"x"', '1', 'true', '{', '{"a":', '{"a":1}}', "{'a':1}", '{a:1}', '\ufeff{}', '{"a":1}x'])(
    'does not take %p for a JSON object',
    (text) => {
      expect(problemOf(text)).toBe('A203303');
    },
  );

  it.each([
    ['{"a":1,"a":2}', 'a'],
    ['{"a":{"b":1,"c":2,"b":3}}', 'b'],
    ['{"a":[{"x":1},{"x":1,"x":1}]}', 'x'],
    ['{"\\u0061":1,"a":2}', 'a'],
    ['{"a\\"b":1,"c":":","a\\"b":2}', 'a?b'],
    ['{"__proto__":1,"__proto__":2}', '__proto__'],
  ])('names the member that %p has twice', (text, member) => {
    expect(readJsonObject(text)).toEqual({ problem: { resultCode: 'A203307', parameters: { member: `'${member}'` } } });
  });

  it.each(['{"a":"{\\"a\\":1,\\"a\\":2}"}', '{"a":{"a":{"a":1}}}', '[{"a":1},{"a":2}]'])(
    'sees no duplicate in %p',
    (text) => {
      expect(problemOf(text)).not.toBe('A203307');
    },
  );

  it.each(['__proto__', 'constructor', 'prototype'])('refuses a member %s at any depth', (member) => {
    expect(problemOf(`{"${member}":{}}`)).toBe('A203306');
    expect(problemOf(`{"a":[{"b":{"${member}":1}}]}`)).toBe('A203306');
  });

  it.each(['{"a":1e999}', '{"a":[{"b":-1e999}]}'])(
    'refuses the number in %p, which would come back as null',
    (text) => {
      expect(problemOf(text)).toBe('A203303');
    },
  );

  it('bounds depth and length', () => {
    expect(problemOf(nested(LIMITS.depth))).toBeUndefined();
    expect(problemOf(nested(LIMITS.depth + 1))).toBe('A203303');
    expect(problemOf(nested(30_000 / 6))).toBe('A203303');
    expect(problemOf(`{"a":"${'x'.repeat(LIMITS.json - 8)}"}`)).toBeUndefined();
    expect(problemOf(`{"a":"${'x'.repeat(LIMITS.json)}"}`)).toBe('A203303');
  });
});

describe('quoteName', () => {
  it('gives printable ASCII of bounded length for any name (RFC 7591 section 3.2.2)', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (name) => {
        expect(quoteName(name)).toMatch(/^'[\x20-\x21\x23-\x5b\x5d-\x7e]{0,83}'$/);
      }),
    );
  });
});
