import { Expose } from 'class-transformer';
import { IsInt, IsOptional, Max, Min } from 'class-validator';
import type { ResultName } from '../wire/result-codes.ts';
import { decorators, Digits } from './decorators.ts';

/** The largest 32-bit integer, which Authlete's parameters have. */
const LARGEST_INDEX = 2 ** 31 - 1;

/** An optional position in a list, and the result codes for other values. */
export function Index(malformed: ResultName, negative: ResultName): PropertyDecorator {
  return decorators(
    Expose(),
    IsOptional(),
    Digits(),
    Max(LARGEST_INDEX, {
      message: ({ property }) => `Parameter '${property}' failed to be parsed as int.`,
      context: { result: malformed },
    }),
    Min(0, {
      message: ({ property }) => `Parameter '${property}' must not be negative.`,
      context: { result: negative },
    }),
    IsInt({
      message: ({ property }) => `Parameter '${property}' failed to be parsed as int.`,
      context: { result: malformed },
    }),
  );
}
