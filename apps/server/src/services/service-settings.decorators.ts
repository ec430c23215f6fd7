import { applyDecorators } from '@nestjs/common';
import {
  ASYMMETRIC_ALG,
  isUriProblem,
  keySetProblems,
  originProblem,
  parseUri,
  webUrlProblem,
} from '@clientele/model/metadata';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn, IsOptional, Length, ValidateBy } from 'class-validator';

/** A setting that discovery publishes. */
interface PublishedSetting {
  readonly property: string;
  /** Its member in the metadata of the authorization server. */
  readonly member: string;
  /** Authlete's constant of each value of the member. */
  readonly values?: Readonly<Record<string, string>> | undefined;
}

const DECLARED: PublishedSetting[] = [];

/** All settings that discovery publishes. */
export const PUBLISHED_SETTINGS: readonly PublishedSetting[] = DECLARED;

/** Publishes a setting as a member of the metadata of the authorization server (RFC 8414 section 2). */
export function PublishedAs(member: string, values?: Readonly<Record<string, string>>): PropertyDecorator {
  return (_target, property) => {
    DECLARED.push({ property: String(property), member, values });
  };
}

/** An absolute http or https URL, by the rules for client metadata. */
export function IsHttpUrl({ query = true } = {}): PropertyDecorator {
  return ValidateBy({
    name: 'isHttpUrl',
    validator: {
      validate: (value) => webUrlProblem(value, { query }) === undefined,
      defaultMessage: (details) => `$property: ${webUrlProblem(details?.value, { query }) ?? ''}`,
    },
  });
}

/**
 * The URL of an issuer or of an endpoint to which a path is added. It has no query.
 *
 * @see https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata
 */
export function IsBaseUrl(): PropertyDecorator {
  return IsHttpUrl({ query: false });
}

/** An optional list of Authlete's constants for the values of a member. */
export function OneOf(values: Readonly<Record<string, string>>): PropertyDecorator {
  return applyDecorators(IsOptional(), IsArray(), ArrayMaxSize(100), IsIn(Object.values(values), { each: true }));
}

/** An optional list of Authlete's constants and of absolute URIs, for values without a constant. */
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

/** A JWK Set whose keys follow the rules for keys of clients. */
export function IsKeySet(): PropertyDecorator {
  return ValidateBy({
    name: 'isKeySet',
    validator: {
      validate: (value) => keySetProblems(value).length === 0,
      defaultMessage: (details) => {
        const [problem] = keySetProblems(details?.value);
        return `$property${problem?.at ?? ''} ${problem?.detail ?? ''}`;
      },
    },
  });
}

/** A list of asymmetric signature algorithms. */
export function IsSigningAlgorithm(): PropertyDecorator {
  return applyDecorators(
    IsArray(),
    ArrayMinSize(1),
    ArrayMaxSize(100),
    IsIn(Object.keys(ASYMMETRIC_ALG), { each: true }),
  );
}

/** An optional list of web origins as browsers send them (RFC 6454 section 7), for example `https://app.example.com`. */
export function Origins(): PropertyDecorator {
  return applyDecorators(
    IsOptional(),
    IsArray(),
    ArrayMaxSize(1000),
    ValidateBy(
      {
        name: 'isOrigin',
        validator: {
          validate: (value) => originProblem(value) === undefined,
          defaultMessage: (details) => `$property: ${firstProblem(details?.value, originProblem)}`,
        },
      },
      { each: true },
    ),
  );
}

function firstProblem(values: unknown, problemOf: (value: unknown) => string | undefined): string {
  return (Array.isArray(values) ? values : [values]).map(problemOf).find((problem) => problem !== undefined) ?? '';
}
