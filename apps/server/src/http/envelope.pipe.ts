import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { isJsonObject, LIMITS, RESULTS, type JsonObject, type ResultName } from '@clientele/model/metadata';
import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import { ApiError } from './api-error.ts';
import { envelopeReader, type Dto, type EnvelopeReader } from './envelope-reader.ts';

/**
 * Makes the DTO of a route from a request body, or refuses the body as the caller's fault. Only properties that the DTO
 * exposes are looked at. Authlete: `null` counts as omitted, in objects at every level. Nest's own pipe does the same at
 * several times the cost.
 */
@Injectable()
export class EnvelopePipe implements PipeTransform<unknown, object> {
  private readonly readers = new Map<Dto, EnvelopeReader | undefined>();

  transform(body: unknown, { metatype }: ArgumentMetadata): object {
    if (!isJsonObject(body)) throw unacceptable('a JSON object is expected.');
    return this.readerOf(metatype as Dto)?.(body) ?? read(metatype as Dto, body);
  }

  private readerOf(dto: Dto): EnvelopeReader | undefined {
    const known = this.readers.get(dto);
    if (known !== undefined || this.readers.has(dto)) return known;
    const reader = envelopeReader(dto);
    this.readers.set(dto, reader);
    return reader;
  }
}

/** The DTO of any body, or what is wrong with the body. */
export function read(dto: Dto, body: JsonObject): object {
  // class-transformer calls itself at every level.
  if (isDeeper(body, LIMITS.depth)) throw unacceptable(`at most ${LIMITS.depth} levels of nesting are accepted.`);
  const made = plainToInstance(dto, withoutNulls(body), {
    excludeExtraneousValues: true,
    exposeDefaultValues: true,
  });
  const [error] = validateSync(made, { stopAtFirstError: true });
  if (error) throw broken(error);
  return made;
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((member) => isDeeper(member, levels - 1));
}

/** A value without the members that are `null`; in a list, `null` is a wrong element. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isJsonObject(value)) return value;
  const members = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(members.map(([name, member]) => [name, withoutNulls(member)]));
}

/** The DTO says in a constraint's context which result code reports it. */
function broken({ constraints, contexts, children = [] }: ValidationError): ApiError {
  const [inside] = children;
  if (constraints === undefined && inside !== undefined) return broken(inside);
  const [[constraint, message] = ['', 'a property is not valid.']] = Object.entries(constraints ?? {});
  const { result } = (contexts as Record<string, { result: ResultName } | undefined> | undefined)?.[constraint] ?? {};
  return result === undefined
    ? unacceptable(message)
    : new ApiError(400, result, {}, `[${RESULTS[result].code}] ${message}`);
}

function unacceptable(details: string): ApiError {
  return new ApiError(400, 'bodyUnacceptable', { details });
}
