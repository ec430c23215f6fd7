import { FIELDS, isJsonObject, toMetadata, type JsonObject } from '@clientele/model/metadata';
import { hashToken } from '../crypto/token.ts';
import type { Row } from '../database/database.ts';
import { RecordError, type Table } from '../database/table.ts';
import { expectHarmless, expectObject, isCount, objectIn, quoteName } from '../http/record-checks.ts';
import type { ClientProperties } from './client.ts';

/** The clients. `properties` is the document (`ClientProperties`) as JSON. */
export const CLIENT_TABLE = {
  name: 'client',
  columns: {
    service_id: 'id',
    client_id: 'id',
    version: 'id',
    created_at: 'number',
    modified_at: 'number',
    registration_access_token_hash: 'hash?',
    previous_token_hash: 'hash?',
    previous_token_until: 'number?',
    client_secret: 'encrypted?',
    properties: 'text',
    dynamically_registered: 'number',
    locked: 'number',
    initial_access_token_id: 'id?',
    software_id_hash: 'hash?',
  },
  primaryKey: ['service_id', 'client_id'],
  indexes: [
    {
      name: 'client_software_id',
      columns: ['service_id', 'software_id_hash'],
      where: 'software_id_hash IS NOT NULL',
    },
  ],
  distributedBy: 'client_id',
  exported: {
    derived: {
      columns: ['dynamically_registered', 'locked', 'initial_access_token_id', 'software_id_hash'],
      of: ({ properties }) => derivedColumns(JSON.parse(properties as string) as ClientProperties),
    },
    check: checkClient,
  },
} as const satisfies Table;

export type ClientColumn = keyof (typeof CLIENT_TABLE)['columns'];

/** Rows at which changes with the same `software_id` wait for each other. A service may have such clients from before. */
const SOFTWARE_ID_LOCK_TABLE: Table = {
  name: 'software_id_lock',
  columns: { service_id: 'id', software_id_hash: 'hash', locked_at: 'number' },
  primaryKey: ['service_id', 'software_id_hash'],
  distributedBy: 'software_id_hash',
  exported: false,
};

export const CLIENT_TABLES: readonly Table[] = [CLIENT_TABLE, SOFTWARE_ID_LOCK_TABLE];

/** The columns that follow from the document. */
export function derivedColumns({
  dynamicallyRegistered,
  locked,
  initialAccessTokenId,
  softwareId,
}: ClientProperties): DerivedColumns {
  return {
    dynamically_registered: dynamicallyRegistered ? 1 : 0,
    locked: locked === true ? 1 : 0,
    initial_access_token_id: initialAccessTokenId ?? null,
    software_id_hash: hashOfSoftwareId(softwareId),
  };
}

interface DerivedColumns extends Row {
  readonly dynamically_registered: number;
  readonly locked: number;
  readonly initial_access_token_id: number | null;
  readonly software_id_hash: string | null;
}

/** The hash of a `software_id` for an index, because a `software_id` may be long and contain any character; `null` for none. */
export function hashOfSoftwareId(softwareId: string | undefined): string | null {
  return softwareId === undefined ? null : hashToken(softwareId);
}

const isBoolean = (value: unknown): boolean => typeof value === 'boolean';

/** The checks of the properties that are not client metadata. */
const PROPERTIES: ReadonlyMap<string, (value: unknown) => boolean> = new Map([
  ['dynamicallyRegistered', isBoolean],
  ['locked', isBoolean],
  ['customMetadata', (value) => typeof value === 'string' && isCustomMetadata(value)],
  ['initialAccessTokenId', (value) => isCount(value) && value !== 0],
  ['softwareStatement', (value) => typeof value === 'string'],
  ['unexpressed', (value) => isJsonObject(value) && Object.entries(value).every(isChoice)],
]);

/** The property whose members are client metadata, except for one of them. */
const EXTENSION = 'extension';
const SCOPES_ENABLED = 'requestableScopesEnabled';

function checkClient(row: Row): void {
  const properties = objectIn(row, 'properties');
  if (!('dynamicallyRegistered' in properties)) throw new RecordError('properties.dynamicallyRegistered is missing');
  for (const [name, value] of Object.entries(properties)) {
    const isValid = PROPERTIES.get(name);
    if (isValid === undefined) checkMetadata(name, value);
    else if (!isValid(value)) throw new RecordError(`properties.${name} has a value that is not accepted`);
  }
  if ((row.previous_token_hash === null) !== (row.previous_token_until === null))
    throw new RecordError('previous_token_hash and previous_token_until must both be null or neither');
}

/** Refuses a property that is not client metadata: responses embed the document, so it could look like a member that the server issues. */
function checkMetadata(name: string, value: unknown): void {
  const path = `properties.${quoteName(name)}`;
  if (name !== EXTENSION) {
    expectConvertible({ [name]: value }, path);
    // An index contains the hash of this text.
    if (name === 'softwareId' && typeof value !== 'string') throw new RecordError(`${path} must be a text`);
    return;
  }
  if (!isJsonObject(value)) throw new RecordError(`${path} must be an object`);
  for (const [inner, member] of Object.entries(value)) {
    if (inner !== SCOPES_ENABLED)
      expectConvertible({ [EXTENSION]: { [inner]: member } }, `${path}.${quoteName(inner)}`);
    else if (!isBoolean(member)) throw new RecordError(`${path}.${inner} must be a boolean`);
  }
}

function expectConvertible(property: JsonObject, path: string): void {
  let members: readonly unknown[];
  try {
    members = Object.values(toMetadata(property));
  } catch {
    throw new RecordError(`${path} has a value that is not accepted`);
  }
  if (members.length === 0) throw new RecordError(`${path} is no property of client metadata`);
  if (!members.every(isMember)) throw new RecordError(`${path} has a value that is not accepted`);
}

/** Whether a value has the type of a member of client metadata. */
function isMember(value: unknown): boolean {
  if (Array.isArray(value)) return value.every((element) => typeof element === 'string');
  return typeof value === 'string' || isBoolean(value) || isCount(value) || isJsonObject(value);
}

/** Whether a member has values from a closed set, and its values are texts. */
function isChoice([name, value]: [string, unknown]): boolean {
  const field = FIELDS.find(([member]) => member === name)?.[1];
  return field?.values !== undefined && [value].flat().every((one) => typeof one === 'string');
}

function isCustomMetadata(text: string): boolean {
  try {
    expectHarmless(expectObject(JSON.parse(text), ''), '');
    return true;
  } catch {
    return false;
  }
}
