import { isJsonObject, type Problem } from './json.ts';
import { LIMITS } from './limits.ts';
import { uriProblem, type Schemes } from './uri.ts';

export type Kind =
  'text' | 'texts' | 'uri' | 'uris' | 'flag' | 'seconds' | 'choice' | 'choices' | 'scope' | 'keys' | 'object';

/** The metadata of one request as rows and rules see it while it is being completed. */
export type PartialMetadata = Readonly<Record<string, unknown>>;

/** What the specification says of a member beyond its kind. */
export interface FieldOptions<Member, Tagged extends string = never, List extends string = never> {
  /** The section that defines the member. */
  readonly spec: string;
  /** The error of a broken value, where it is not `invalid_client_metadata`. */
  readonly error?: 'invalid_redirect_uri';
  /** The property of the service that lists the supported values, or says whether the member is supported at all. */
  readonly supported?: string;
  /** The Authlete property that holds the language-tagged values (`client_name#ja`), where the member may be tagged. */
  readonly localizable?: Tagged;
  /** The member by which the client lists every value that it accepts, and leaves the choice to the server. */
  readonly alternatives?: List;
  /** The value when the client omits the member; may depend on the other members. */
  readonly default?: Member | ((metadata: PartialMetadata) => Member | undefined);
}

/**
 * One row: everything about one member of client metadata. `Member` is its value in RFC 7591 JSON, `Property` its value in
 * Authlete's `Client`, `Name` that property's name (`extension.x` for one inside `extension`).
 */
export interface Field<
  Member = unknown,
  Name extends string = string,
  Property = Member,
  Tagged extends string = string,
  List extends string = string,
> extends FieldOptions<Member, Tagged, List> {
  readonly kind: Kind;
  readonly property: Name;
  /** The values of a choice, in RFC 7591 JSON. */
  readonly values?: readonly string[];
  /** What is wrong with a value; `undefined` when it is right. */
  readonly check: (value: unknown) => Problem | undefined;
  readonly toProperty: (member: Member) => Property;
  readonly toMember: (property: Property) => Member;
}

type Options<Member, Tagged extends string = never, List extends string = never> = FieldOptions<Member, Tagged, List>;

/** A string for people, or an opaque one. */
export function text<Name extends string, Tagged extends string = never>(
  property: Name,
  options: Options<string, Tagged>,
) {
  return same<string, Name, Tagged>('text', property, textProblem, options);
}

/** A list of strings. */
export function texts<Name extends string>(property: Name, options: Options<string[]>) {
  return same<string[], Name>('texts', property, each(textProblem), options);
}

interface UriOptions {
  readonly schemes?: Schemes;
  /** Whether a fragment may stand in the URI; it may unless this is `false`. */
  readonly fragment?: boolean;
}

/** An absolute URI; of a page for people unless `schemes` says otherwise. */
export function uri<Name extends string, Tagged extends string = never>(
  property: Name,
  { schemes = 'web', fragment = true, ...options }: Options<string, Tagged> & UriOptions,
) {
  return same<string, Name, Tagged>('uri', property, (value) => uriMemberProblem(value, schemes, fragment), options);
}

/** A list of absolute URIs, of any scheme unless `schemes` says otherwise. */
export function uris<Name extends string>(
  property: Name,
  { schemes = 'any', fragment = true, ...options }: Options<string[]> & UriOptions,
) {
  return same<string[], Name>(
    'uris',
    property,
    each((value) => uriMemberProblem(value, schemes, fragment)),
    options,
  );
}

/** A boolean; false when omitted. Authlete: such members are present in every response. */
export function flag<Name extends string>(property: Name, options: Options<boolean>) {
  const check = (value: unknown): Problem | undefined =>
    typeof value === 'boolean' ? undefined : { resultCode: 'booleanExpected' };
  return same<boolean, Name>('flag', property, check, { default: false, ...options });
}

/** A number of seconds, from 0 to 2^31 - 1. */
export function seconds<Name extends string>(property: Name, options: Options<number>) {
  return same<number, Name>('seconds', property, secondsProblem, options);
}

/** One value of a closed set, with a constant of its own in Authlete's `Client`. */
export function choice<
  Values extends Readonly<Record<string, string>>,
  Name extends string,
  List extends string = never,
>(
  property: Name,
  values: Values,
  options: Options<keyof Values & string, never, List>,
): Field<keyof Values & string, Name, Values[keyof Values], never, List> {
  const constants = constantsOf(values);
  return {
    ...options,
    kind: 'choice',
    property,
    values: Object.keys(values),
    check: choiceProblem(values),
    toProperty: (member) => values[member],
    toMember: (constant) => constants.get(constant) as keyof Values & string,
  };
}

/** Several values of a closed set. `canonical` gives the one spelling of a value that has several. */
export function choices<Values extends Readonly<Record<string, string>>, Name extends string>(
  property: Name,
  values: Values,
  {
    canonical = (value) => value,
    ...options
  }: Options<(keyof Values & string)[]> & { canonical?: (value: string) => string },
): Field<(keyof Values & string)[], Name, Values[keyof Values][], never, never> {
  const constants = constantsOf(values);
  const known = choiceProblem(values);
  return {
    ...options,
    kind: 'choices',
    property,
    values: Object.keys(values),
    check: each((value) => (typeof value === 'string' ? known(canonical(value)) : notAText)),
    toProperty: (member) => member.map((value) => values[canonical(value)] as Values[keyof Values]),
    toMember: (property) => property.map((constant) => constants.get(constant) as keyof Values & string),
  };
}

