import { differencesSchema } from './client-administration-schemas.ts';
import { findingSchema } from './explanation-schema.ts';
import { ANY_OBJECT, reference, type Schema } from './metadata-schema.ts';

const TEXT = { type: 'string' };
const INTEGER = { type: 'integer', minimum: 0 };

const IMPACT_PROGRESS = {
  type: 'object',
  required: ['checked', 'refused', 'narrowed', 'done'],
  properties: {
    checked: INTEGER,
    refused: INTEGER,
    narrowed: INTEGER,
    done: { type: 'boolean', description: 'Whether this is the last line.' },
  },
};

/** The responses of the calls for services and tokens. */
export function serviceSchemas(): Readonly<Record<string, Schema>> {
  return {
    Service: {
      allOf: [reference('ServiceSettings')],
      type: 'object',
      required: ['apiKey', 'number', 'createdAt', 'modifiedAt'],
      properties: { apiKey: INTEGER, number: INTEGER, createdAt: INTEGER, modifiedAt: INTEGER },
    },
    ServicePage: {
      type: 'object',
      required: ['start', 'end', 'totalCount', 'services'],
      properties: { start: INTEGER, end: INTEGER, totalCount: INTEGER, services: listOf('Service') },
    },
    ServicePatch: {
      ...ANY_OBJECT,
      externalDocs: { url: 'https://www.rfc-editor.org/rfc/rfc7396.html' },
      description: 'The properties of ServiceSettings that change. null resets a property to its default.',
    },
    ServiceImpactLine: {
      type: 'object',
      description:
        'One line about each affected client. Lines with the numbers of clients come between them, and last.',
      oneOf: [impactSchema('REFUSED'), impactSchema('NARROWED'), IMPACT_PROGRESS],
    },
    JsonWebKeySet: {
      type: 'object',
      externalDocs: { url: 'https://www.rfc-editor.org/rfc/rfc7517.html#section-5' },
      required: ['keys'],
      properties: { keys: { type: 'array', items: ANY_OBJECT } },
    },
    ApiAccessToken: {
      type: 'object',
      required: ['id', 'accessRights', 'createdAt', 'createdBy'],
      properties: {
        id: TEXT,
        serviceId: INTEGER,
        accessRights: { type: 'array', items: TEXT },
        label: TEXT,
        createdAt: INTEGER,
        createdBy: { type: 'object', required: ['type'], properties: { type: TEXT, id: TEXT, user: TEXT } },
        expiresAt: INTEGER,
        lastUsedAt: INTEGER,
      },
    },
    CreatedApiAccessToken: {
      allOf: [reference('ApiAccessToken')],
      type: 'object',
      required: ['apiAccessToken'],
      properties: { apiAccessToken: TEXT },
    },
    ApiAccessTokens: {
      type: 'object',
      required: ['apiAccessTokens'],
      properties: { apiAccessTokens: listOf('ApiAccessToken') },
    },
    InitialAccessToken: {
      type: 'object',
      required: ['id', 'createdAt', 'expiresAt', 'uses', 'usesLeft'],
      properties: {
        id: INTEGER,
        label: TEXT,
        createdAt: INTEGER,
        expiresAt: INTEGER,
        uses: INTEGER,
        usesLeft: INTEGER,
        lastUsedAt: INTEGER,
      },
    },
    CreatedInitialAccessToken: {
      allOf: [reference('InitialAccessToken')],
      type: 'object',
      required: ['initialAccessToken'],
      properties: { initialAccessToken: TEXT },
    },
    InitialAccessTokens: {
      type: 'object',
      required: ['initialAccessTokens'],
      properties: { initialAccessTokens: listOf('InitialAccessToken'), next: INTEGER },
    },
  };
}

function impactSchema(effect: 'REFUSED' | 'NARROWED'): Schema {
  return {
    type: 'object',
    required: ['clientId', 'effect', effect === 'REFUSED' ? 'findings' : 'differences'],
    properties: {
      clientId: INTEGER,
      canonicalClientId: TEXT,
      clientIdAlias: TEXT,
      clientName: TEXT,
      effect: { ...TEXT, enum: [effect] },
      ...(effect === 'REFUSED'
        ? { findings: { type: 'array', items: findingSchema() } }
        : { differences: differencesSchema() }),
    },
  };
}

function listOf(name: string): Schema {
  return { type: 'array', items: reference(name) };
}
