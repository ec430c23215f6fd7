import type { FindingResult } from '../wire/result-codes.ts';
import { RFC6749_REDIRECTION_ENDPOINT, RFC7591_SECURITY } from '../wire/specs.ts';

/** A problem of one value of a member. */
export interface Problem {
  /** The id of the rule that the value violates. */
  readonly rule: string;
  readonly result: FindingResult;
  /** The position inside the member, `[2]` or `.keys[0].x`; empty for the member itself. */
  readonly at: string;
  /** The part of the message after the member and a colon: the value at fault, the fault and the expected value. */
  readonly detail: string;
  /** The section of the rule, if it is not the section that defines the member. */
  readonly specification?: string;
}

export const NO_PROBLEMS: readonly Problem[] = [];

/** The most problems of one value that are reported. */
export const MOST_PROBLEMS = 10;

/**
 * The rules for the values of members. `URI_RULES` has the rules for URIs, `KEY_RULES` the rules for keys.
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
  /** A double holds the number without a change. */
  'number-exact': { result: 'numberInexact' },
  /** A text or URI is not too long. */
  'text-length': { result: 'valueTooLong' },
  /** A text has no control characters and no invisible characters, and does not consist of blanks only. */
  'text-characters': { result: 'textMalformed' },
  /** A text inside an object is not a URI that a browser executes. */
  'text-executable': { result: 'schemeRefused' },
  /** A list does not have too many entries. */
  'list-length': { result: 'tooManyEntries' },
  /** The value is a defined value. */
  'value-known': { result: 'valueUnsupported' },
  /** A scope consists of tokens that are separated by one blank. */
  'scope-tokens': { result: 'valueUnsupported' },
  /** A URI has a scheme that the member allows. */
  'scheme-allowed': { result: 'schemeRefused' },
  /** The URI uses https. */
  'scheme-https': { result: 'httpsExpected' },
  /** The URI has no fragment. */
  'fragment-allowed': { result: 'fragmentPresent' },
  /** A URI that pages load without a click has a public host. */
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
  /** A language tag has the form of BCP 47. */
  'language-tag': { result: 'languageTagInvalid' },
  /** A member has each language once. Language tags are compared without regard to case. */
  'language-tag-repeated': { result: 'languageTagRepeated' },
} as const satisfies Readonly<Record<string, { readonly result: FindingResult; readonly specification?: string }>>;

/** A violation of one of the rules above. */
export function problem(rule: keyof typeof FIELD_RULES, detail: string, at = ''): Problem {
  return { rule, ...FIELD_RULES[rule], at, detail };
}
