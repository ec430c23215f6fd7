import {
  FORBIDDEN_MEMBERS,
  isJsonObject,
  printableName,
  readDocument,
  writeDocument,
  type JsonObject,
} from '@clientele/model/metadata';
import type { Row } from '../database/database.ts';
import { RecordError } from '../database/table.ts';
import { ApiError } from './api-error.ts';
import { readEnvelope } from './envelope.pipe.ts';

// Checks of the rows of an export. Each throws `RecordError`, which names the member at fault.

/** Levels of nesting: many more than the API accepts, and few enough for the stack. */
const LEVELS = 100;

/**
 * The object in a column of JSON text, which must be as the server writes it. Responses embed the text unchanged, and other programs
 * would read a repeated member in another way.
 */
export function expectObjectIn(row: Row, column: string): JsonObject {
  const document = expectObject(parseColumn(row, column), column);
  expectHarmless(document, column);
  if (JSON.stringify(document) !== row[column])
    throw new RecordError(`${column} must be JSON without whitespace and repeated members`);
  return document;
}

/** The same for the metadata of a client, whose custom members may have numbers that a double cannot hold. */
export function expectDocumentIn(row: Row, column: string): void {
  expectHarmless(expectObject(parseColumn(row, column), column), column);
  const text = String(row[column]);
  if (writeDocument(readDocument(text)) !== text)
    throw new RecordError(`${column} must be JSON without whitespace and repeated members`);
}

export function parseColumn(row: Row, column: string): unknown {
  try {
    return JSON.parse(String(row[column]));
  } catch {
    throw new RecordError(`${column} must be JSON`);
  }
}

export function expectObject(value: unknown, path: string): JsonObject {
  if (!isJsonObject(value)) throw new RecordError(`${path} must be a JSON object`);
  return value;
}

/** Refuses names with a meaning in JavaScript, and deep nesting. */
function expectHarmless(value: unknown, path: string, levels = LEVELS): void {
  if (typeof value !== 'object' || value === null) return;
  if (levels === 0) throw new RecordError(`the document has more than ${LEVELS} levels`);
  for (const [name, member] of Object.entries(value)) {
    if (FORBIDDEN_MEMBERS.has(name)) throw new RecordError(`${path} must not have a member ${name}`);
    expectHarmless(member, `${path}.${printableName(name)}`, levels - 1);
  }
}

/** The DTO of a body that the API would accept. */
export function expectAccepted<Dto extends object>(dto: new () => Dto, body: JsonObject): Dto {
  try {
    return readEnvelope(dto, body);
  } catch (error) {
    throw error instanceof ApiError ? new RecordError(error.message.replace(/\.$/, '')) : error;
  }
}

/** Refuses a document that contains more than its DTO: the API would not have stored the rest. */
export function expectWithin(value: unknown, accepted: unknown, path: string): void {
  if (Array.isArray(value) && Array.isArray(accepted) && value.length === accepted.length) {
    value.forEach((element, index) => {
      expectWithin(element, accepted[index], `${path}[${index}]`);
    });
  } else if (isJsonObject(value) && isJsonObject(accepted)) {
    for (const [name, member] of Object.entries(value)) {
      if (!Object.hasOwn(accepted, name) || accepted[name] === undefined)
        throw new RecordError(`${path} has an unknown member ${printableName(name)}`);
      expectWithin(member, accepted[name], `${path}.${name}`);
    }
  } else if (value !== accepted) {
    throw new RecordError(`${path} has a value that is not accepted`);
  }
}

/** Refuses members without a check, and values that their check refuses. */
export function expectMembers(
  object: JsonObject,
  checks: Readonly<Record<string, (value: unknown) => boolean>>,
  path: string,
): void {
  for (const [name, value] of Object.entries(object)) {
    const check = Object.hasOwn(checks, name) ? checks[name] : undefined;
    if (check === undefined) throw new RecordError(`${path} has an unknown member ${printableName(name)}`);
    if (!check(value)) throw new RecordError(`${path}.${name} has a value that is not accepted`);
  }
}

const DAY = 86_400_000;

/** Milliseconds by which the clock of another server may be ahead. */
const AHEAD = DAY;

/** Refuses a row that was changed before it was created. */
export function expectOrder({ created_at: createdAt, modified_at: modifiedAt }: Row): void {
  if (Number(createdAt) > Number(modifiedAt)) throw new RecordError('created_at must be at most modified_at');
}

/** Refuses an end of a validity that is later than a server can have stored. */
export function expectEnd(row: Row, column: string, longest: number): void {
  if (Number(row[column]) > Date.now() + longest + AHEAD)
    throw new RecordError(`${column} must be at most ${longest / DAY + 1} days after the time of the import`);
}

/** Whether a value is a time in milliseconds, at most one day after now. */
export function isTime(value: unknown): boolean {
  return isCount(value) && value <= Date.now() + AHEAD;
}

export function isWithin(value: unknown, least: number, most: number): boolean {
  return isCount(value) && value >= least && value <= most;
}

export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

export function isText(value: unknown): value is string {
  return typeof value === 'string';
}
