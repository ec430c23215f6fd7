import type { ResultName } from '../wire/result-codes.ts';

/** What is wrong with one value of a member. */
export interface Problem {
  /** The id of the rule that is broken. */
  readonly rule: string;
  readonly result: ResultName;
  /** The position inside the member, `[2]` or `.keys[0].x`; empty for the member itself. */
  readonly at: string;
  /** The sentence after the member's name and a colon: the value at fault, what is wrong and what is expected. */
  readonly says: string;
  /** The section that demands it, if not the one that defines the member. */
  readonly specification?: string;
}

export const NO_PROBLEMS: readonly Problem[] = [];

/**
 * The rules that a value is checked by, whichever member it belongs to. The rules of URIs and keys are in `URI_RULES` and
 * `KEY_RULES`.
 */
export const FIELD_RULES = {
  'string-expected': { result: 'stringExpected', description: 'The value is a string.' },
  'list-expected': { result: 'listExpected', description: 'The value is a list of strings.' },
  'boolean-expected': { result: 'booleanExpected', description: 'The value is true or false.' },
  'integer-expected': { result: 'integerExpected', description: 'The value is an integer.' },
  'object-expected': { result: 'objectExpected', description: 'The value is a JSON object.' },
  'key-set-expected': {
    result: 'keySetExpected',
    description: 'The value is a JWK Set: an object whose `keys` is a list of objects.',
  },
  'number-negative': { result: 'numberNegative', description: 'A number of seconds is not negative.' },
  'number-too-large': { result: 'numberTooLarge', description: 'A number of seconds is less than 2^31.' },
  'number-exact': {
    result: 'numberInexact',
    description: 'A number comes back as it was sent: a double can hold it.',
  },
  'text-length': { result: 'valueTooLong', description: 'A text or URI is not too long.' },
  'text-characters': {
    result: 'textMalformed',
    description: 'A text has no control characters, no invisible characters, and something beside blanks.',
  },
  'text-executable': {
    result: 'schemeRefused',
    description: 'A text inside an object is no URI that a browser executes.',
  },
  'list-length': { result: 'tooManyEntries', description: 'A list does not have too many entries.' },
  'value-known': { result: 'valueUnsupported', description: 'The value is one of those that are defined.' },
  'scope-tokens': {
    result: 'valueUnsupported',
    description: 'A scope consists of tokens, with one blank between two of them.',
  },
  'uri-scheme': { result: 'schemeRefused', description: 'A URI has a scheme that the member can use.' },
  'uri-https': { result: 'httpsExpected', description: 'The URI uses https.' },
  'uri-fragment': { result: 'fragmentPresent', description: 'The URI has no fragment.' },
  'uri-public-host': { result: 'httpRefused', description: 'A URI that pages load by themselves has a public host.' },
  'language-tag': { result: 'languageTagInvalid', description: 'A language tag is one of BCP 47.' },
  'language-tag-repeated': {
    result: 'languageTagRepeated',
    description: 'A member has each language once, whatever the case of the tag.',
  },
} as const satisfies Readonly<Record<string, { readonly result: ResultName; readonly description: string }>>;

/** A problem of one of the rules above. */
export function problem(rule: keyof typeof FIELD_RULES, says: string, at = ''): Problem {
  return { rule, result: FIELD_RULES[rule].result, at, says };
}
