import type { Schema } from './metadata-schema.ts';

const TEXT = { type: 'string' };
const TEXTS = { type: 'array', items: TEXT };
const INTEGER = { type: 'integer', minimum: 0 };

/** The responses to the calls that change clients. */
export function clientAdministrationSchemas(): Readonly<Record<string, Schema>> {
  return {
    ClientPreview: {
      type: 'object',
      required: ['outcome', 'differences'],
      properties: {
        outcome: { ...TEXT, enum: ['created', 'changed', 'unchanged'] },
        etag: { ...TEXT, description: 'The ETag of the current version, for If-Match.' },
        differences: differencesSchema(),
      },
    },
    RequestableScopes: { type: 'object', properties: { requestableScopes: TEXTS } },
    Authorizations: {
      type: 'object',
      required: ['start', 'end', 'subject', 'totalCount', 'clients'],
      properties: {
        start: INTEGER,
        end: INTEGER,
        developer: TEXT,
        subject: TEXT,
        totalCount: INTEGER,
        clients: { type: 'array', items: { $ref: '#/components/schemas/Client' } },
      },
    },
    GrantedScopes: {
      type: 'object',
      required: ['resultCode', 'resultMessage', 'subject'],
      properties: {
        resultCode: TEXT,
        resultMessage: TEXT,
        serviceApiKey: INTEGER,
        clientId: INTEGER,
        subject: TEXT,
        latestGrantedScopes: TEXTS,
        mergedGrantedScopes: TEXTS,
        modifiedAt: INTEGER,
      },
    },
  };
}

/** The differences in the members of a client. */
export function differencesSchema(): Schema {
  return {
    type: 'array',
    items: {
      type: 'object',
      required: ['member'],
      properties: { member: TEXT, before: {}, after: {}, beforeSha256: TEXT, afterSha256: TEXT },
    },
  };
}
