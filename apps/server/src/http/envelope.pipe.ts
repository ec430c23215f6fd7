import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { isJsonObject, LIMITS, quote, RESULTS, type JsonObject, type ResultName } from '@clientele/model/metadata';
import { ARRAY_MAX_SIZE, validateSync, type ValidationError } from 'class-validator';
import { ApiError, unacceptable } from './api-error.ts';
import { converted, declaredMembers, declaredNames, rulesOf } from './converted.ts';
import { countInside, forbiddenName, isDeeper, unstorable } from './nesting.ts';

/** Elements and members inside the lists and objects of a body. A DTO that needs more has its own number as `mostValues`. */
const MOST_VALUES = 1000;

/** A DTO, and what its class says about its bodies. */
interface Envelope<Dto> {
  new (): Dto;
  readonly mostValues?: number;
  /** Whether the texts are those of a client application, which the operation judges, and not those of an administrator. */
  readonly ofClientApplication?: boolean;
}

/** Converts the body of a request to the DTO of its route. Nest's own pipe does the same at several times the cost. */
@Injectable()
export class EnvelopePipe implements PipeTransform<unknown, object> {
  transform(body: unknown, { metatype }: ArgumentMetadata): object {
    if (!isJsonObject(body)) throw unacceptable('a JSON object is expected.');
    return readEnvelope(metatype as new () => object, body);
  }
}

/**
 * Converts the query or the body of a call that only Clientele has, or whose members decide what is found or what stays valid. An
 * unknown member is refused, because it may be a misspelt one. A call without a body has an empty one.
 */
@Injectable()
export class StrictPipe implements PipeTransform<unknown, object> {
  transform(body: unknown = {}, { metatype }: ArgumentMetadata): object {
    if (!isJsonObject(body)) throw unacceptable('a JSON object is expected.');
    return readStrictly(metatype as new () => object, body);
  }
}

/** The DTO of a body without unknown members, except those that are `null`. Throws `ApiError`. */
export function readStrictly<Dto extends object>(dto: new () => Dto, body: JsonObject): Dto {
  const names = declaredNames(dto);
  const unknown = Object.keys(body).find((name) => body[name] !== null && !names.includes(name));
  if (unknown !== undefined) throw unacceptable(`${quote(unknown)} is unknown; known are ${names.join(', ')}.`);
  return readEnvelope(dto, body);
}

/**
 * The DTO of a body. Throws `ApiError` if the body breaks a rule of the DTO. Properties that the DTO does not expose are ignored.
 * Authlete: a member that is `null` counts as omitted.
 */
export function readEnvelope<Dto extends object>(dto: Envelope<Dto>, body: JsonObject): Dto {
  const members = declaredMembers(dto, body);
  checkInside(dto, members);
  const envelope = converted(dto, withoutNulls(members) as JsonObject);
  const [error] = validateSync(envelope, { stopAtFirstError: true });
  if (error) throw errorOf(error);
  if (dto.ofClientApplication !== true) expectStorable(members);
  return envelope;
}

/** Databases refuse NUL and halves of surrogate pairs, or store something else. */
function expectStorable(members: JsonObject): void {
  for (const [name, value] of Object.entries(members)) {
    const problem = unstorable(value, name);
    if (problem !== undefined) throw unacceptable(problem);
  }
}

/**
 * Throws `ApiError` for members that would cost too much, or fail, in class-transformer: it calls itself at every level, takes
 * microseconds for every value, and calls the `constructor` of an object.
 */
function checkInside(dto: Envelope<object>, members: JsonObject): void {
  let left = dto.mostValues ?? MOST_VALUES;
  for (const { name: rule, propertyName, constraints } of rulesOf(dto)) {
    if (rule !== ARRAY_MAX_SIZE) continue;
    const list = members[propertyName];
    const most = Number(constraints[0]);
    if (Array.isArray(list) && list.length > most)
      throw unacceptable(`${propertyName} must contain no more than ${most} elements`);
  }
  for (const [name, value] of Object.entries(members)) {
    left -= countInside(value, left);
    if (left < 0) throw unacceptable(`${name} has too many elements or members.`);
    // This limits the recursion of all that follows.
    if (isDeeper(value, LIMITS.depth - 1))
      throw unacceptable(`at most ${LIMITS.depth} levels of nesting are accepted.`);
    const forbidden = forbiddenName(value);
    if (forbidden !== undefined) throw unacceptable(`${name} must not have a member ${forbidden}.`);
  }
}

/** A value without the members that are `null`, at every level. An element of a list that is `null` remains, and is refused. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isJsonObject(value)) return value;
  const members = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(members.map(([name, member]) => [name, withoutNulls(member)]));
}

/** The error for the first broken rule. The DTO names the result code in the context of a constraint. */
function errorOf({ constraints, contexts, children = [] }: ValidationError): ApiError {
  const [inside] = children;
  if (constraints === undefined && inside !== undefined) return errorOf(inside);
  const [[constraint, message] = ['', 'a property is not valid.']] = Object.entries(constraints ?? {});
  const { result } = (contexts as Record<string, { result: ResultName } | undefined> | undefined)?.[constraint] ?? {};
  return result === undefined
    ? unacceptable(message)
    : new ApiError(400, result, {}, `[${RESULTS[result].code}] ${message}`);
}
