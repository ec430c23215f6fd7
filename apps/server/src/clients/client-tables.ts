import {
  FIELDS,
  isJsonObject,
  ISSUED_MEMBERS,
  isStandardMember,
  readDocument,
  toClient,
  writeDocument,
  type ClientMetadata,
  type JsonObject,
} from '@clientele/model/metadata';
import { ClientAdministrationDto } from '@clientele/model';
import type { Row } from '../database/database.ts';
import { RecordError, type Table } from '../database/table.ts';
import {
  expectAccepted,
  expectHarmless,
  expectMembers,
  expectObject,
  expectObjectIn,
  expectWithin,
  isCount,
  isText,
  isTexts,
  parseColumn,
  quoteName,
} from '../http/record-checks.ts';
import { hashOfSearchable, termsOf, type Searchable } from './client-terms.ts';
import { CLIENT_SOURCES, type Administration } from './client.ts';

/**
 * The clients, one row each. The columns of each part are together: identity, metadata, administration, credentials and
 * provenance (`ClientHead`).
 */
export const CLIENT_TABLE = {
  name: 'client',
  columns: {
    service_id: 'id',
    client_id: 'id',
    /** `Identifiers` as JSON. */
    identifiers: 'text?',
    version: 'id',
    created_at: 'number',
    modified_at: 'number',
    /** `ClientDocument` */
    metadata: 'text',
    /** `hashOfSearchable` */
    search_hash: 'hash',
    /** `Administration` as JSON. */
    administration: 'text?',
    locked: 'number',
    /** The `ClientSecret`s as JSON. */
    secrets: 'encrypted?',
    /** The `SecretDigest`s as JSON. */
    secret_digests: 'text?',
    registration_access_token_hash: 'hash?',
    previous_token_hash: 'hash?',
    previous_token_until: 'number?',
    source: 'text',
    /** `RegistrationOrigin` as JSON. */
    registration: 'text?',
    last_used_at: 'number',
    unused_since: 'number?',
    update_day: 'number',
    update_count: 'number',
  },
  primaryKey: ['service_id', 'client_id'],
  indexes: [{ name: 'client_unused', columns: ['service_id', 'unused_since'], where: 'unused_since IS NOT NULL' }],
  distributedBy: 'client_id',
  exported: {
    derived: {
      columns: ['locked', 'search_hash'],
      of: (row) => {
        const client = searchableIn(row);
        return { locked: lockedColumn(client.administration), search_hash: hashOfSearchable(client) };
      },
      alongside: {
        table: 'client_search',
        of: (row, serviceId) =>
          termsOf(searchableIn(row)).map((term) => ({ service_id: serviceId, term, client_id: row.client_id ?? null })),
      },
    },
    check: checkClient,
  },
} as const satisfies Table;

export type ClientColumn = keyof (typeof CLIENT_TABLE)['columns'];

/** The identifiers of clients beside their numbers, as hashes, because an identifier may be long and contain any character. */
const CLIENT_IDENTIFIER_TABLE: Table = {
  name: 'client_identifier',
  columns: { service_id: 'id', identifier_hash: 'hash', client_id: 'id' },
  primaryKey: ['service_id', 'identifier_hash'],
  distributedBy: 'identifier_hash',
  exported: {},
};

/**
 * The terms by which clients are found. They are derived from the client, and written only if a searched value changes. They are stored
 * on the node of the client.
 */
const CLIENT_SEARCH_TABLE: Table = {
  name: 'client_search',
  columns: { service_id: 'id', term: 'text', client_id: 'id' },
  primaryKey: ['service_id', 'term', 'client_id'],
  distributedBy: 'client_id',
  exported: false,
};

/** Rows at which changes with the same `software_id` wait for each other. A service may have such clients from before. */
const SOFTWARE_ID_LOCK_TABLE: Table = {
  name: 'software_id_lock',
  columns: { service_id: 'id', software_id_hash: 'hash', locked_at: 'number' },
  primaryKey: ['service_id', 'software_id_hash'],
  distributedBy: 'software_id_hash',
  exported: false,
};

export const CLIENT_TABLES: readonly Table[] = [
  CLIENT_TABLE,
  CLIENT_IDENTIFIER_TABLE,
  CLIENT_SEARCH_TABLE,
  SOFTWARE_ID_LOCK_TABLE,
];

/** The value of the column `locked`. */
export function lockedColumn({ locked }: Administration): 0 | 1 {
  return locked === true ? 1 : 0;
}

/** The searched values of the client in a row. */
function searchableIn({ metadata, administration }: Row): Searchable {
  return {
    document: readDocument(metadata as string),
    administration: JSON.parse((administration as string | null) ?? '{}') as Administration,
  };
}

