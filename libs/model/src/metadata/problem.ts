import type { FindingResult } from '../wire/result-codes.ts';
import { RFC6749_REDIRECTION_ENDPOINT, RFC7591_SECURITY } from '../wire/specs.ts';

/** A problem with one value of a member. */
export interface Problem {
  /** The id of the rule that is broken. */
  readonly rule: string;
  readonly result: FindingResult;
  /** The position inside the member, `[2]` or `.keys[0].x`; empty for the member itself. */
  readonly at: string;
  /** The sentence after the member's name and a colon: the value at fault, what is wrong and what is expected. */
  readonly detail: string;
  /** The section that demands it, if not the one that defines the member. */
  readonly specification?: string;
}

export const NO_PROBLEMS: readonly Problem[] = [];

/** The most problems of one value that are reported; more would only cost time and room. */
export const MOST_PROBLEMS = 10;

/**
 * The rules that a value is checked by, whichever member it belongs to. The rules of URIs and keys are in `URI_RULES` and
 * `KEY_RULES`.
 */
export const FIELD_RULES = {
  /** The value is a string. */
  'string-expected': { result: 'stringExpected' },
  /** The value is a list of strings. */
  'list-expected': { result: 'listExpected' },
  /** The value is true or false. */
  'boolean-expected': { result: 'booleanExpected' },
  /** The value is an integer. */
  'integer-expected': { result: 'integerExpected' },
  /** The value is a JSON object. */
  'object-expected': { result: 'objectExpected' },
  /** The value is a JWK Set: an object whose `keys` is a list of objects. */
  'key-set-expected': { result: 'keySetExpected' },
  /** A number of seconds is not negative. */
  'number-negative': { result: 'numberNegative' },
  /** A number of seconds is less than 2^31. */
  'number-too-large': { result: 'numberTooLarge' },
  /** A number comes back as it was sent: a double can hold it. */
  'number-exact': { result: 'numberInexact' },
  /** A text or URI is not too long. */
  'text-length': { result: 'valueTooLong' },
  /** A text has no control characters, no invisible characters, and something beside blanks. */
  'text-characters': { result: 'textMalformed' },
  /** A text inside an object is no URI that a browser executes. */
  'text-executable': { result: 'schemeRefused' },
  /** A list does not have too many entries. */
  'list-length': { result: 'tooManyEntries' },
  /** The value is one of those that are defined. */
  'value-known': { result: 'valueUnsupported' },
  /** A scope consists of tokens, with one blank between two of them. */
  'scope-tokens': { result: 'valueUnsupported' },
  /** A URI has a scheme that the member can use. */
  'scheme-allowed': { result: 'schemeRefused' },
  /** The URI uses https. */
  'scheme-https': { result: 'httpsExpected' },
  /** The URI has no fragment. */
  'fragment-allowed': { result: 'fragmentPresent' },
  /** A URI that pages load by themselves has a public host. */
  'host-public': { result: 'httpRefused' },
  /** A redirect URI uses http only on loopback: localhost, 127.0.0.1 or [::1]. */
  'redirect-uri-http': {
    result: 'httpRefused',
    specification: RFC7591_SECURITY,
  },
  /** The query of a redirect URI has no parameter of the authorization response. */
  'redirect-uri-response-parameter': {
    result: 'valueInvalid',
    specification: RFC6749_REDIRECTION_ENDPOINT,
  },
  /** A language tag is one of BCP 47. */
  'language-tag': { result: 'languageTagInvalid' },
  /** A member has each language once, whatever the case of the tag. */
  'language-tag-repeated': { result: 'languageTagRepeated' },
} as const satisfies Readonly<Record<string, { readonly result: FindingResult; readonly specification?: string }>>;

/** A problem of one of the rules above. */
export function problem(rule: keyof typeof FIELD_RULES, detail: string, at = ''): Problem {
  return { rule, ...FIELD_RULES[rule], at, detail };
}
