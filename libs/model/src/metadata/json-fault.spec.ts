import fc from 'fast-check';
import { firstFault } from './json-fault.ts';

/** A text whose parts are probably JSON. */
const nearlyJson = fc.oneof(
  fc.json({ maxDepth: 3 }),
  fc
    .tuple(fc.json({ maxDepth: 3 }), fc.nat(), fc.nat({ max: 3 }), fc.string({ maxLength: 2, unit: 'binary-ascii' }))
    .map(([text, place, removed, added]) => {
      const at = place % (text.length + 1);
      return text.slice(0, at) + added + text.slice(at + removed);
    }),
  fc
    .array(
      fc.constantFrom(
        '{',
        '}',
        '[',
        ']',
        ':',
        ',',
        '"',
        '\\',
        'u',
        ' ',
        '\n',
        'a',
        '0',
        '1',
        '-',
        '.',
        'e',
        '+',
        'E',
        'true',
        'fals',
        'nul',
        '""',
        '"a"',
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join('')),
);

const ENDS_OF_TOKENS = ['', '"', 'n"', '0', ...['0', '00', '000', '0000'].map((digits) => `${digits}"`)];
const ENDS_OF_WORDS = ['true', 'false', 'null'].flatMap((word) => [1, 2, 3, 4].map((start) => word.slice(start)));
const ENDS_OF_MEMBERS = ['', ':0', '0', '"":0'];

/** Whether the text can be completed to JSON. It tries every end of a token and of a member. */
function isBeginningOfJson(text: string): boolean {
  const closing = closingOf(text);
  return [...ENDS_OF_TOKENS, ...ENDS_OF_WORDS].some((token) =>
    ENDS_OF_MEMBERS.some((member) => isJson(text + token + member + closing)),
  );
}

/** The brackets that are open at the end of a text. */
function closingOf(text: string): string {
  let closing = '';
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*(?:"|\\?$)|[{}[\]]/gs)) {
    if (token === '{') closing = `}${closing}`;
    else if (token === '[') closing = `]${closing}`;
    else if (token === '}' || token === ']') closing = closing.slice(1);
  }
  return closing;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function positionIn(sentence: string): number {
  return Number(/ at position (\d+), where /.exec(sentence)?.[1]);
}

describe('firstFault', () => {
  it('names the position of the first fault', () => {
    fc.assert(
      fc.property(nearlyJson, (text) => {
        fc.pre(!isJson(text) && !text.startsWith('\ufeff'));
        const sentence = firstFault(text);
        const position = positionIn(sentence);

        expect(sentence).toMatch(/^[\x20-\x7e]+\.$/);
        expect(isBeginningOfJson(text.slice(0, position))).toBe(true);
        if (position === text.length) expect(sentence).toMatch(/^the text ends at position/);
        else expect(isBeginningOfJson(text.slice(0, position + 1))).toBe(false);
      }),
      { numRuns: 1_000 },
    );
  });

  it('never repeats more than one character of any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        fc.pre(!isJson(text));
        expect(firstFault(text)).toMatch(/^[\x20-\x7e]{20,120}\.$/);
      }),
    );
  });

  it.each([
    ['\ufeff{}', 'it begins with a byte order mark (U+FEFF); remove it.'],
    ['', 'the text ends at position 0, where a value is expected.'],
    ['{', 'the text ends at position 1, where the name of a member in double quotes or } is expected.'],
    ["{'a':1}", `it has "'" at position 1, where the name of a member in double quotes or } is expected.`],
    ['{a:1}', 'it has "a" at position 1, where the name of a member in double quotes or } is expected.'],
    ['{"a":1,}', 'it has "}" at position 7, where the name of a member in double quotes is expected.'],
    ['{"a" 1}', 'it has "1" at position 5, where a colon is expected.'],
    ['{"a":1 "b":2}', 'it has "\\"" at position 7, where a comma or the end of the list or object is expected.'],
    ['{"a":01}', 'it has "1" at position 6, where a comma or the end of the list or object is expected.'],
    ['{"a":1.}', 'it has "}" at position 7, where a digit is expected.'],
    ['{"a":-x}', 'it has "x" at position 6, where a digit is expected.'],
    ['{"a":1e+}', 'it has "}" at position 8, where a digit is expected.'],
    ['{"a":nul}', 'it has "}" at position 8, where the rest of true, false or null is expected.'],
    ['{"a":NaN}', 'it has "N" at position 5, where a value is expected.'],
    ['[1,]', 'it has "]" at position 3, where a value is expected.'],
    ['[,]', 'it has "," at position 1, where a value or ] is expected.'],
    ['{}{}', 'it has "{" at position 2, where the end of the text is expected.'],
    [
      '{"a":"x',
      'the text ends at position 7, where the rest of the string, with control characters escaped, is expected.',
    ],
    [
      '{"a":"x\n"}',
      'it has "\\n" at position 7, where the rest of the string, with control characters escaped, is expected.',
    ],
    ['{"a":"\\x"}', 'it has "x" at position 7, where the rest of an escape sequence is expected.'],
    ['{"a\\u00g0":1}', 'it has "g" at position 7, where the rest of an escape sequence is expected.'],
    ['{}\u0000', 'it has "\\u0000" at position 2, where the end of the text is expected.'],
    ['{} \u{1f600}', 'it has "\\ud83d\\ude00" at position 3, where the end of the text is expected.'],
  ])('explains %j: %s', (text, sentence) => {
    expect(firstFault(text)).toBe(sentence);
  });
});
