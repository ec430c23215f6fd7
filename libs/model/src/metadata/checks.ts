import { characterProblem } from '../text/characters.ts';
import { quote } from '../text/quote.ts';
import type { CheckContext, Field } from './field.ts';
import { LIMITS } from './limits.ts';
import { MOST_PROBLEMS, NO_PROBLEMS, problem, type Problem } from './problem.ts';
import type { RegistrationSettings } from './registration-settings.ts';

export type Check = Field['check'];

/** Checks a text at a position of a member. */
export type TextCheck = (value: string, at: string, context: CheckContext) => Problem | undefined;

/** Checks a member that is one text. */
export function oneOf(check: TextCheck): Check {
  return (value, context) => {
    if (typeof value !== 'string') return [problem('string-expected', wrongType(value, 'a string'))];
    const found = check(value, '', context);
    return found === undefined ? NO_PROBLEMS : [found];
  };
}

/** Checks a member that is a list of texts. */
export function eachOf(check: TextCheck): Check {
  return (value, context) => {
    if (!Array.isArray(value)) return [problem('list-expected', wrongType(value, 'a list of strings'))];
    if (value.length > LIMITS.elements) {
      return [problem('list-length', `has ${value.length} entries; send at most ${LIMITS.elements}.`)];
    }
    let problems: Problem[] | undefined;
    for (let i = 0; i < value.length; i++) {
      const element: unknown = value[i];
      const found =
        typeof element === 'string'
          ? check(element, `[${i}]`, context)
          : problem('list-expected', wrongType(element, 'a string'), `[${i}]`);
      if (found !== undefined && (problems ??= []).push(found) === MOST_PROBLEMS) break;
    }
    return problems ?? NO_PROBLEMS;
  };
}

/** `must be a string, not a list.` */
export function wrongType(value: unknown, expected: string): string {
  const found =
    value === null
      ? 'null'
      : Array.isArray(value)
        ? 'a list'
        : `a${typeof value === 'object' ? 'n' : ''} ${typeof value}`;
  return `must be ${expected}, not ${found}.`;
}

export const textProblem: TextCheck = (value, at) => {
  if (value.length > LIMITS.text) return tooLong(value, LIMITS.text, at);
  const detail = characterProblem(value);
  return detail === undefined ? undefined : problem('text-characters', detail, at);
};

function tooLong(value: string, limit: number, at: string): Problem {
  return problem('text-length', `${quote(value)} has ${value.length} characters; send at most ${limit}.`, at);
}

export const booleanProblems: Check = (value) =>
  typeof value === 'boolean' ? NO_PROBLEMS : [problem('boolean-expected', wrongType(value, 'true or false'))];

export const secondsProblems: Check = (value) => {
  if (typeof value !== 'number') return [problem('integer-expected', wrongType(value, 'an integer'))];
  if (value > LIMITS.seconds) {
    return [problem('number-too-large', `is too large; send at most ${LIMITS.seconds} seconds.`)];
  }
  if (!Number.isInteger(value)) return [problem('integer-expected', `${value} is not an integer; send whole seconds.`)];
  if (value < 0) return [problem('number-negative', `${value} is negative; send 0 or more seconds.`)];
  return NO_PROBLEMS;
};

/** Checks that a value is in a closed set, or is an extension that the settings allow. */
export function knownProblem(
  values: Readonly<Record<string, string>>,
  extensions?: (settings: RegistrationSettings) => readonly string[],
): TextCheck {
  const known = new Set(Object.keys(values));
  const expected = [...known].join(', ');
  return (value, at, { settings }) => {
    if (known.has(value) || extensions?.(settings).includes(value)) return undefined;
    return problem('value-known', `${quote(value)} is not supported; use one of ${expected}.`, at);
  };
}

/** scope-token = 1*( %x21 / %x23-5B / %x5D-7E ), RFC 6749 section 3.3. */
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+(?: [\x21\x23-\x5b\x5d-\x7e]+)*$/;

export const scopeProblems = oneOf((value, at) => {
  if (value.length > LIMITS.text) return tooLong(value, LIMITS.text, at);
  if (SCOPE.test(value)) return undefined;
  const detail = `${quote(value)} is not a scope; send tokens of printable ASCII without quotes and backslashes, separated by one blank each.`;
  return problem('scope-tokens', detail, at);
});
