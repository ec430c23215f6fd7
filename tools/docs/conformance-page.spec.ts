import { conformancePage } from './conformance-page.ts';
import { RULES } from './conformance/rules.ts';
import type { ConformanceRule } from './conformance/rule.ts';

const RULE: ConformanceRule = {
  level: 'MUST',
  sections: ['RFC 7592 section 2.3'],
  demand: 'A demand.',
  code: ['crypto/token.ts#newToken'],
  tests: ['delete.e2e-spec.ts > delete (RFC 7592 section 2.3) > accepts a form body'],
};

/** The error that a rule causes, or the empty string. */
function failureOf(changes: Partial<ConformanceRule>): string {
  try {
    conformancePage([{ ...RULE, ...changes }]);
    return '';
  } catch (error) {
    return String((error as Error).cause);
  }
}

describe('the page of conformance', () => {
  it('has every rule of the specifications, once', () => {
    expect(RULES).toHaveLength(104);
    expect(failureOf({})).toBe('');
  });

  const ofRule = {
    code: ['model/rules/grant-types.ts#GRANT_TYPE_RULES'],
    tests: [
      'model/rules/grant-types.spec.ts > grant-implicit: the grant type needs a response type that contains token or id_token (RFC 7591 section 2.1)',
    ],
  };

  it('takes the suite of a rule of the model for a test of the section that the rule points at', () => {
    expect(failureOf({ ...ofRule, sections: ['RFC 7591 section 2.1'] })).toBe('');
    expect(failureOf({ ...ofRule, sections: ['RFC 7591 section 2.2'] })).toMatch(/No title of its tests names/);
  });

  it.each<[string, Partial<ConformanceRule>, RegExp]>([
    [
      'a test was renamed',
      { tests: ['delete.e2e-spec.ts > accepts a form body, or not'] },
      /has no test with the title/,
    ],
    ['a title is only the end of one', { tests: ['delete.e2e-spec.ts > a form body'] }, /has no test with the title/],
    ['a file of tests is gone', { tests: ['gone.e2e-spec.ts > accepts a form body'] }, /ENOENT/],
    ['an exported name is gone', { code: ['crypto/token.ts#gone'] }, /does not export gone/],
    ['a name is not exported', { code: ['crypto/token.ts#digest'] }, /does not export digest/],
    ['no title names the section', { sections: ['RFC 7592 section 2'] }, /No title of its tests names/],
    ['no title names the document', { sections: ['RFC 7591 section 2.3'] }, /No title of its tests names/],
    [
      'there is neither a test nor a reason',
      { tests: undefined, code: undefined } as never,
      /neither tests nor a reason/,
    ],
    ['there is a test but no code', { code: undefined } as never, /names no code/],
  ])('cannot be made when %s', (_what, changes, why) => {
    expect(failureOf(changes)).toMatch(why);
  });
});
