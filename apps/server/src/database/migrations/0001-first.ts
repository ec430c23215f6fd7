import type { Migration } from './index.ts';

/**
 * Services, their API access tokens, and the clients. Times are milliseconds since 1970. The tables can be
 * distributed (`distribution.ts`): there is no sequence, trigger or foreign key.
 */
export const FIRST: Migration = {
  version: 1,
  name: 'services, API access tokens, clients',
  steps: [
    `CREATE TABLE service (
      service_id BIGINT NOT NULL PRIMARY KEY,
      version BIGINT NOT NULL,
      created_at BIGINT NOT NULL,
      modified_at BIGINT NOT NULL,
      properties TEXT NOT NULL
    )`,
    `CREATE TABLE api_access_token (
      token_hash TEXT NOT NULL PRIMARY KEY,
      service_id BIGINT,
      access_rights TEXT NOT NULL,
      created_at BIGINT NOT NULL
    )`,
    `CREATE TABLE client (
      service_id BIGINT NOT NULL,
      client_id BIGINT NOT NULL,
      version BIGINT NOT NULL,
      created_at BIGINT NOT NULL,
      modified_at BIGINT NOT NULL,
      registration_access_token_hash TEXT,
      client_secret TEXT,
      properties TEXT NOT NULL,
      PRIMARY KEY (service_id, client_id)
    )`,
  ],
};
