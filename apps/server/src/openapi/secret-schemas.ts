import type { Schema } from './metadata-schema.ts';

const TEXT = { type: 'string' };
const SECONDS = { type: 'integer', minimum: 0 };

/** The responses with a new credential of a client. */
export function secretSchemas(): Readonly<Record<string, Schema>> {
  return {
    ClientSecretResponse: {
      type: 'object',
      required: ['resultCode', 'resultMessage', 'newClientSecret', 'expiresAt'],
      properties: {
        resultCode: TEXT,
        resultMessage: TEXT,
        newClientSecret: TEXT,
        oldClientSecret: TEXT,
        overlapEndsAt: SECONDS,
        expiresAt: SECONDS,
      },
    },
    RegistrationAccessTokenResponse: {
      type: 'object',
      required: ['resultCode', 'resultMessage', 'registrationAccessToken'],
      properties: {
        resultCode: TEXT,
        resultMessage: TEXT,
        registrationAccessToken: TEXT,
        registrationClientUri: { type: 'string', format: 'uri' },
      },
    },
  };
}
