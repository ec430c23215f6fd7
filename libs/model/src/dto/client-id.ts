import { Transform } from 'class-transformer';
import { ValidateBy, type ValidationOptions } from 'class-validator';
import { RESULTS } from '../wire/result-codes.ts';

/** A client ID given as a number or as a decimal string; `undefined` unless it is a positive integer below 2^53. */
export function parseClientId(value: unknown): number | undefined {
  const id = typeof value === 'string' && /^[1-9][0-9]{0,15}$/.test(value) ? Number(value) : value;
  return typeof id === 'number' && Number.isSafeInteger(id) && id > 0 ? id : undefined;
}

/** Accepts a client ID as a number or a decimal string. */
export function IsClientId(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isClientId',
      validator: {
        validate: (value) => parseClientId(value) !== undefined,
        defaultMessage: () => RESULTS.clientIdMalformed.text,
      },
    },
    options,
  );
}

/** Converts a client ID given as a decimal string to a number, and leaves everything else to validation. */
export function ToClientId(): PropertyDecorator {
  return Transform(({ value }: { value: unknown }) => parseClientId(value) ?? value);
}
