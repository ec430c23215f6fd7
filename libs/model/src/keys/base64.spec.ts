import fc from 'fast-check';
import { base64urlProblem, byteAt, byteLength, isPaddedBase64, toInteger, withoutPadding } from './base64.ts';

const bytes = fc.uint8Array({ minLength: 1, maxLength: 70 }).map((array) => Buffer.from(array));

/** Strings that are nearly base64. Most have a wrong character, wrong padding or unused bits. */
const nearly = fc.stringMatching(/^[A-Za-z0-9+/_=-]{0,12}$/);

it('accepts the text of an encoder (RFC 7515 section 2)', () => {
  fc.assert(fc.property(bytes, (value) => base64urlProblem(value.toString('base64url')) === undefined));
});

it('accepts only the text of an encoder', () => {
  fc.assert(
    fc.property(nearly, (text) => {
      const encodesItself = text !== '' && Buffer.from(text, 'base64url').toString('base64url') === text;
      expect(base64urlProblem(text) === undefined).toBe(encodesItself);
    }),
    { numRuns: 5_000 },
  );
});

it('accepts padded base64 only in the form of an encoder (RFC 4648 section 4)', () => {
  fc.assert(fc.property(bytes, (value) => isPaddedBase64(value.toString('base64'))));
  fc.assert(
    fc.property(nearly, (text) => {
      const encodesItself = text !== '' && Buffer.from(text, 'base64').toString('base64') === text;
      expect(isPaddedBase64(text)).toBe(encodesItself);
    }),
    { numRuns: 5_000 },
  );
});

it.each(['', '=', '==', '====', 'A===', 'AA=A', 'AAAA====', 'AA==AAAA', 'AAAA\n', 'AA', 'AAA', 'AAA-', 'AB=='])(
  'does not take %j for padded base64',
  (text) => {
    expect(isPaddedBase64(text)).toBe(false);
  },
);

it('reads the same bytes and the same number as a decoder', () => {
  fc.assert(
    fc.property(bytes, (value) => {
      for (const text of [value.toString('base64url'), withoutPadding(value.toString('base64'))]) {
        expect(byteLength(text)).toBe(value.length);
        expect(Array.from(value, (_, index) => byteAt(text, index))).toEqual([...value]);
        expect(toInteger(text)).toBe(BigInt(`0x${value.toString('hex')}`));
      }
    }),
  );
});
