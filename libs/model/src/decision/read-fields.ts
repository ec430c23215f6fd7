import { FIELDS, type AnyField } from '../metadata/client-metadata.ts';
import { isEmpty } from '../metadata/json.ts';
import { tagProblem, taggedNames, type TaggedName } from '../metadata/language-tags.ts';
import { LIMITS } from '../metadata/limits.ts';
import { MOST_PROBLEMS, problem, type Problem } from '../metadata/problem.ts';
import { quote } from '../text/quote.ts';
import type { Draft } from './draft.ts';
import { findingOf } from './finding.ts';

/**
 * The part of each row that reading uses, in objects of one shape: engines read the same property of objects of one shape several
 * times faster, and every request reads every row.
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
 * Checks each member by its row, in the order of the rows, and puts those that are right into the draft. Members that no row
 * knows are ignored (RFC 7591 section 2).
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
 * Whether a single value is unknown but in the list beside it, so that another value of the list is chosen.
 *
 * @see https://openid.net/specs/openid-connect-rp-metadata-choices-1_0.html#section-4
 */
function isOnlyListed({ values = [] }: AnyField, value: unknown, listed: unknown): boolean {
  return typeof value === 'string' && !values.includes(value) && Array.isArray(listed) && listed.includes(value);
}

/**
 * The value without the entries that the service does not support, if a supported one remains. RFC 7591 section 2: a server may
 * replace requested values, and returns the registered ones.
 */
function narrowed(
  { support, sources, findings, context }: Draft,
  name: string,
  field: AnyField,
  value: unknown,
): unknown {
  // An invalid value is refused as it was sent.
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

/** Whether a software statement gives the member its value, and leaves the choice to nobody. */
function isFixed({ sources }: Draft, name: string, list: string): boolean {
  return sources[name] === 'statement' && sources[list] !== 'statement';
}

/**
 * The list of all values that the client accepts for a member. A single value beside a list MUST be in it; the client
 * prefers that value. Unknown values are ignored.
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
    const detail = `does not contain ${quote(single)}, which ${name} is; add it, or leave ${name} out.`;
    // A statement is at fault only if both are in it.
    const sent = sources[list] === 'statement' ? name : list;
    findings.refuseField(list, name, field, [problem('value-known', detail)], sent);
    return;
  }
  if (findings.isRefused(name) || (single !== undefined && isFixed(draft, name, list))) return;
  // `complete` chooses a value from the list, where the preferred one is first.
  Reflect.deleteProperty(metadata, name);
  alternatives.set(name, [...values]);
  sources[name] = 'chosen';
}

/** The member in several languages (RFC 7591 section 2.2). */
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

/** The name of a member with a tag, as it may stand in a message. */
function printable(name: string, tag: string): string {
  return /^[A-Za-z0-9-]{1,40}$/.test(tag) ? `${name}#${tag}` : `${name}#${quote(tag).slice(1, -1)}`;
}
