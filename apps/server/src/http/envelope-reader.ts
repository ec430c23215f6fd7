import type { JsonObject } from '@clientele/model/metadata';
import { TransformationType } from 'class-transformer';
import { defaultMetadataStorage as transformer } from 'class-transformer/cjs/storage.js';
import { getMetadataStorage, ValidationTypes } from 'class-validator';

export type Dto = new () => object;

/** Makes the DTO of a body that keeps every rule; `undefined` for any other body: the libraries know what is wrong with it. */
export type EnvelopeReader = (body: JsonObject) => object | undefined;

type Values = Record<string, unknown>;

/** One property of a DTO: what its value is made of, and whether that is as it should be. */
interface Property {
  readonly name: string;
  readonly transforms: readonly ((value: unknown, body: JsonObject) => unknown)[];
  readonly checks: readonly ((value: unknown, dto: object) => boolean)[];
  /** The value counts as right, whatever it is, where one of these says no: `IsOptional`. */
  readonly conditions: readonly ((value: unknown, dto: object) => boolean)[];
}

/**
 * Reads the bodies of nearly all calls by decorators that were looked up once: class-transformer and class-validator look
 * them up for every body, which costs a server under load as much as its framework. `undefined` for a DTO with objects
 * inside or rules for some cases only; it stays with the libraries. envelope.pipe.spec.ts proves that the outcome is theirs.
 */
export function envelopeReader(dto: Dto): EnvelopeReader | undefined {
  const properties = transformer
    .getExposedProperties(dto, TransformationType.PLAIN_TO_CLASS)
    .map((name) => propertyOf(dto, name));
  if (!properties.every((property) => property !== undefined)) return undefined;
  return (body) => {
    const made = new dto() as Values;
    for (const { name, transforms } of properties) {
      let value = body[name];
      if (typeof value === 'object') return undefined;
      if (value === undefined) value = made[name];
      else for (const transform of transforms) value = transform(value, body);
      made[name] = value;
    }
    for (const { name, checks, conditions } of properties) {
      const value = made[name];
      if (conditions.every((holds) => holds(value, made)) && !checks.every((holds) => holds(value, made)))
        return undefined;
    }
    return made;
  };
}

function propertyOf(dto: Dto, name: string): Property | undefined {
  const transforms = transformer.findTransformMetadatas(dto, name, TransformationType.PLAIN_TO_CLASS);
  const exposed = transformer.findExposeMetadata(dto, name);
  const isPlain =
    transformer.findTypeMetadata(dto, name) === (undefined as unknown) &&
    [exposed, ...transforms].every(({ options }) => Object.keys(options).length === 0);
  if (!isPlain) return undefined;

  const checks: Property['checks'][number][] = [];
  const conditions: Property['conditions'][number][] = [];
  const rules = getMetadataStorage()
    .getTargetValidationMetadatas(dto, '', false, false)
    .filter(({ propertyName }) => propertyName === name);
  for (const { type, each, validateIf, constraintCls, constraints } of rules) {
    if (type === ValidationTypes.CONDITIONAL_VALIDATION) {
      const [condition] = constraints as [(dto: object, value: unknown) => boolean];
      conditions.push((value, dto) => condition(dto, value));
    } else if (type === ValidationTypes.CUSTOM_VALIDATION && !each && validateIf === (undefined as unknown)) {
      for (const { instance } of getMetadataStorage().getTargetValidatorConstraints(constraintCls)) {
        checks.push((value, object) => {
          const details = { value, object, property: name, targetName: dto.name, constraints };
          return instance.validate(value, details) === true;
        });
      }
    } else {
      return undefined;
    }
  }
  return {
    name,
    transforms: transforms.map(
      ({ transformFn, options }) =>
        (value: unknown, obj: JsonObject) =>
          transformFn({ value, key: name, obj, type: TransformationType.PLAIN_TO_CLASS, options }) as unknown,
    ),
    checks,
    conditions,
  };
}
