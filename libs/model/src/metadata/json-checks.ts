import { keyProblem, KEY_RULES } from '../keys/index.ts';
import { storageProblem } from '../text/characters.ts';
import { printableName, quote } from '../text/quote.ts';
import { isExecutableText } from '../uris/schemes.ts';
import { wrongType, type Check } from './checks.ts';
import { isJsonObject } from './json.ts';
import { LIMITS } from './limits.ts';
import { MOST_PROBLEMS, NO_PROBLEMS, problem, type Problem } from './problem.ts';

/** The most characters of a position to which the name of an inner value is added. */
const LONG_POSITION = 200;

/** The problems of a JWK Set. */
export function keySetProblems(value: unknown): readonly Problem[] {
  const keys = isJsonObject(value) ? value.keys : undefined;
  if (!Array.isArray(keys) || !keys.every(isJsonObject)) {
    return [problem('key-set-expected', 'must be a JWK Set: an object whose "keys" is a list of objects.')];
  }
  if (keys.length > LIMITS.keys) {
    return [problem('list-length', `has ${keys.length} keys; send at most ${LIMITS.keys}.`, '.keys')];
  }
  const problems: Problem[] = [];
  keys.forEach((key, i) => {
    const found = keyProblem(key);
    if (found === undefined) return;
    const { specification } = KEY_RULES[found.rule];
    problems.push({ ...found, at: `.keys[${i}]${found.at}`, result: 'keyInvalid', specification });
  });
  return problems.length > 0 ? problems : insideProblems(value);
}

export const objectProblems: Check = (value) =>
  isJsonObject(value) ? insideProblems(value) : [problem('object-expected', wrongType(value, 'an object'))];

/** The texts inside a JSON value that a database refuses, and the URIs that a browser executes. */
export function insideProblems(value: unknown): readonly Problem[] {
  const problems: Problem[] = [];
  collectInside(value, '', problems);
  return problems.length === 0 ? NO_PROBLEMS : problems;
}

function collectInside(value: unknown, at: string, problems: Problem[]): void {
  if (problems.length === MOST_PROBLEMS) return;
  if (typeof value === 'string') {
    const found = insideTextProblem(value, at);
    if (found !== undefined) problems.push(found);
  } else if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) collectInside(value[i], inside(at, `[${i}]`), problems);
  } else if (isJsonObject(value)) {
    for (const name of Object.keys(value)) {
      if (storageProblem(name) !== undefined) {
        problems.push(problem('text-characters', `has the member ${quote(name)}, whose name cannot be stored.`, at));
      } else collectInside(value[name], inside(at, `.${printableName(name)}`), problems);
    }
  }
}

/** The position of an inner value. If it would be too long, it is the position of the object or list around the value. */
function inside(at: string, step: string): string {
  return at.length > LONG_POSITION ? at : at + step;
}

function insideTextProblem(value: string, at: string): Problem | undefined {
  const detail = storageProblem(value);
  if (detail !== undefined) return problem('text-characters', detail, at);
  if (!isExecutableText(value)) return undefined;
  return problem(
    'text-executable',
    `${quote(value)} is a URI that a browser executes or reads locally; remove it.`,
    at,
  );
}
