import { FIELDS, type AnyField } from '../metadata/client-metadata.ts';
import { isEmpty } from '../metadata/json.ts';
import { tagProblem, taggedNames, type TaggedName } from '../metadata/language-tags.ts';
import { LIMITS } from '../metadata/limits.ts';
import { MOST_PROBLEMS, problem, type Problem } from '../metadata/problem.ts';
import { quote } from '../text/quote.ts';
import type { Draft } from './draft.ts';
import { findingOf } from './finding.ts';

/**
 * The part of each row that `readFields` uses, in objects of one shape. JavaScript engines read such objects several times
 * faster, and every request reads every row.
 */
const ROWS = FIELDS.map(([name, field]) => ({
  name,
  field,
  check: field.check,
  normalize: field.normalize,
  localizable: field.localizable !== undefined,
  list: field.alternatives,
  isList: field.kind === 'choices' || field.kind === 'texts' || field.kind === 'scope',
}));

/**
 * Checks each member by its row, in the order of the rows, and adds the valid ones to the draft. Members without a row are ignored
 * (RFC 7591 section 2).
 */
export function readFields(draft: Draft): void {
  const { request, metadata, sources, findings, context } = draft;
  const { members, inexact } = request;
  const narrows = context.settings.unsupportedValues === 'NARROW';
  const tagged = taggedNames(members);
  for (const { name, field, check, normalize, localizable, list, isList } of ROWS) {
    let value = members[name];
    if (!isEmpty(value) && Object.hasOwn(members, name)) {
      if (normalize !== undefined) value = normalize(value);
      if (list !== undefined && !isFixed(draft, name, list) && isOnlyListed(field, value, members[list])) {
        value = undefined;
      }
      if (narrows && isList) value = narrowed(draft, name, field, value);
      if (!isEmpty(value)) {
        let problems = check(value, context);
        if (problems.length === 0 && inexact.has(name)) problems = [inexactNumber(inexact.get(name)?.number)];
        if (problems.length > 0) findings.refuseField(name, name, field, problems);
        else {
          metadata[name] = value;
          sources[name] ??= 'requested';
        }
      }
    }
    if (list !== undefined) readAlternatives(draft, name, field, list);
    if (localizable) {
      const languages = tagged?.get(name);
      if (languages !== undefined) readLanguages(draft, name, field, languages);
    }
    if (findings.ended) return;
  }
}

/** The problem of a number that a double cannot hold. */
function inexactNumber(literal = ''): Problem {
  return problem('number-exact', `${quote(literal)} cannot be stored exactly; send fewer digits.`);
}

/**
 * Whether an unknown value is also in the list of alternatives, so that the server selects another value of the list.
 *
 * @see https://openid.net/specs/openid-connect-rp-metadata-choices-1_0.html#section-4
 */
function isOnlyListed({ values = [] }: AnyField, value: unknown, listed: unknown): boolean {
  return typeof value === 'string' && !values.includes(value) && Array.isArray(listed) && listed.includes(value);
}

/**
 * The value without its unsupported entries, if a supported entry remains. RFC 7591 section 2: a server may replace requested
 * values, and returns the registered values.
 */
function narrowed(
  { support, sources, findings, context }: Draft,
  name: string,
  field: AnyField,
  value: unknown,
): unknown {
  // An invalid value is not narrowed, because it is refused.
  if (Array.isArray(value) ? value.length > LIMITS.elements : field.check(value, context).length > 0) return value;
  const supported = support.get(name);
  const entries = Array.isArray(value)
    ? value
    : field.kind === 'scope' && typeof value === 'string'
      ? value.split(' ')
      : [];
  const remaining = (entries as unknown[]).filter(
    (entry) =>
      typeof entry !== 'string' ||
      ((supported === undefined || supported.has(entry)) &&
        (field.kind !== 'choices' || field.check([entry], context).length === 0)),
  );
  if (remaining.length === 0 || remaining.length === entries.length) return value;
  sources[name] = 'narrowed';
  const kept = new Set(remaining);
  const dropped = (entries as string[]).filter((entry) => !kept.has(entry));
  findings.add(
    findingOf({
      rule: 'value-narrowed',
      severity: 'narrowed',
      members: [name],
      result: 'valueDropped',
      detail: `${dropped.slice(0, MOST_PROBLEMS).map(quote).join(', ')} ${dropped.length === 1 ? 'is not supported and was' : 'are not supported and were'} dropped.`,
      specification: field.spec,
    }),
  );
  return field.kind === 'scope' ? remaining.join(' ') : remaining;
}

/** Whether the software statement has a value for the member and no list of alternatives. */
function isFixed({ sources }: Draft, name: string, list: string): boolean {
  return sources[name] === 'statement' && sources[list] !== 'statement';
}

/**
 * Reads the list of all values that the client accepts for a member. If the member has a value, the list MUST contain it, and the
 * client prefers it. Unknown values are ignored.
 *
 * @see https://openid.net/specs/openid-connect-rp-metadata-choices-1_0.html#section-2
 */
function readAlternatives(draft: Draft, name: string, field: AnyField, list: string): void {
  const { request, metadata, sources, findings, alternatives } = draft;
  const listed = request.members[list];
  if (isEmpty(listed)) return;
  const refuse = (found: Problem): void => {
    findings.refuseField(list, name, field, [found]);
  };
  if (!Array.isArray(listed) || !listed.every((element) => typeof element === 'string')) {
    refuse(problem('list-expected', 'must be a list of strings.'));
    return;
  }
  if (listed.length > LIMITS.elements) {
    refuse(problem('list-length', `has ${listed.length} entries; send at most ${LIMITS.elements}.`));
    return;
  }
  const single = metadata[name] as string | undefined;
  const values = new Set(single === undefined ? [] : [single]);
  for (const value of listed) if (field.values?.includes(value)) values.add(value);
  if (single !== undefined && !listed.includes(single)) {
    const detail = `does not contain ${quote(single)}, the value of ${name}; add it, or omit ${name}.`;
    // The statement is at fault only if it has both members.
    const sent = sources[list] === 'statement' ? name : list;
    findings.refuseField(list, name, field, [problem('value-known', detail)], sent);
    return;
  }
  if (findings.isRefused(name) || (single !== undefined && isFixed(draft, name, list))) return;
  // `complete` selects a value from this list, which begins with the preferred value.
  Reflect.deleteProperty(metadata, name);
  alternatives.set(name, [...values]);
  sources[name] = 'chosen';
}

/** Reads the member in several languages (RFC 7591 section 2.2). */
function readLanguages(draft: Draft, name: string, field: AnyField, languages: readonly TaggedName[]): void {
  const { request, metadata, sources, findings, context } = draft;
  const seen = new Set<string>();
  let refused = 0;
  for (const { name: member, tag } of languages) {
    const value = request.members[member];
    if (isEmpty(value)) continue;
    const wrong = tagProblem(tag, seen);
    const problems = wrong === undefined ? field.check(value, context) : [wrong];
    if (problems.length > 0) {
      findings.refuseField(printable(name, tag), name, field, problems, member);
      if (++refused === MOST_PROBLEMS || findings.ended) return;
    } else {
      metadata[member] = value;
      sources[member] ??= 'requested';
    }
  }
}

/** The name of a member with a tag, for a message. */
function printable(name: string, tag: string): string {
  return /^[A-Za-z0-9-]{1,40}$/.test(tag) ? `${name}#${tag}` : `${name}#${quote(tag).slice(1, -1)}`;
}
