import type { Migration } from './index.ts';

/**
 * What is asked of every client before its document is opened. It follows from the document; the rows that there are have
 * null, and theirs is asked, until they are replaced.
 */
export const STANDING: Migration = {
  version: 4,
  name: 'standing of clients beside their documents',
  steps: [
    'ALTER TABLE client ADD COLUMN dynamically_registered BIGINT',
    'ALTER TABLE client ADD COLUMN locked BIGINT',
    'ALTER TABLE client ADD COLUMN initial_access_token_id BIGINT',
  ],
};
