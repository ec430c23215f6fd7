import { decideOn, refusalsOf } from '../../test/decisions.ts';
import { EC_KEY, keySet } from '../../test/keys.ts';
import { LIMITS } from '../metadata/limits.ts';

const uri = (length: number): string => `https://client.example.org/${'a'.repeat(length)}`.slice(0, length);

describe('the size of a value', () => {
  it.each<[string, number, string, (size: number) => Record<string, unknown>]>([
    ['a string', LIMITS.text, 'text-length', (size) => ({ client_name: 'x'.repeat(size) })],
    ['a URI', LIMITS.uri, 'text-length', (size) => ({ client_uri: uri(size) })],
    ['a list', LIMITS.elements, 'list-length', (size) => ({ contacts: Array(size).fill('a@example.org') })],
    [
      'the keys of a client',
      LIMITS.keys,
      'list-length',
      (size) => ({ jwks: keySet(...Array<object>(size).fill(EC_KEY)) }),
    ],
    [
      'the languages of a member',
      LIMITS.languageTags,
      'list-length',
      (size) => Object.fromEntries(Array.from({ length: size }, (_, i) => [`client_name#x-${i}`, 'x'])),
    ],
    [
      'a language tag',
      LIMITS.languageTag,
      'language-tag',
      (size) => ({ [`client_name#x-${'abcdefg-'.repeat(9)}`.slice(0, 'client_name#'.length + size)]: 'x' }),
    ],
  ])('is limited for %s', (_what, most, rule, metadataOf) => {
    expect(refusalsOf(decideOn(metadataOf(most)))).toEqual([]);
    expect(refusalsOf(decideOn(metadataOf(most + 1)))).toMatchObject([{ rule }]);
  });
});
