import { quote } from '../text/quote.ts';
import { LIMITS } from './limits.ts';
import { problem, type Problem } from './problem.ts';

/** BCP 47: subtags of one to eight letters and digits, the first of letters only. */
const LANGUAGE_TAG = /^[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*$/;

/** A member with a language tag: `client_name#ja`. */
export interface TaggedName {
  /** The whole name. To build it again for every look-up would take longer than all other steps. */
  readonly name: string;
  readonly tag: string;
}

/**
 * The members of an object that have a language tag, by the name before the `#`; `undefined` if there are none. One pass finds
 * them for all rows.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7591.html#section-2.2
 */
export function taggedNames(object: object): ReadonlyMap<string, readonly TaggedName[]> | undefined {
  let tagged: Map<string, TaggedName[]> | undefined;
  for (const name of Object.keys(object)) {
    const end = name.indexOf('#');
    if (end === -1) continue;
    tagged ??= new Map();
    const member = name.slice(0, end);
    const entry = { name, tag: name.slice(end + 1) };
    const others = tagged.get(member);
    if (others) others.push(entry);
    else tagged.set(member, [entry]);
  }
  return tagged;
}

/** The problem of a tag that is malformed, repeated or above the limit. `seen` has the previous tags of the member in lower case. */
export function tagProblem(tag: string, seen: Set<string>): Problem | undefined {
  if (tag.length > LIMITS.languageTag || !LANGUAGE_TAG.test(tag)) {
    const expected = `a language tag of BCP 47 with at most ${LIMITS.languageTag} characters, such as en or de-CH`;
    return problem('language-tag', `has the language tag ${quote(tag)}; use ${expected}.`);
  }
  // RFC 7591 section 2.2: tags are compared without regard to case.
  const folded = tag.toLowerCase();
  if (seen.has(folded)) return problem('language-tag-repeated', `repeats the language ${quote(tag)}; send each once.`);
  if (seen.size === LIMITS.languageTags) {
    return problem('list-length', `is one of more than ${LIMITS.languageTags} languages; send fewer.`);
  }
  seen.add(folded);
  return undefined;
}
