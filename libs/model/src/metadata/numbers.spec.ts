import fc from 'fast-check';
import { isExact } from './numbers.ts';

/** The value of a JSON number as a fraction of integers, computed without a comparison of digits. */
function fractionOf(literal: string): readonly [numerator: bigint, denominator: bigint] {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(
    literal,
  )!;
  const power = BigInt(exponent) - BigInt(fraction.length);
  const digits = BigInt(`${sign}${whole}${fraction}`);
  return power >= 0n ? [digits * 10n ** power, 1n] : [digits, 10n ** -power];
}

function isSameValue(one: string, other: string): boolean {
  const [a, b] = fractionOf(one);
  const [c, d] = fractionOf(other);
  return a * d === c * b;
}

const DIGITS = Array.from({ length: 10 }, (_, i) => String(i));
const digits = (maxLength: number) => fc.string({ unit: fc.constantFrom(...DIGITS), minLength: 1, maxLength });
const literal = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.oneof(
      fc.constant('0'),
      fc.tuple(fc.constantFrom(...DIGITS.slice(1)), digits(20)).map((parts) => parts.join('')),
    ),
    fc.oneof(
      fc.constant(''),
      digits(20).map((text) => `.${text}`),
    ),
    fc.oneof(
      fc.constant(''),
      fc.integer({ min: -330, max: 320 }).map((power) => `e${power}`),
    ),
  )
  .map((parts) => parts.join(''));

describe('isExact', () => {
  it('compares the value of a number before and after it was read and written', () => {
    fc.assert(
      fc.property(literal, (text) => {
        const value = JSON.parse(text) as number;
        expect(isExact(text)).toBe(Number.isFinite(value) && isSameValue(text, String(value)));
      }),
      { numRuns: 5_000 },
    );
  });

  it('is true of every number that JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(isExact(JSON.stringify(value))).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each(['0', '-0', '1.0', '100e-2', '9007199254740992', '0.1', '1e21', '123456789012345678e-3'.slice(0, 15)])(
    'is true of %s',
    (text) => {
      expect(isExact(text)).toBe(true);
    },
  );

  it.each(['9007199254740993', '0.1000000000000000055', '1e400', '-1e400', '1e-400', '3600.0000000000000001'])(
    'is false of %s',
    (text) => {
      expect(isExact(text)).toBe(false);
    },
  );
});
