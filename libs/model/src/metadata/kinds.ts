import { booleanProblems, eachOf, knownProblem, oneOf, scopeProblems, secondsProblems, textProblem } from './checks.ts';
import type { Field, FieldOptions, JsonWebKeySet, Kind } from './field.ts';
import { keySetProblems, objectProblems } from './json-checks.ts';
import type { RegistrationSettings } from './registration-settings.ts';
import { uriCheck, type UriOptions } from './uri-check.ts';
import { OWN_CONSTANTS } from './values.ts';

type Options<Member, Tagged extends string = never, List extends string = never> = FieldOptions<Member, Tagged, List>;

/** A text for people, or an opaque text. */
export function text<Name extends string, Tagged extends string = never>(
  property: Name,
  options: Options<string, Tagged>,
) {
  return same<string, Name, Tagged>('text', property, oneOf(textProblem), options);
}

/** A list of texts. Empty texts are omitted, like empty members. */
export function texts<Name extends string>(property: Name, options: Options<string[]>) {
  return { ...same<string[], Name>('texts', property, eachOf(textProblem), options), normalize: withoutEmpty };
}

function withoutEmpty(value: unknown): unknown {
  return Array.isArray(value) ? value.filter((element) => element !== '') : value;
}

/** An absolute URI. It is the URI of a page unless `schemes` has another value. */
export function uri<Name extends string, Tagged extends string = never>(
  property: Name,
  {
    schemes = 'web',
    fragment = true,
    publicHost = false,
    redirect = false,
    ...options
  }: Options<string, Tagged> & Partial<UriOptions>,
) {
  return same<string, Name, Tagged>(
    'uri',
    property,
    oneOf(uriCheck({ schemes, fragment, publicHost, redirect })),
    options,
  );
}

/** A list of absolute URIs. An empty text is not a URI, so it is refused. */
export function uris<Name extends string>(
  property: Name,
  {
    schemes = 'web',
    fragment = true,
    publicHost = false,
    redirect = false,
    ...options
  }: Options<string[]> & Partial<UriOptions>,
) {
  return same<string[], Name>('uris', property, eachOf(uriCheck({ schemes, fragment, publicHost, redirect })), options);
}

/** A boolean, with the default false. Authlete: such members are present in every response. */
export function flag<Name extends string>(property: Name, options: Options<boolean>) {
  return same<boolean, Name>('flag', property, booleanProblems, { default: false, ...options });
}

/** A number of seconds, from 0 to 2^31 - 1. */
export function seconds<Name extends string>(property: Name, options: Options<number>) {
  return same<number, Name>('seconds', property, secondsProblems, options);
}

/** One value of a closed set. Each value has a constant in Authlete's `Client`. */
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
    check: oneOf(knownProblem(values)),
    toProperty: (member) => expressible(values[member]) as Values[keyof Values] | undefined,
    toMember: (constant) => constants.get(constant) ?? constant,
  };
}

interface ChoicesOptions {
  /** Converts a value that has several spellings to one spelling. */
  readonly canonical?: (value: string) => string;
  /** The further values that the settings allow. */
  readonly extensions?: (settings: RegistrationSettings) => readonly string[];
}

/** Several values of a closed set. */
export function choices<Values extends Readonly<Record<string, string>>, Name extends string>(
  property: Name,
  values: Values,
  { canonical, extensions, ...options }: Options<(keyof Values & string)[]> & ChoicesOptions,
): Field<(keyof Values & string)[], Name, Values[keyof Values][], never, never> {
  const constants = constantsOf(values);
  return {
    ...options,
    kind: 'choices',
    property,
    values: Object.keys(values),
    ...(canonical && {
      normalize: (value) =>
        Array.isArray(value)
          ? value.map((element: unknown) => (typeof element === 'string' ? canonical(element) : element))
          : value,
    }),
    check: eachOf(knownProblem(values, extensions)),
    toProperty: (member) => {
      const expressed = member
        .map((value) => expressible(values[value]))
        .filter((constant) => constant !== undefined) as Values[keyof Values][];
      return expressed.length > 0 || member.length === 0 ? expressed : undefined;
    },
    // An extension value has no constant, so it is returned unchanged.
    toMember: (property) =>
      Array.isArray(property)
        ? property.map((constant) => (constants.get(constant) ?? constant) as keyof Values & string)
        : property,
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
    check: scopeProblems,
    toProperty: (member) => member.split(' '),
    toMember: (property: unknown) => (Array.isArray(property) ? property.join(' ') : (property as string)),
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
    check: keySetProblems,
    toProperty: (member) => JSON.stringify(member),
    toMember: (property) => parsed(property) as JsonWebKeySet,
  };
}

/** A JSON object whose members are not checked. */
export function object<Name extends string>(property: Name, options: Options<Record<string, unknown>>) {
  return same<Record<string, unknown>, Name>('object', property, objectProblems, options);
}

/** A row whose value is the same in RFC 7591 JSON and in Authlete's `Client`. */
function same<Member, Name extends string, Tagged extends string = never>(
  kind: Kind,
  property: Name,
  check: Field['check'],
  options: Options<Member, Tagged>,
): Field<Member, Name, Member, Tagged, never> {
  return { ...options, kind, property, check, toProperty: (member) => member, toMember: (property) => property };
}

/** The value of a JSON text; the text itself if it is not JSON, which the check of the member refuses. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function constantsOf(values: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(Object.entries(values).map(([value, constant]) => [constant, value]));
}

/** The constant, if Authlete has it. */
function expressible(constant: string | undefined): string | undefined {
  return constant === undefined || OWN_CONSTANTS.has(constant) ? undefined : constant;
}
