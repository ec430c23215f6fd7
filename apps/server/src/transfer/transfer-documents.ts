import { FIELDS, isJsonObject, toMetadata, type JsonObject } from '@clientele/model/metadata';
import { ApiError } from '../http/api-error.ts';
import { read } from '../http/envelope.pipe.ts';
import { CreateInitialAccessTokenDto } from '../access/initial-access-token.dto.ts';
import { ACCESS_RIGHTS } from '../access/access-right.ts';
import { reservedName } from '../services/custom-client-metadata.ts';
import { ServiceSettingsDto } from '../services/service-settings.dto.ts';
import type { TransferredRow } from './transfer-tables.ts';

/** A record holds something that no API of this server would have stored. */
export class RecordError extends Error {
  override readonly name = 'RecordError';
}

/** Checks what the types of columns do not say, by kind. Each throws `RecordError`, which names the member at fault. */
const CHECKS: Readonly<Record<string, ((row: TransferredRow, serviceId: number) => void) | undefined>> = {
  service: expectService,
  api_access_token: expectAccessRights,
  api_access_token_of_all_services: expectAccessRights,
  initial_access_token: expectInitialAccessToken,
  client: expectClient,
};

/** Throws `RecordError` unless the API of this server could have stored the record. The columns have their types. */
export function expectStorable(kind: string, row: TransferredRow, serviceId: number): void {
  CHECKS[kind]?.(row, serviceId);
}

/** The members that the server adds to the settings of a service. */
const SERVICE_HEAD = ['apiKey', 'number', 'createdAt', 'modifiedAt'] as const;

function expectService(row: TransferredRow, serviceId: number): void {
  const document = documentIn(row, 'properties');
  for (const name of SERVICE_HEAD) expectCount(document[name], `properties.${name}`);
  if (document.apiKey !== serviceId) throw new RecordError(`properties.apiKey must be ${serviceId}, as in the header`);
  const settings = Object.fromEntries(Object.entries(document).filter(([name]) => !isHead(name)));
  const made = expectAccepted(ServiceSettingsDto, settings) as ServiceSettingsDto;
  const reserved = reservedName(made);
  if (reserved !== undefined)
    throw new RecordError(`properties.supportedCustomClientMetadata must not hold ${quote(reserved)}`);
  expectWithin(settings, made, 'properties');
}

function isHead(name: string): boolean {
  return (SERVICE_HEAD as readonly string[]).includes(name);
}

/** Throws if a document holds something that the API would have left out. */
function expectWithin(value: unknown, made: unknown, path: string): void {
  if (Array.isArray(value) && Array.isArray(made) && value.length === made.length) {
    value.forEach((element, index) => {
      expectWithin(element, made[index], `${path}[${index}]`);
    });
  } else if (isJsonObject(value) && isJsonObject(made)) {
    for (const [name, member] of Object.entries(value)) {
      if (!Object.hasOwn(made, name) || made[name] === undefined)
        throw new RecordError(`${path} has an unknown member ${quote(name)}`);
      expectWithin(member, made[name], `${path}.${name}`);
    }
  } else if (value !== made) {
    throw new RecordError(`${path} has a value that is not accepted`);
  }
}

function expectAccessRights({ access_rights: text }: TransferredRow): void {
  const rights = parse(text, 'access_rights');
  const isKnown = (right: unknown): boolean => (ACCESS_RIGHTS as readonly unknown[]).includes(right);
  if (!Array.isArray(rights) || rights.length === 0 || !rights.every(isKnown))
    throw new RecordError(`access_rights must be a list of ${ACCESS_RIGHTS.join(', ')}`);
}

function expectInitialAccessToken(row: TransferredRow): void {
  const { uses, label } = row;
  expectAccepted(CreateInitialAccessTokenDto, {
    uses,
    label,
    expiresIn: (Number(row.expires_at) - Number(row.created_at)) / 1000,
  });
  if (Number(row.uses_left) > Number(uses)) throw new RecordError('uses_left must be at most uses');
}

/** The properties of a client besides its metadata, each with the check of its value. */
const CLIENT_STANDING: ReadonlyMap<string, (value: unknown) => boolean> = new Map([
  ['dynamicallyRegistered', isBoolean],
  ['locked', isBoolean],
  ['customMetadata', (value) => typeof value === 'string' && isCustomMetadata(value)],
  ['initialAccessTokenId', (value) => isCount(value) && value !== 0],
  ['softwareStatement', (value) => typeof value === 'string'],
  ['unexpressed', (value) => isJsonObject(value) && Object.entries(value).every(isChoice)],
]);

