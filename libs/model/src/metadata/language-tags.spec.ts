import { tagProblem, taggedNames } from './language-tags.ts';
import { LIMITS } from './limits.ts';

describe('language tags (RFC 7591 section 2.2)', () => {
  it('are grouped by the member before the number sign', () => {
    const tagged = taggedNames({ a: 1, 'b#ja': 2, 'b#de#x': 3, '#en': 4, 'c#': 5 });

    expect([...tagged!]).toEqual([
      [
        'b',
        [
          { name: 'b#ja', tag: 'ja' },
          { name: 'b#de#x', tag: 'de#x' },
        ],
      ],
      ['', [{ name: '#en', tag: 'en' }]],
      ['c', [{ name: 'c#', tag: '' }]],
    ]);
    expect(taggedNames({ a: 1 })).toBeUndefined();
  });

  it.each(['en', 'de-CH', 'zh-Hant-TW', 'de-Latn-DE-1996', 'x-klingon', 'EN-us', 'a'.repeat(8)])('accept %s', (tag) => {
    expect(tagProblem(tag, new Set())).toBeUndefined();
  });

  it.each(['', '-', 'en-', '-en', 'e_n', '1en', 'englisches', '日本', '\u0000', `${'a-'.repeat(20)}b`, 'en#x'])(
    'refuse %j',
    (tag) => {
      expect(tagProblem(tag, new Set())).toMatchObject({ rule: 'language-tag', result: 'languageTagInvalid' });
    },
  );

  it('are compared without regard to case', () => {
    const seen = new Set<string>();

    expect(tagProblem('ja-JP', seen)).toBeUndefined();
    expect(tagProblem('JA-jp', seen)).toMatchObject({ rule: 'language-tag-repeated', result: 'languageTagRepeated' });
    expect(tagProblem('ja', seen)).toBeUndefined();
  });

  it('are at most 100 for a member', () => {
    const seen = new Set<string>();
    for (let i = 0; i < LIMITS.languageTags; i++) expect(tagProblem(`x-${i}`, seen)).toBeUndefined();

    expect(tagProblem('en', seen)).toMatchObject({ rule: 'list-length', result: 'tooManyEntries' });
  });
});
