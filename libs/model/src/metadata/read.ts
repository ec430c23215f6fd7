import type { RegistrationErrorCode } from '../wire/errors.ts';
import { resultMessage, type ResultCode } from '../wire/result-codes.ts';
import { FIELDS, type AnyField, type ClientMetadata } from './client-metadata.ts';
import { quoteName, type JsonObject, type Problem } from './json.ts';
import { LIMITS } from './limits.ts';

/** The first row that a document breaks. */
export interface BrokenField {
  readonly member: string;
  readonly error: RegistrationErrorCode;
  readonly resultCode: ResultCode;
  /** Names the member and what is expected, in ASCII; never repeats the value. */
  readonly description: string;
}

type Values = Record<string, unknown>;

/**
 * The client metadata in a JSON object, each member checked by its row in the order of the rows; or the first row that is
 * broken. Members that no row knows are ignored (RFC 7591 section 2). `null`, `""` and `[]` count as omitted (RFC 7592
 * section 2.2). Nothing is filled in: see `withDefaults`.
 */
export function readClientMetadata(
  object: JsonObject,
): { readonly metadata: ClientMetadata } | { readonly broken: BrokenField } {
  const metadata: Values = {};
  const tagged = Object.keys(object).filter((name) => name.includes('#'));
  for (const [name, field] of FIELDS) {
    const value = object[name];
    if (!isEmpty(value) && Object.hasOwn(object, name)) {
      const problem = field.check(value);
      if (problem) return { broken: broken(name, field, problem) };
      metadata[name] = value;
    }
    if (tagged.length === 0 || field.localizable === undefined) continue;
    const names = tagged.filter((tag) => tag.startsWith(`${name}#`) && !isEmpty(object[tag]));
    const problem = tagProblem(names, name.length + 1);
    if (problem) return { broken: broken(problem.name, field, problem.problem) };
    for (const tag of names) {
      const problem = field.check(object[tag]);
      if (problem) return { broken: broken(tag, field, problem) };
      metadata[tag] = object[tag];
    }
  }
  return { metadata: metadata as ClientMetadata };
}

/**
 * The metadata with every default filled in that a row names. Rows are asked in order, so a default may depend on those
 * above it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7591.html#section-2
 */
export function withDefaults(metadata: ClientMetadata): ClientMetadata {
  const complete: Values = { ...metadata };
  for (const [name, field] of FIELDS) {
    if (complete[name] !== undefined || field.default === undefined) continue;
    const fallback = field.default as unknown;
    const value =
      typeof fallback === 'function' ? (fallback as (metadata: ClientMetadata) => unknown)(metadata) : fallback;
    if (value !== undefined) complete[name] = value;
  }
  return complete as ClientMetadata;
}

/** What a broken row is reported as: `member` is the name as the client sent it. */
function broken(member: string, field: AnyField, problem: Problem): BrokenField {
  return {
    member,
    error: field.error ?? 'invalid_client_metadata',
    resultCode: problem.resultCode,
    description: resultMessage(problem.resultCode, { ...problem.parameters, member: quoteName(member).slice(1, -1) }),
  };
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

/** BCP 47: subtags of one to eight letters and digits, the first of letters only. */
const LANGUAGE_TAG = /^[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*$/;

/** What is wrong with the tags of one member's tagged names: malformed, too many, or the same in another case. */
function tagProblem(names: readonly string[], start: number): { name: string; problem: Problem } | undefined {
  const seen = new Set<string>();
  for (const name of names) {
    const tag = name.slice(start);
    if (tag.length > LIMITS.languageTag || !LANGUAGE_TAG.test(tag)) {
      return { name, problem: { resultCode: 'A032205', parameters: { expected: LIMITS.languageTag } } };
    }
    // RFC 7591 section 2.2: tags are compared without regard to case.
    if (seen.has(tag.toLowerCase())) return { name, problem: { resultCode: 'A032203' } };
    if (seen.size === LIMITS.languageTags) {
      return { name, problem: { resultCode: 'A031220', parameters: { expected: LIMITS.languageTags } } };
    }
    seen.add(tag.toLowerCase());
  }
  return undefined;
}
