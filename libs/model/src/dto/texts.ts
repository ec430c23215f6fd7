import { ValidateBy, type ValidationOptions } from 'class-validator';
import { storageProblem } from '../text/characters.ts';
import { isUriProblem, parseUri } from '../uris/parse-uri.ts';

/** Accepts a text that every database can store: without NUL and without halves of surrogate pairs. */
export function IsStorable(options?: ValidationOptions): PropertyDecorator {
  return accepts('isStorable', storageProblem, options);
}

/**
 * Accepts an absolute URI without a fragment.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8707.html#section-2
 */
export function IsResource(options?: ValidationOptions): PropertyDecorator {
  return accepts('isResource', resourceProblem, options);
}

function resourceProblem(text: string): string | undefined {
  const parsed = parseUri(text);
  if (isUriProblem(parsed)) return parsed.detail;
  return parsed.fragment === undefined ? undefined : 'has a fragment; remove it.';
}

/** A validator that explains the first problem. `problemOf` returns the end of a sentence about the property. */
function accepts(
  name: string,
  problemOf: (text: string) => string | undefined,
  options?: ValidationOptions,
): PropertyDecorator {
  const problem = (value: unknown) => (typeof value === 'string' ? problemOf(value) : 'must be a string.');
  return ValidateBy(
    {
      name,
      validator: {
        validate: (value) => problem(value) === undefined,
        defaultMessage: (failed) => {
          const values: unknown[] = [failed?.value].flat();
          const first = values.map(problem).find((each) => each !== undefined) ?? 'is not valid.';
          return `${failed?.property ?? 'a property'}: ${first}`;
        },
      },
    },
    options,
  );
}
