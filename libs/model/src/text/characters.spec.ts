import fc from 'fast-check';
import { characterProblem, storageProblem } from './characters.ts';

describe('characterProblem', () => {
  it.each([
    'Client',
    'Ein Client 🦊 \u{10FFFF} é e\u0301',
    'クライアント',
    'Ünï',
    ' leading and trailing ',
    // Joiners in scripts and emoji that need them, and variation selectors of emoji.
    'می\u200cخواهم',
    'क्\u200dष',
    '👩\u200d💻',
    '❤\ufe0f',
    '\u{e000}',
  ])('accepts %j', (text) => {
    expect(characterProblem(text)).toBeUndefined();
  });

  it.each([
    ['a\u0000b', 'has the control character U+0000 at position 1; remove it.'],
    ['a\nb', 'has the control character U+000A at position 1; remove it.'],
    ['a\rb', 'has the control character U+000D at position 1; remove it.'],
    ['a\tb', 'has the control character U+0009 at position 1; remove it.'],
    ['ab\u001b', 'has the control character U+001B at position 2; remove it.'],
    ['\u007f', 'has the control character U+007F at position 0; remove it.'],
    ['a\u0085b', 'has the control character U+0085 at position 1; remove it.'],
    ['a\u009fb', 'has the control character U+009F at position 1; remove it.'],
    ['a\u2028b', 'has the control character U+2028 at position 1; remove it.'],
    ['a\u2029b', 'has the control character U+2029 at position 1; remove it.'],
    ['\ud800', 'has half of a surrogate pair; send both halves.'],
    ['x\udc00', 'has half of a surrogate pair; send both halves.'],
    ['', '"" consists of blanks only; omit the member or send a value.'],
    ['  ', '"  " consists of blanks only; omit the member or send a value.'],
    ['\u00a0\u3000', '"\\u00a0\\u3000" consists of blanks only; omit the member or send a value.'],
  ])('explains %j: %s', (text, detail) => {
    expect(characterProblem(text)).toBe(detail);
  });

  it.each([
    '\u202e',
    '\u202a',
    '\u2066',
    '\u2069',
    '\u200e',
    '\u200f',
    '\u061c',
    '\u200b',
    '\u2060',
    '\ufeff',
    '\u00ad',
    '\u034f',
    '\u115f',
    '\u3164',
    '\u2800',
    '\u{e0041}',
    '\u200c',
    '\u200d',
  ])('refuses the invisible character in %j', (character) => {
    const code = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
    const detail = `has the character U+${code} at position 6, which is invisible or changes how others are shown; remove it.`;

    expect(characterProblem(`client${character}`)).toBe(detail);
  });

  it('has messages in printable ASCII for every text, and accepts no text that cannot be stored', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const detail = characterProblem(text);
        if (detail === undefined) {
          expect(storageProblem(text)).toBeUndefined();
          expect(text).not.toMatch(/\p{Cc}/u);
        } else expect(detail).toMatch(/^[\x20-\x7e]+\.$/);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('storageProblem', () => {
  it('is only about NUL and halves of surrogate pairs', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const isStorable = !text.includes('\0') && text.isWellFormed();
        expect(storageProblem(text) === undefined).toBe(isStorable);
      }),
      { numRuns: 2_000 },
    );
  });
});
