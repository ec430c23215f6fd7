import type { Migration } from './index.ts';

/**
 * Initial access tokens; answers to registrations that may be asked for again, each encrypted; and the registration access
 * token that a client had before, for as long as it still counts. Of tokens and keys only hashes are kept.
 */
export const PROTOCOL_PLANE: Migration = {
  version: 3,
  name: 'initial access tokens, idempotent registrations, rotation of registration access tokens',
  steps: [
    `CREATE TABLE initial_access_token (
      service_id BIGINT NOT NULL,
      token_id BIGINT NOT NULL,
      token_hash TEXT NOT NULL,
      label TEXT,
      created_at BIGINT NOT NULL,
      expires_at BIGINT NOT NULL,
      uses BIGINT NOT NULL,
      uses_left BIGINT NOT NULL,
      PRIMARY KEY (service_id, token_id)
    )`,
    'CREATE UNIQUE INDEX initial_access_token_hash ON initial_access_token (service_id, token_hash)',
    `CREATE TABLE idempotent_registration (
      service_id BIGINT NOT NULL,
      key_hash TEXT NOT NULL,
      request_hash TEXT NOT NULL,
      answer TEXT NOT NULL,
      expires_at BIGINT NOT NULL,
      PRIMARY KEY (service_id, key_hash)
    )`,
    'CREATE INDEX idempotent_registration_expiry ON idempotent_registration (expires_at)',
    'ALTER TABLE client ADD COLUMN previous_token_hash TEXT',
    'ALTER TABLE client ADD COLUMN previous_token_until BIGINT',
  ],
};
