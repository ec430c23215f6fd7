import fc from 'fast-check';
import { isEmpty, readJsonObject } from './json.ts';
import { LIMITS } from './limits.ts';

const nested = (levels: number, open = '{"a":', close = '}') => `${open.repeat(levels)}1${close.repeat(levels)}`;

function problemOf(text: string) {
  const read = readJsonObject(text);
  return 'problem' in read ? read.problem : undefined;
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
          expect(readJsonObject(text)).toEqual({ members: JSON.parse(text) as unknown, inexact: new Map() });
        },
      ),
      { numRuns: 500 },
    );
  });

  it('accepts no text that JSON.parse refuses, and reports a syntax error of no JSON object', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.tuple(fc.json({ maxDepth: 3 }), fc.nat(), fc.string({ maxLength: 1 })).map(([text, place, added]) => {
            const at = place % (text.length + 1);
            return `{"a":${text.slice(0, at)}${added}${text.slice(at)}}`;
          }),
        ),
        (text) => {
          const problem = problemOf(text);
          let value: unknown;
          try {
            value = JSON.parse(text);
          } catch {
            expect(['json-empty', 'json-syntax']).toContain(problem?.rule);
            return;
          }
          const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
          expect(problem?.rule === 'json-syntax').toBe(!isObject);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it.each(['', ' ', ' \t\r\n', '\ufeff'])('reports that %j is empty', (text) => {
    expect(problemOf(text)).toEqual({ rule: 'json-empty', detail: '' });
  });

  it.each(['null', '[]', '[{}]', '"x"', '"{}"', '1', 'true'])('reports that %j is JSON, but not an object', (text) => {
    expect(problemOf(text)).toEqual({ rule: 'json-syntax', detail: 'it is JSON, but not an object; send one object.' });
  });

  it.each([
    ['\ufeff{}', 'a byte order mark (U+FEFF); remove it'],
    ['{', 'the text ends at position 1'],
    ['{"client_name":"x"', 'the text ends at position 18'],
    ['{"client_name":"x', 'the text ends at position 17'],
    ['{"client_name":"\\', 'the text ends at position 17'],
    ['{}{}', 'at position 2'],
    ['{/**/}', 'it has "/" at position 1'],
    ['{"client_name":"x",}', 'it has "}" at position 19'],
    ["{'client_name':'x'}", `it has "'" at position 1`],
    ['{"default_max_age":01}', 'it has "1" at position 20'],
    ['{"client_name":"\n"}', 'it has "\\n" at position 16'],
    ['{}\u0000', 'it has "\\u0000" at position 2'],
    ['client_name=x', 'it has "c" at position 0'],
    ['{key: 3378765542787724, key1: null, key2: "<value>"}', 'it has "k" at position 1'],
  ])('reports the position where %j is not JSON: %s', (text, words) => {
    expect(problemOf(text)?.rule).toBe('json-syntax');
    expect(problemOf(text)?.detail).toContain(words);
  });

  it.each([
    ['{"a":1,"a":2}', '"a"'],
    ['{"a":1,"a":1}', '"a"'],
    ['{"a":{"b":1,"c":2,"b":3}}', '"b"'],
    ['{"a":[{"x":1},{"x":1,"x":1}]}', '"x"'],
    ['{"\\u0061":1,"a":2}', '"a"'],
    ['{"client_name":"a","client\\u005fname":"b"}', '"client_name"'],
    ['{"client_name#ja":"a","client_name#ja":"b"}', '"client_name#ja"'],
    ['{"":1,"":2}', '""'],
    ['{"1":1,"1":2}', '"1"'],
    ['{"a\\"b":1,"c":":","a\\"b":2}', '"a\\"b"'],
    ['{"\\"\\\\":1,"\\"\\\\":2}', '"\\"\\\\"'],
    ['{"\\u0000\\u001b[31m":1,"\\u0000\\u001b[31m":2}', '"\\u0000\\u001b[31m"'],
    ['{"日本\\u2028":1,"日本\\u2028":2}', '"\\u65e5\\u672c\\u2028"'],
    [`{"${'x'.repeat(30_000)}":1,"${'x'.repeat(30_000)}":2}`, `"${'x'.repeat(40)}..."`],
    ['{"__proto__":1,"__proto__":2}', '"__proto__"'],
    ['{"jwks":{"keys":[{"kid":"a","kid":"b"}]}}', '"kid"'],
  ])('names the member that %j has twice: %s', (text, member) => {
    expect(problemOf(text)).toEqual({ rule: 'json-duplicate-member', detail: member });
  });

  it.each(['{"a":"{\\"a\\":1,\\"a\\":2}"}', '{"a":{"a":{"a":1}}}', '{"x":[{"a":1},{"a":2}]}', '{"a:b":":"}'])(
    'sees no duplicate in %j',
    (text) => {
      expect(problemOf(text)).toBeUndefined();
    },
  );

  it('finds a duplicate at every position', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.string({ unit: 'binary' }), fc.jsonValue({ maxDepth: 2 })), {
          minLength: 1,
          maxLength: 8,
        }),
        fc.nat(),
        (entries, place) => {
          const members = entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
          const [name] = entries[place % entries.length]!;
          members.splice(place % (members.length + 1), 0, `${JSON.stringify(name)}:1`);
          expect(problemOf(`{"x":[{${members.join()}}]}`)?.rule).toBe('json-duplicate-member');
        },
      ),
    );
  });

  it.each(['__proto__', 'constructor', 'prototype'])('refuses a member %s at any depth', (member) => {
    const problem = { rule: 'json-forbidden-member', detail: `"${member}"` };
    const escaped = member.replace('o', '\\u006f');

    expect(problemOf(`{"${member}":{}}`)).toEqual(problem);
    expect(problemOf(`{"${escaped}":null}`)).toEqual(problem);
    expect(problemOf(`{"a":[{"b":{"${member}":1}}]}`)).toEqual(problem);
    expect(problemOf(`{"jwks":{"keys":[{"${member}":{}}]}}`)).toEqual(problem);
    expect(problemOf(`{"a":"${member}"}`)).toBeUndefined();
  });

  it('reports the members with a number that a double cannot hold', () => {
    const text =
      '{"a":1e999,"b":[{"c":9007199254740993},0.1],"d":1,"e":"9007199254740993","f":{"g":-1e999,"h":1e-999}}';
    const read = readJsonObject(text);

    expect('inexact' in read && [...read.inexact].map(([name, { number, text }]) => [name, number, text])).toEqual([
      ['a', '1e999', '1e999'],
      ['b', '9007199254740993', '[{"c":9007199254740993},0.1]'],
      ['f', '-1e999', '{"g":-1e999,"h":1e-999}'],
    ]);
  });

  it('limits the depth', () => {
    const tooDeep = { rule: 'json-size', detail: `it has more than ${LIMITS.depth} levels of nesting.` };

    expect(problemOf(nested(LIMITS.depth))).toBeUndefined();
    expect(problemOf(nested(LIMITS.depth + 1))).toEqual(tooDeep);
    expect(problemOf(`{"x":${nested(32, '[', ']')}}`)).toEqual(tooDeep);
    expect(problemOf(nested(10_000))).toEqual(tooDeep);
    expect(problemOf(nested(10_000, '[', ']'))).toEqual(tooDeep);
    expect(problemOf(`{"x":${'['.repeat(10_000)}`)).toEqual(tooDeep);
    expect(problemOf(`{"a":"${'['.repeat(10_000)}"}`)).toBeUndefined();
  });

  it('limits the length', () => {
    const ofLength = (length: number) => `{"a":"${'x'.repeat(length - 8)}"}`;

    expect(problemOf(ofLength(LIMITS.json))).toBeUndefined();
    expect(problemOf(ofLength(LIMITS.json + 1))).toEqual({
      rule: 'json-size',
      detail: `it has ${LIMITS.json + 1} characters; send at most ${LIMITS.json}.`,
    });
    expect(problemOf(' '.repeat(70_000))?.rule).toBe('json-size');
  });
});

describe('isEmpty (RFC 7592 section 2.2)', () => {
  it.each([[undefined], [null], [''], [[]]])('is true of %j', (value) => {
    expect(isEmpty(value)).toBe(true);
  });

  it.each([[0], [false], [' '], [[null]], [{}]])('is false of %j', (value) => {
    expect(isEmpty(value)).toBe(false);
  });
});
