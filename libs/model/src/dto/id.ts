import { Transform } from 'class-transformer';
import { ValidateBy, type ValidationOptions } from 'class-validator';
import { RESULTS } from '../wire/result-codes.ts';

/** An ID as a decimal string. */
export const ID_PATTERN = /^[1-9][0-9]{0,15}$/;

/** The number of an ID, which is a number or a decimal string; `undefined` unless it is a positive integer below 2^53. */
export function parseId(value: unknown): number | undefined {
  const id = typeof value === 'string' && ID_PATTERN.test(value) ? Number(value) : value;
  return typeof id === 'number' && Number.isSafeInteger(id) && id > 0 ? id : undefined;
}

/** Accepts an ID as a number or a decimal string. */
export function IsId(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isId',
      validator: {
        validate: (value) => parseId(value) !== undefined,
        defaultMessage: () => RESULTS.clientIdMalformed.text,
      },
    },
    options,
  );
}

/** Converts an ID from a decimal string to a number. Validation judges all other values. */
export function ToId(): PropertyDecorator {
  return Transform(({ value }: { value: unknown }) => parseId(value) ?? value);
}
