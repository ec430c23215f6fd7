import { Transform } from 'class-transformer';

/** Several decorators as one. */
export function decorators(...all: readonly PropertyDecorator[]): PropertyDecorator {
  return (target, property) => {
    for (const decorator of all) decorator(target, property);
  };
}

/** Converts a text with `convert`. Other values stay the same: in a query, a repeated parameter is a list, which validation refuses. */
export function Converted(convert: (value: string) => unknown): PropertyDecorator {
  return Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? convert(value) : value));
}

/** Converts decimal digits, which queries and forms contain, to a number. Validation refuses other texts. */
export function Digits(): PropertyDecorator {
  return Converted((value) => (/^-?[0-9]{1,16}$/.test(value) ? Number(value) : value));
}