/** The one property whose members are client metadata, and its one member that is not. */
const EXTENSION = 'extension';
const SCOPES_ENABLED = 'requestableScopesEnabled';

function expectClient(row: TransferredRow): void {
  const properties = documentIn(row, 'properties');
  if (!('dynamicallyRegistered' in properties)) throw new RecordError('properties.dynamicallyRegistered is missing');
  for (const [name, value] of Object.entries(properties)) {
    const path = `properties.${name}`;
    const isRight = CLIENT_STANDING.get(name);
    if (isRight === undefined) expectMetadata(name, value);
    else if (!isRight(value)) throw new RecordError(`${path} has a value that is not accepted`);
  }
  if ((row.previous_token_hash === null) !== (row.previous_token_until === null))
    throw new RecordError('previous_token_hash and previous_token_until must both be null or neither');
}

/**
 * Throws unless the property is one of client metadata. The response of the API holds the document as it is, so a property
 * with another name could pass for something that the server issues.
 */
function expectMetadata(name: string, value: unknown): void {
  const path = `properties.${quote(name)}`;
  if (name !== EXTENSION) {
    expectConvertible({ [name]: value }, path);
    // An index has the hash of this text.
    if (name === 'softwareId' && typeof value !== 'string') throw new RecordError(`${path} must be a text`);
    return;
  }
  if (!isJsonObject(value)) throw new RecordError(`${path} must be an object`);
  for (const [inner, member] of Object.entries(value)) {
    if (inner !== SCOPES_ENABLED) expectConvertible({ [EXTENSION]: { [inner]: member } }, `${path}.${quote(inner)}`);
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

/** Whether the value has the type of a value of client metadata. */
function isMember(value: unknown): boolean {
  if (Array.isArray(value)) return value.every((element) => typeof element === 'string');
  return typeof value === 'string' || isBoolean(value) || isCount(value) || isJsonObject(value);
}

/** Whether the member is one that names values of a closed set, and its values are texts. */
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

function expectAccepted(dto: new () => object, body: JsonObject): object {
  try {
    return read(dto, body);
  } catch (error) {
    throw error instanceof ApiError ? new RecordError(error.message.replace(/\.$/, '')) : error;
  }
}

/**
 * The object in a column of JSON text, which must be as the server writes it. Responses embed the text unchanged, and other
 * programs would read a member that occurs twice differently.
 */
function documentIn(row: TransferredRow, column: string): JsonObject {
  const document = expectObject(parse(row[column], column), column);
  expectHarmless(document, column);
  if (JSON.stringify(document) !== row[column])
    throw new RecordError(`${column} must be JSON without whitespace and repeated members`);
  return document;
}

function parse(text: unknown, column: string): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    throw new RecordError(`${column} must be JSON`);
  }
}

function expectObject(value: unknown, path: string): JsonObject {
  if (!isJsonObject(value)) throw new RecordError(`${path} must be a JSON object`);
  return value;
}

/** Names that mean something to JavaScript; the API refuses them, too. */
const FORBIDDEN_NAMES: readonly string[] = ['__proto__', 'constructor', 'prototype'];

/** Far more levels than the API accepts, and far less than what exhausts the stack. */
const LEVELS = 100;

function expectHarmless(value: unknown, path: string, levels = LEVELS): void {
  if (typeof value !== 'object' || value === null) return;
  if (levels === 0) throw new RecordError(`the document has more than ${LEVELS} levels`);
  for (const [name, member] of Object.entries(value)) {
    if (FORBIDDEN_NAMES.includes(name)) throw new RecordError(`${path} must not have a member ${name}`);
    expectHarmless(member, `${path}.${quote(name)}`, levels - 1);
  }
}

function expectCount(value: unknown, path: string): void {
  if (!isCount(value)) throw new RecordError(`${path} must be a whole number, 0 or more`);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

/** The start of a name, so that nothing in it can disturb a terminal. */
function quote(name: string): string {
  const text = name.slice(0, 40);
  return /^\w+$/.test(text) ? text : JSON.stringify(text).replace(/[^\x20-\x7e]/g, '?');
}
