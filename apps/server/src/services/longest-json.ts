import { quote } from '@clientele/model/metadata';

/** The most characters of the JSON of the settings of a service, and of the administration part of a client. */
export const LONGEST_JSON = 128 * 1024;

/**
 * Describes an object that is too long to be stored as JSON; returns `undefined` for any other. The limit of a body does not bound the
 * object, because each patch adds to the stored one.
 */
export function lengthProblem(object: object, what: string): string | undefined {
  const { length } = JSON.stringify(object);
  if (length <= LONGEST_JSON) return undefined;
  const lengths = Object.entries(object).map(
    ([name, value]: [string, unknown]) => [name, JSON.stringify([value]).length - 2] as const,
  );
  const [longest = '', ofLongest = 0] = lengths.sort(([, a], [, b]) => b - a)[0] ?? [];
  return (
    `as JSON, ${what} would have ${length} characters, of which ${quote(longest)} has ${ofLongest}; ` +
    `at most ${LONGEST_JSON} are possible.`
  );
}
