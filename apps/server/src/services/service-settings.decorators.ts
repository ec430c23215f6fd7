import { applyDecorators } from '@nestjs/common';
import { ASYMMETRIC_ALG, isUriProblem, parseUri } from '@clientele/model/metadata';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn, IsOptional, IsUrl, Length, ValidateBy } from 'class-validator';

/** An absolute http or https URL. */
export function IsHttpUrl(): PropertyDecorator {
  return IsUrl({
    protocols: ['http', 'https'],
    require_protocol: true,
    require_tld: false,
    disallow_auth: true,
    allow_fragments: false,
  });
}

/** An optional list of Authlete's constants for the values of a member. */
export function OneOf(values: Readonly<Record<string, string>>): PropertyDecorator {
  return applyDecorators(IsOptional(), IsArray(), IsIn(Object.values(values), { each: true }));
}

/** The same, or absolute URIs of values of one's own. */
export function OneOfOrUri(values: Readonly<Record<string, string>>): PropertyDecorator {
  const known = new Set(Object.values(values));
  const validate = (value: unknown): boolean =>
    typeof value === 'string' &&
    (known.has(value) || (value.length <= 200 && value.includes(':') && !isUriProblem(parseUri(value))));
  const defaultMessage = (): string =>
    `each value in $property must be an absolute URI or one of: ${[...known].join(', ')}`;
  return applyDecorators(
    IsOptional(),
    IsArray(),
    ArrayMaxSize(1000),
    ValidateBy({ name: 'isOneOfOrUri', validator: { validate, defaultMessage } }, { each: true }),
  );
}

/** An optional list of names. */
export function Names(): PropertyDecorator {
  return applyDecorators(IsOptional(), IsArray(), ArrayMaxSize(1000), Length(1, 200, { each: true }));
}

/** A list of algorithms that sign with a private key. */
export function IsSigningAlgorithm(): PropertyDecorator {
  return applyDecorators(IsArray(), ArrayMinSize(1), IsIn(Object.keys(ASYMMETRIC_ALG), { each: true }));
}

/** An optional list of web origins, each as browsers send it (RFC 6454 section 7), `https://app.example.com` for example. */
export function Origins(): PropertyDecorator {
  return applyDecorators(
    IsOptional(),
    IsArray(),
    ArrayMaxSize(1000),
    ValidateBy(
      {
        name: 'isOrigin',
        validator: {
          validate: (value) => typeof value === 'string' && URL.canParse(value) && new URL(value).origin === value,
          defaultMessage: () => '$property must hold origins, https://app.example.com for example',
        },
      },
      { each: true },
    ),
  );
}
