import type { Schema } from './metadata-schema.ts';

const TEXT: Schema = { type: 'string' };
const TEXTS: Schema = { type: 'array', items: TEXT };

/** The response of `explain`. */
export function explanationSchema(): Schema {
  return {
    type: 'object',
    required: ['accepted', 'findings', 'provenance', 'checks'],
    properties: {
      accepted: { type: 'boolean' },
      metadata: { $ref: '#/components/schemas/ClientMetadata' },
      findings: { type: 'array', items: findingSchema() },
      provenance: {
        type: 'object',
        description: 'The source of the value of each member.',
        additionalProperties: { type: 'string', enum: ['requested', 'statement', 'default', 'narrowed', 'chosen'] },
      },
      checks: {
        type: 'array',
        items: {
          type: 'object',
          required: ['rule', 'outcome'],
          properties: { rule: TEXT, outcome: { type: 'string', enum: ['passed', 'failed', 'skipped'] } },
        },
      },
    },
  };
}

/** A fact about a request that its sender should know. */
export function findingSchema(): Schema {
  return {
    type: 'object',
    required: ['rule', 'severity', 'members', 'resultCode', 'message', 'specification'],
    properties: {
      rule: TEXT,
      severity: { type: 'string', enum: ['refused', 'narrowed', 'ignored', 'advice'] },
      members: { ...TEXTS, description: 'The members, each with its position: `redirect_uris[2]`.' },
      error: { ...TEXT, description: 'The OAuth error code, only of a refusal.' },
      resultCode: TEXT,
      message: TEXT,
      specification: { type: 'string', format: 'uri' },
    },
  };
}
