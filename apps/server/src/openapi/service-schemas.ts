import { reference, type Schema } from './metadata-schema.ts';

const TEXT = { type: 'string' };
const INTEGER = { type: 'integer', minimum: 0 };

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
      type: 'object',
      externalDocs: { url: 'https://www.rfc-editor.org/rfc/rfc7396.html' },
      description: 'The properties of ServiceSettings that change. null resets a property to its default.',
    },
    JsonWebKeySet: {
      type: 'object',
      externalDocs: { url: 'https://www.rfc-editor.org/rfc/rfc7517.html#section-5' },
      required: ['keys'],
      properties: { keys: { type: 'array', items: { type: 'object' } } },
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

function listOf(name: string): Schema {
  return { type: 'array', items: reference(name) };
}
