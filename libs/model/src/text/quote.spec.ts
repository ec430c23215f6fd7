import fc from 'fast-check';
import { quote } from './quote.ts';

describe('quote', () => {
  it.each([
    ['a', '"a"'],
    ['a"b\\', '"a\\"b\\\\"'],
    ['\u0000\n', '"\\u0000\\n"'],
    ['ü\ud800', '"\\u00fc\\ud800"'],
    ['x'.repeat(40), `"${'x'.repeat(40)}"`],
    ['x'.repeat(41), `"${'x'.repeat(40)}..."`],
  ])('writes %j as %s', (value, text) => {
    expect(quote(value)).toBe(text);
  });

  it('is printable ASCII of bounded length, and JSON of the beginning of the value (RFC 7591 section 3.2.2)', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (value) => {
        const text = quote(value);
        expect(text).toMatch(/^"[\x20-\x7e]{0,243}"$/);
        expect(value.startsWith((JSON.parse(text) as string).slice(0, 40))).toBe(true);
      }),
    );
  });
});
