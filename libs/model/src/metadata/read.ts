import type { RegistrationErrorCode } from '../wire/errors.ts';
import { resultMessage, type ResultName } from '../wire/result-codes.ts';
import { FIELDS, type AnyField, type ClientMetadata } from './client-metadata.ts';
import { quoteName, type JsonObject, type Problem } from './json.ts';
import { tagProblem, taggedNames } from './language-tags.ts';

/** The first row that a document breaks. */
export interface BrokenField {
  readonly member: string;
  readonly error: RegistrationErrorCode;
  readonly resultCode: ResultName;
  /** Names the member and what is expected, in ASCII; never repeats the value. */
  readonly description: string;
}

type Values = Record<string, unknown>;

/**
 * What reading needs of each row, in objects of one shape: they are read for every row of every request, and engines read
 * the same property of objects of one shape several times faster.
 */
const ROWS = FIELDS.map(([name, field]) => ({
  name,
  field,
  check: field.check,
  localizable: field.localizable !== undefined,
}));

/**
 * The client metadata in a JSON object, each member checked by its row in the order of the rows; or the first row that is
 * broken. Members that no row knows are ignored (RFC 7591 section 2). `null`, `""` and `[]` count as omitted (RFC 7592
 * section 2.2). Nothing is filled in: see `withDefaults`.
 */
export function readClientMetadata(
  object: JsonObject,
): { readonly metadata: ClientMetadata } | { readonly broken: BrokenField } {
  const metadata: Values = {};
  const tagged = taggedNames(object);
  for (const { name, field, check, localizable } of ROWS) {
    const value = object[name];
    if (!isEmpty(value) && Object.hasOwn(object, name)) {
      const problem = check(value);
      if (problem) return { broken: broken(name, field, problem) };
      metadata[name] = value;
    }
    const present = localizable ? tagged?.get(name)?.filter((entry) => !isEmpty(object[entry.name])) : undefined;
    if (present === undefined) continue;
    const wrong = tagProblem(present);
    if (wrong) return { broken: broken(wrong.name, field, wrong.problem) };
    for (const { name } of present) {
      const problem = check(object[name]);
      if (problem) return { broken: broken(name, field, problem) };
      metadata[name] = object[name];
    }
  }
  return { metadata: metadata as ClientMetadata };
}

/** The rows that name a default, each with what finds it. */
const DEFAULTS = FIELDS.flatMap(([name, field]) => {
  const fallback = field.default as unknown;
  if (fallback === undefined) return [];
  const find = typeof fallback === 'function' ? (fallback as (metadata: ClientMetadata) => unknown) : () => fallback;
  return [{ name, find }];
});

/**
 * The metadata with every default filled in that a row names. Rows are asked in order, so a default may depend on those
 * above it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7591.html#section-2
 */
export function withDefaults(metadata: ClientMetadata): ClientMetadata {
  return fillInDefaults({ ...metadata });
}

/** The same, in the object that is given: for whoever has just made it, since to copy it costs more than to fill it in. */
export function fillInDefaults(metadata: ClientMetadata): ClientMetadata {
  const members = metadata as Values;
  for (const { name, find } of DEFAULTS) {
    if (members[name] !== undefined) continue;
    const value = find(metadata);
    if (value !== undefined) members[name] = value;
  }
  return metadata;
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
