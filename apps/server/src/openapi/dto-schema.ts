import { ID_PATTERN } from '@clientele/model';
import { LIMITS } from '@clientele/model/metadata';
import { elementOf, rulesOf } from '../http/converted.ts';
import { ANY_OBJECT, withDefault, type Schema } from './metadata-schema.ts';

type Dto = new () => object;
type Constraints = readonly unknown[];

/** The schema of each validator of class-validator, by its name. */
const VALIDATORS: Readonly<Record<string, (constraints: Constraints) => Schema>> = {
  isString: () => ({ type: 'string' }),
  isBoolean: () => ({ type: 'boolean' }),
  isInt: () => ({ type: 'integer' }),
  isObject: () => ANY_OBJECT,
  isKeySet: () => ANY_OBJECT,
  isFetchable: () => ({}),
  areVerifiable: () => ({}),
  arrayUnique: () => ({}),
  isArray: () => ({ type: 'array' }),
  min: ([minimum]) => ({ minimum }),
  max: ([maximum]) => ({ maximum }),
  isLength: ([minLength, maxLength]) => ({ type: 'string', minLength, maxLength }),
  maxLength: ([maxLength]) => ({ maxLength }),
  matches: ([pattern]) => ({ type: 'string', pattern: (pattern as RegExp).source }),
  isIn: ([values]) => ({ type: 'string', enum: values }),
  isHttpUrl: () => ({ type: 'string', format: 'uri', maxLength: LIMITS.uri }),
  isOneOfOrUri: () => ({ type: 'string' }),
  isOrigin: () => ({ type: 'string', format: 'uri' }),
  arrayMinSize: ([minItems]) => ({ minItems }),
  arrayMaxSize: ([maxItems]) => ({ maxItems }),
  isTimeInMilliseconds: () => ({}),
  isResource: () => ({ format: 'uri' }),
  isId: () => ({
    oneOf: [
      { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER },
      { type: 'string', pattern: ID_PATTERN.source },
    ],
  }),
};

/**
 * The schema of a DTO, from its decorators. `elements` has the class of each nested property that is not declared by `ElementsOf`.
 * Throws if a decorator has no schema here.
 */
export function dtoSchema(dto: Dto, elements: Readonly<Record<string, Dto>> = {}): Schema {
  const defaults = new dto() as Readonly<Record<string, unknown>>;
  const properties: Record<string, Schema> = {};
  const optional = new Set<string>();
  for (const { propertyName, type, name, constraints, each } of rulesOf(dto)) {
    const known = properties[propertyName] ?? {};
    if (type === 'conditionalValidation') {
      optional.add(propertyName);
      properties[propertyName] = known;
      continue;
    }
    const element = elements[propertyName] ?? elementOf(dto, propertyName);
    const schema = type === 'nestedValidation' ? element && dtoSchema(element) : VALIDATORS[name ?? '']?.(constraints);
    if (schema === undefined) throw new Error(`${dto.name}.${propertyName}: no schema for ${name ?? type}.`);
    properties[propertyName] = each
      ? { ...known, items: { ...(known.items as Schema), ...schema } }
      : { ...known, ...schema };
  }
  for (const [name, fallback] of Object.entries(defaults)) {
    if (fallback === undefined || properties[name] === undefined) continue;
    optional.add(name);
    properties[name] = withDefault(properties[name], fallback);
  }
  const required = Object.keys(properties).filter((name) => !optional.has(name));
  return { type: 'object', ...(required.length > 0 && { required }), properties };
}