function checkClient(row: Row): void {
  checkMetadata(row);
  checkPart(row, 'identifiers', { canonical: isText, alias: isText });
  checkPart(row, 'administration', {
    locked: (value) => typeof value === 'boolean',
    developer: isText,
    requestableScopes: isTexts,
    resources: isTexts,
    attributes: (value) => Array.isArray(value) && value.every(isAttribute),
    notes: isText,
    expiresAt: isCount,
    properties: isJsonObject,
  });
  checkProperties(row);
  checkDigests(row);
  checkPart(row, 'registration', {
    plane: (value) => value === 'api' || value === 'protocol',
    initialAccessTokenId: (value) => isCount(value) && value !== 0,
    statementIssuer: isText,
  });
  if (!(CLIENT_SOURCES as readonly unknown[]).includes(row.source))
    throw new RecordError(`source must be one of ${CLIENT_SOURCES.join(', ')}`);
  if ((row.previous_token_hash === null) !== (row.previous_token_until === null))
    throw new RecordError('previous_token_hash and previous_token_until must both be null or neither');
}

/** The other properties of a `Client` must be those that an administrator could have set. */
function checkProperties(row: Row): void {
  if (row.administration === null) return;
  const { properties = {} } = expectObjectIn(row, 'administration') as { properties?: JsonObject };
  const accepted = expectAccepted(ClientAdministrationDto, properties);
  expectWithin(properties, accepted, 'administration.properties');
}

function isDigest(value: unknown): boolean {
  return typeof value === 'string' && /^[\w-]{43}$/.test(value);
}

/** Responses contain the digests. */
function checkDigests(row: Row): void {
  const column = 'secret_digests';
  if ((row[column] === null) !== (row.secrets === null))
    throw new RecordError(`secrets and ${column} must both be null or neither`);
  if (row[column] === null) return;
  const digests = parseColumn(row, column);
  if (!Array.isArray(digests)) throw new RecordError(`${column} must be a list`);
  for (const element of digests) {
    const digest = expectObject(element, column);
    if (!isCount(digest.createdAt)) throw new RecordError(`${column}.createdAt must be a time in milliseconds`);
    expectMembers(digest, { sha256: isDigest, createdAt: isCount, expiresAt: isCount }, column);
  }
}

/** Refuses members that the server issues: responses embed the document. */
function checkMetadata(row: Row): void {
  const document = expectObject(parseColumn(row, 'metadata'), 'metadata');
  expectHarmless(document, 'metadata');
  const text = row.metadata as string;
  if (writeDocument(readDocument(text)) !== text)
    throw new RecordError('metadata must be JSON without whitespace and repeated members');
  for (const [name, value] of Object.entries(document)) {
    const path = `metadata.${quoteName(name)}`;
    if (Object.hasOwn(ISSUED_MEMBERS, name)) throw new RecordError(`${path} is issued by the server`);
    if (isStandardMember(name) && !isMember(name, value))
      throw new RecordError(`${path} has a value that is not accepted`);
  }
}

/** Members that are texts, also with a language tag. Terms are made of the first two. */
const TEXTS: ReadonlySet<string> = new Set(['client_name', 'software_id', 'software_statement']);

/** The values of the members with one value of a closed set. */
const CHOICES: ReadonlyMap<string, readonly unknown[]> = new Map(
  FIELDS.flatMap(([name, { kind, values }]) =>
    kind === 'choice' && values !== undefined ? [[name, values] as const] : [],
  ),
);

/** Whether the value of a member of client metadata has a type that responses can contain. */
function isMember(name: string, value: unknown): boolean {
  if (TEXTS.has(name.replace(/#.*/s, ''))) return isText(value);
  if (name === 'redirect_uris') return isTexts(value);
  const values = CHOICES.get(name);
  if (values !== undefined && !values.includes(value)) return false;
  try {
    toClient({ [name]: value } as ClientMetadata);
  } catch {
    return false;
  }
  if (Array.isArray(value)) return isTexts(value);
  return isText(value) || typeof value === 'boolean' || isCount(value) || (typeof value === 'object' && value !== null);
}

function checkPart(
  row: Row,
  column: ClientColumn,
  members: Readonly<Record<string, (value: unknown) => boolean>>,
): void {
  if (row[column] !== null) expectMembers(expectObjectIn(row, column), members, column);
}

function isAttribute(value: unknown): boolean {
  if (!isJsonObject(value)) return false;
  const { key, value: text, ...others } = value;
  return isText(key) && isText(text) && Object.keys(others).length === 0;
}
