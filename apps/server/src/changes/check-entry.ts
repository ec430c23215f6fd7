import { isJsonObject, type JsonObject } from '@clientele/model/metadata';
import { RecordError } from '../database/table.ts';
import { expectMembers, expectObject, isCount, isText } from '../http/record-checks.ts';
import { ACTIONS, SUBJECT_TYPES, type Actor } from './change.ts';

// Checks of the parts of the log on which its readers rely. Each throws `RecordError`, which names the member at fault.

type Checks = Readonly<Record<string, (value: unknown) => boolean>>;

interface Shape {
  readonly required: Checks;
  readonly optional?: Checks;
}

/** The last time that JavaScript can write as a date, in milliseconds since 1970. */
const LAST_TIME = 8.64e15;

const isAny = (): boolean => true;
const isOneOf =
  (...values: readonly string[]) =>
  (value: unknown): boolean =>
    values.includes(value as string);

const ACTORS: Readonly<Record<Actor['type'], Shape>> = {
  api_access_token: { required: { id: isText } },
  client: { required: { plane: isOneOf('api', 'protocol') }, optional: { apiAccessToken: isText, address: isText } },
  cli: { required: {}, optional: { user: isText } },
  system: { required: {} },
};

const SUBJECT: Shape = {
  required: { type: isOneOf(...SUBJECT_TYPES), id: isText },
  optional: { canonicalId: isText, version: isCount },
};

const DIFFERENCE: Shape = {
  required: { member: isText },
  optional: { before: isAny, after: isAny, beforeSha256: isText, afterSha256: isText },
};

const CHANGE: Shape = {
  required: { action: isOneOf(...ACTIONS), actor: isJsonObject, subject: isJsonObject },
  optional: { differences: Array.isArray, requestId: isText },
};

const ENTRY: Shape = {
  required: {
    ...CHANGE.required,
    v: (value) => value === 1,
    serviceId: isText,
    epoch: isCount,
    sequence: isCount,
    at: (value) => isCount(value) && value <= LAST_TIME,
    differences: Array.isArray,
  },
  optional: { state: isText, requestId: isText },
};

/** Throws unless a value is a change as a pending row contains it. */
export function expectChange(value: unknown, path: string): void {
  expectParts(expectShape(value, CHANGE, path), path);
}

/** Throws unless a value is an `Entry`, the body of a sealed entry. */
export function expectEntry(value: unknown): JsonObject {
  const entry = expectShape(value, ENTRY, 'body');
  expectParts(entry, 'body');
  return entry;
}

function expectParts({ actor, subject, differences = [] }: JsonObject, path: string): void {
  const { type, ...others } = expectObject(actor, `${path}.actor`);
  const shape = Object.entries(ACTORS).find(([name]) => name === type)?.[1];
  if (shape === undefined) throw new RecordError(`${path}.actor.type has a value that is not accepted`);
  expectShape(others, shape, `${path}.actor`);
  expectShape(subject, SUBJECT, `${path}.subject`);
  (differences as readonly unknown[]).forEach((difference, index) => {
    expectShape(difference, DIFFERENCE, `${path}.differences[${index}]`);
  });
}

function expectShape(value: unknown, { required, optional }: Shape, path: string): JsonObject {
  const object = expectObject(value, path);
  const missing = Object.keys(required).find((name) => !Object.hasOwn(object, name));
  if (missing !== undefined) throw new RecordError(`${path} must have a member ${missing}`);
  expectMembers(object, { ...required, ...optional }, path);
  return object;
}
