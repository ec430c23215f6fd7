import { ID_PATTERN } from '@clientele/model';
import { FIELDS, ISSUED_MEMBERS, LIMITS, type AnyField, type Kind } from '@clientele/model/metadata';
import { ABSENT_PROPERTIES } from '../clients/authlete-client.ts';

/** A JSON Schema (draft 2020-12), as OpenAPI 3.1 uses it. */
export type Schema = Readonly<Record<string, unknown>>;

/** An object with any members. Without `additionalProperties`, generators of TypeScript allow none. */
export const ANY_OBJECT: Schema = { type: 'object', additionalProperties: true };

export function reference(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` };
}

/** Names the default in the description, because generators of TypeScript require each member with `default`, also in requests. */
export function withDefault(schema: Schema, fallback: unknown): Schema {
  return { ...schema, description: `Default: ${JSON.stringify(fallback)}.` };
}

const TEXT: Schema = { type: 'string', maxLength: LIMITS.text };
const URI: Schema = { type: 'string', format: 'uri', maxLength: LIMITS.uri };

const MEMBER: Readonly<Record<Kind, (field: AnyField) => Schema>> = {
  text: () => TEXT,
  texts: () => listOf(TEXT),
  uri: () => URI,
  uris: () => listOf(URI),
  flag: () => ({ type: 'boolean' }),
  seconds: () => ({ type: 'integer', minimum: 0, maximum: LIMITS.seconds }),
  choice: ({ values }) => ({ type: 'string', enum: values }),
  choices: ({ values }) => listOf({ type: 'string', enum: values }),
  scope: () => TEXT,
  keys: () => ({
    type: 'object',
    required: ['keys'],
    properties: { keys: { type: 'array', maxItems: LIMITS.keys, items: ANY_OBJECT } },
  }),
  object: () => ANY_OBJECT,
};

/** The schema of each kind of member as a property of Authlete's client. */
const PROPERTY: Readonly<Record<Kind, (field: AnyField) => Schema>> = {
  ...MEMBER,
  choice: (field) => ({ type: 'string', enum: constantsOf(field) }),
  choices: (field) => listOf({ type: 'string', enum: constantsOf(field) }),
  scope: () => listOf(TEXT),
  keys: () => ({ type: 'string', contentMediaType: 'application/jwk-set+json' }),
};

/** Client metadata (RFC 7591 section 2), from the rows of its members. */
export function clientMetadataSchema(): Schema {
  return {
    type: 'object',
    description: 'The metadata of a client. Unknown members are ignored.',
    externalDocs: { url: 'https://www.rfc-editor.org/rfc/rfc7591.html#section-2' },
    properties: Object.fromEntries(FIELDS.flatMap(membersOf)),
    patternProperties: Object.fromEntries(
      FIELDS.filter(([, { localizable }]) => localizable !== undefined).map(([name, field]) => [
        `^${name}#.+$`,
        memberSchema(field),
      ]),
    ),
    // The default of JSON Schema. Without it, generators of TypeScript restrict every member to the types above.
    additionalProperties: true,
  };
}

/** The client information response (RFC 7591 section 3.2.1). */
export function clientInformationSchema(): Schema {
  const seconds = { type: 'integer', minimum: 0 };
  const issued: Readonly<Record<keyof typeof ISSUED_MEMBERS, Schema>> = {
    client_id: { type: 'string', pattern: ID_PATTERN.source },
    client_secret: { type: 'string' },
    client_id_issued_at: seconds,
    client_secret_expires_at: seconds,
    registration_access_token: { type: 'string' },
    registration_client_uri: { type: 'string', format: 'uri' },
  };
  return {
    description: 'All registered metadata, and the members that the server issued.',
    externalDocs: { url: ISSUED_MEMBERS.client_id },
    allOf: [{ $ref: '#/components/schemas/ClientMetadata' }],
    type: 'object',
    required: ['client_id', 'client_id_issued_at', 'registration_access_token', 'registration_client_uri'],
    properties: { ...issued, software_statement: { type: 'string' } },
  };
}

/** Authlete's client: the properties that the server sets, and those of client metadata. */
export function clientSchema(): Schema {
  const integer = { type: 'integer', minimum: 0 };
  const properties = FIELDS.flatMap(propertiesOf);
  const inExtension = properties.filter(([name]) => name.startsWith(EXTENSION));
  return {
    type: 'object',
    description: "Authlete's client: docs/client-metadata.md has the property of each member of client metadata.",
    required: ['clientId', 'clientType', 'createdAt', 'modifiedAt', 'dynamicallyRegistered'],
    properties: {
      number: integer,
      serviceNumber: integer,
      clientId: integer,
      canonicalClientId: { type: 'string' },
      clientSecret: { type: 'string' },
      clientType: { type: 'string', enum: ['PUBLIC', 'CONFIDENTIAL'] },
      clientSource: { type: 'string', enum: ['STATIC_REGISTRATION', 'DYNAMIC_REGISTRATION', 'METADATA_DOCUMENT'] },
      createdAt: integer,
      modifiedAt: integer,
      dynamicallyRegistered: { type: 'boolean' },
      locked: { type: 'boolean' },
      initialAccessTokenId: integer,
      softwareStatement: { type: 'string' },
      ...Object.fromEntries(
        Object.entries(ABSENT_PROPERTIES).map(([name, value]) => [name, value === 0 ? integer : { type: 'boolean' }]),
      ),
      ...Object.fromEntries(properties.filter(([name]) => !name.startsWith(EXTENSION))),
      extension: {
        type: 'object',
        properties: Object.fromEntries(inExtension.map(([name, schema]) => [name.slice(EXTENSION.length), schema])),
      },
    },
  };
}

export const EXTENSION = 'extension.';

/** The property of a row, and the property of its language-tagged values. */
export function propertiesOf([, field]: readonly [string, AnyField]): [string, Schema][] {
  const property: [string, Schema] = [field.property, PROPERTY[field.kind](field)];
  const localizable = field.localizable;
  if (localizable === undefined) return [property];
  const tagged = {
    type: 'object',
    required: ['tag', 'value'],
    properties: { tag: { type: 'string' }, value: { type: 'string' } },
  };
  return [property, [localizable, listOf(tagged)]];
}

/** Authlete's constants of the values of a choice. */
function constantsOf({ kind, values = [], toProperty }: AnyField): unknown[] {
  const constant = toProperty as (member: unknown) => unknown;
  if (kind === 'choices') return constant(values) as unknown[];
  return values.map(constant).filter((one) => one !== undefined);
}

/** The member of a row, and the list of alternatives from which the server chooses. */
function membersOf([name, field]: readonly [string, AnyField]): [string, Schema][] {
  const member: [string, Schema] = [name, memberSchema(field)];
  const alternatives = field.alternatives;
  if (alternatives === undefined) return [member];
  return [member, [alternatives, { ...listOf({ type: 'string', enum: field.values }), writeOnly: true }]];
}

function memberSchema(field: AnyField): Schema {
  const { default: fallback } = field as { default?: unknown };
  const schema = { ...MEMBER[field.kind](field), externalDocs: { url: field.spec } };
  return fallback === undefined || typeof fallback === 'function' ? schema : withDefault(schema, fallback);
}

function listOf(items: Schema): Schema {
  return { type: 'array', maxItems: LIMITS.elements, items };
}
