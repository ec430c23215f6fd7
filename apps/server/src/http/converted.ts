import { applyDecorators } from '@nestjs/common';
import { isJsonObject, type JsonObject } from '@clientele/model/metadata';
import { Expose, plainToInstance } from 'class-transformer';
import { getMetadataStorage, IsArray, ValidateNested } from 'class-validator';

type Dto<T extends object = object> = new () => T;
type Rules = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>;

const NESTED = 'nestedValidation';
const RULES = new WeakMap<object, Rules>();
const DECLARED = new WeakMap<object, readonly string[]>();
const ELEMENTS = new WeakMap<object, Map<string, Dto>>();

/** A list of objects, each of which becomes a DTO. Its members are not converted. */
export function ElementsOf(element: Dto): PropertyDecorator {
  const declare: PropertyDecorator = ({ constructor }, property) => {
    ELEMENTS.set(constructor, (ELEMENTS.get(constructor) ?? new Map<string, Dto>()).set(String(property), element));
  };
  return applyDecorators(Expose(), IsArray(), ValidateNested({ each: true }), declare);
}

/** The DTO of the elements of a list. */
export function elementOf(dto: Dto, property: string): Dto | undefined {
  return ELEMENTS.get(dto)?.get(property);
}

/** The rules that the decorators of a DTO declare. */
export function rulesOf(dto: Dto): Rules {
  let rules = RULES.get(dto);
  if (rules === undefined)
    RULES.set(dto, (rules = getMetadataStorage().getTargetValidationMetadatas(dto, '', true, false)));
  return rules;
}

/** The names of the members that a DTO declares. */
export function declaredNames(dto: Dto): readonly string[] {
  let names = DECLARED.get(dto);
  if (names === undefined)
    DECLARED.set(dto, (names = [...new Set(rulesOf(dto).map(({ propertyName }) => propertyName))]));
  return names;
}

/** The members of an object that a DTO declares. Others are dropped, such as `__proto__`, which has a meaning in JavaScript. */
export function declaredMembers(dto: Dto, object: JsonObject): JsonObject {
  const names = declaredNames(dto).filter((name) => Object.hasOwn(object, name));
  return Object.fromEntries(names.map((name) => [name, object[name]]));
}

/**
 * The DTO with the declared members of an object, which no rule has judged yet. class-transformer converts only the values that may
 * change. It would take microseconds for every value inside the others.
 */
export function converted<T extends object>(dto: Dto<T>, members: JsonObject): T {
  const nested = new Set(rulesOf(dto).flatMap(({ type, propertyName }) => (type === NESTED ? [propertyName] : [])));
  const changeable: Record<string, unknown> = {};
  const others: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(declaredMembers(dto, members))) {
    const element = elementOf(dto, name);
    if (element !== undefined && Array.isArray(value))
      others[name] = value.map((each: unknown) =>
        isJsonObject(each) ? Object.assign(new element(), declaredMembers(element, each)) : each,
      );
    else (typeof value === 'object' && !nested.has(name) ? others : changeable)[name] = value;
  }
  const options = { excludeExtraneousValues: true, exposeDefaultValues: true };
  return Object.assign(plainToInstance(dto, changeable, options), others);
}
