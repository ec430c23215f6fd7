import { ValidateBy, type ValidationOptions } from 'class-validator';
import { isUriProblem, parseUri } from '../uris/parse-uri.ts';

/**
 * Accepts an absolute URI without a fragment. The message explains the first problem.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8707.html#section-2
 */
export function IsResource(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isResource',
      validator: {
        validate: (value) => resourceProblem(value) === undefined,
        defaultMessage: (failed) => {
          const values: unknown[] = [failed?.value].flat();
          const first = values.map(resourceProblem).find((each) => each !== undefined) ?? 'is not valid.';
          return `${failed?.property ?? 'a property'}: ${first}`;
        },
      },
    },
    options,
  );
}

function resourceProblem(value: unknown): string | undefined {
  if (typeof value !== 'string') return 'must be a string.';
  const parsed = parseUri(value);
  if (isUriProblem(parsed)) return parsed.detail;
  return parsed.fragment === undefined ? undefined : 'has a fragment; remove it.';
}