/** Space-separated scope tokens (RFC 6749 section 3.3); a list in Authlete's `Client`. */
export function scope<Name extends string>(
  property: Name,
  options: Options<string>,
): Field<string, Name, string[], never, never> {
  return {
    ...options,
    kind: 'scope',
    property,
    check: scopeProblem,
    toProperty: (member) => member.split(' ').filter((token) => token !== ''),
    toMember: (property) => property.join(' '),
  };
}

/** A JWK Set (RFC 7517 section 5): an object in RFC 7591 JSON, its text in Authlete's `Client`. */
export function keys<Name extends string>(
  property: Name,
  options: Options<JsonWebKeySet>,
): Field<JsonWebKeySet, Name, string, never, never> {
  return {
    ...options,
    kind: 'keys',
    property,
    check: keysProblem,
    toProperty: (member) => JSON.stringify(member),
    toMember: (property) => JSON.parse(property) as JsonWebKeySet,
  };
}

/** A JSON object whose inside other specifications define. */
export function object<Name extends string>(property: Name, options: Options<Record<string, unknown>>) {
  const check = (value: unknown): Problem | undefined =>
    isJsonObject(value) ? undefined : { resultCode: 'objectExpected' };
  return same<Record<string, unknown>, Name>('object', property, check, options);
}

/** A JWK Set by value. */
export interface JsonWebKeySet {
  keys: Record<string, unknown>[];
}

/** A row whose value is the same in both worlds. */
function same<Member, Name extends string, Tagged extends string = never>(
  kind: Kind,
  property: Name,
  check: Field['check'],
  options: Options<Member, Tagged>,
): Field<Member, Name, Member, Tagged, never> {
  return { ...options, kind, property, check, toProperty: (member) => member, toMember: (property) => property };
}

const notAText: Problem = { resultCode: 'stringExpected' };
const notAList: Problem = { resultCode: 'listExpected' };

/** Control characters would let a client write lines of its own into logs and break pages that show its name. */
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

function textProblem(value: unknown): Problem | undefined {
  if (typeof value !== 'string') return notAText;
  if (value.length > LIMITS.text) return { resultCode: 'valueTooLong', parameters: { expected: LIMITS.text } };
  if (CONTROL.test(value) || !value.isWellFormed()) return { resultCode: 'textMalformed' };
  return undefined;
}

function uriMemberProblem(value: unknown, schemes: Schemes, fragment: boolean): Problem | undefined {
  return typeof value === 'string' ? uriProblem(value, schemes, fragment) : notAText;
}

/** The check of a list, from that of its elements. */
function each(check: Field['check']): Field['check'] {
  return (value) => {
    if (!Array.isArray(value)) return notAList;
    if (value.length > LIMITS.elements)
      return { resultCode: 'tooManyEntries', parameters: { expected: LIMITS.elements } };
    for (const element of value) {
      const problem = typeof element === 'string' ? check(element) : notAList;
      if (problem) return problem;
    }
    return undefined;
  };
}

const LARGEST_SECONDS = 2 ** 31 - 1;

function secondsProblem(value: unknown): Problem | undefined {
  if (!Number.isInteger(value)) return { resultCode: 'integerExpected' };
  if ((value as number) < 0) return { resultCode: 'numberNegative' };
  if ((value as number) > LARGEST_SECONDS)
    return { resultCode: 'numberTooLarge', parameters: { expected: LARGEST_SECONDS } };
  return undefined;
}

function choiceProblem(values: Readonly<Record<string, string>>): Field['check'] {
  const known = new Set(Object.keys(values));
  const unsupported: Problem = {
    resultCode: 'valueUnsupported',
    parameters: { expected: `${[...known].join(', ')}.` },
  };
  return (value) => {
    if (typeof value !== 'string') return notAText;
    return known.has(value) ? undefined : unsupported;
  };
}

/** scope-token = 1*( %x21 / %x23-5B / %x5D-7E ), RFC 6749 section 3.3. */
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+(?: +[\x21\x23-\x5b\x5d-\x7e]+)*$/;

function scopeProblem(value: unknown): Problem | undefined {
  const problem = textProblem(value);
  if (problem) return problem;
  return SCOPE.test(value as string)
    ? undefined
    : { resultCode: 'valueUnsupported', parameters: { expected: 'scope tokens separated by spaces.' } };
}

function keysProblem(value: unknown): Problem | undefined {
  const keys = isJsonObject(value) ? value.keys : undefined;
  if (!Array.isArray(keys) || !keys.every(isJsonObject)) return { resultCode: 'keySetExpected' };
  return keys.length > LIMITS.keys
    ? { resultCode: 'tooManyEntries', parameters: { expected: LIMITS.keys } }
    : undefined;
}

function constantsOf(values: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(Object.entries(values).map(([value, constant]) => [constant, value]));
}
