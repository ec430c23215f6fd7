/** One demand of RFC 7591, RFC 7592 or OpenID Connect Dynamic Client Registration 1.0 on a server. */
export interface ConformanceRule {
  readonly level: 'MUST' | 'MUST NOT' | 'SHOULD' | 'SHOULD NOT' | 'MAY' | 'none';
  /** `RFC 7591 section 3.1` */
  readonly sections: readonly string[];
  readonly demand: string;
  /** The code that implements the rule: `path#exported name`, below `apps/server/src` or, after `model/`, below `libs/model/src`. */
  readonly code?: readonly string[];
  /** The tests that prove the rule, as `findTest` reads them. */
  readonly tests?: readonly string[];
  /** Why the rule is not implemented, or which part is the duty of another component. */
  readonly remark?: string;
}

interface Evidence {
  readonly code?: string | readonly string[];
  readonly tests?: string | readonly string[];
  readonly remark?: string;
}

/** Creates a rule from its sections (`RFC 7591 section 3, 3.1; RFC 7592 section 2`), its demand and its evidence. */
type CreateRule = (sections: string, demand: string, evidence: Evidence) => ConformanceRule;

function atLevel(level: ConformanceRule['level']): CreateRule {
  return (sections, demand, { code, tests, remark }) => ({
    level,
    sections: sections.split('; ').flatMap(sectionsOf),
    demand,
    ...(code !== undefined && { code: [code].flat() }),
    ...(tests !== undefined && { tests: [tests].flat() }),
    ...(remark !== undefined && { remark }),
  });
}

/** Repeats the document before each number: `RFC 7591 section 3, 3.1` is `RFC 7591 section 3` and `RFC 7591 section 3.1`. */
function sectionsOf(sections: string): readonly string[] {
  const [first = '', ...others] = sections.split(', ');
  const document = first.slice(0, first.lastIndexOf(' '));
  return [first, ...others.map((number) => `${document} ${number}`)];
}

export const must = atLevel('MUST');
export const mustNot = atLevel('MUST NOT');
export const should = atLevel('SHOULD');
export const shouldNot = atLevel('SHOULD NOT');
export const may = atLevel('MAY');
/** A demand without a keyword of RFC 2119. */
export const plain = atLevel('none');
