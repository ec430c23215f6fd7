import { readDocument } from '@clientele/model/metadata';
import { hashToken } from '../crypto/token.ts';
import type { Row } from '../database/database.ts';
import type { Table } from '../database/table.ts';
import { checkClientRow } from './check-client-row.ts';
import { hashOfSearchable, termsOf, type Searchable } from './client-terms.ts';
import type { Administration, Identifiers } from './client.ts';

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
    version: 'version',
    created_at: 'time',
    modified_at: 'time',
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
    last_used_at: 'time',
    unused_since: 'time?',
    /** Days since 1970. */
    update_day: 'count',
    update_count: 'count',
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
      alongside: [
        {
          table: 'client_search',
          of: (row, serviceId) =>
            termsOf(searchableIn(row)).map((term) => ({
              service_id: serviceId,
              term,
              client_id: row.client_id ?? null,
            })),
        },
        {
          table: 'client_identifier',
          of: ({ identifiers, client_id: clientId = null }, serviceId) =>
            hashesOf(JSON.parse((identifiers as string | null) ?? '{}') as Identifiers).map((hash) => ({
              service_id: serviceId,
              identifier_hash: hash,
              client_id: clientId,
            })),
          unique: 'identifier_hash',
        },
      ],
    },
    check: checkClientRow,
  },
} as const satisfies Table;

export type ClientColumn = keyof (typeof CLIENT_TABLE)['columns'];

/**
 * The identifiers of clients beside their numbers, as hashes, because an identifier may be long and contain any character. They are
 * derived from the column `identifiers` of the client.
 */
const CLIENT_IDENTIFIER_TABLE: Table = {
  name: 'client_identifier',
  columns: { service_id: 'id', identifier_hash: 'hash', client_id: 'id' },
  primaryKey: ['service_id', 'identifier_hash'],
  distributedBy: 'identifier_hash',
  exported: false,
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

/** Milliseconds for which the row of a lock is kept. A transaction that holds the lock takes seconds. */
const LOCK_KEPT_FOR = 60 * 60 * 1000;

/** Rows at which changes with the same `software_id` wait for each other. A service may have such clients from before. */
const SOFTWARE_ID_LOCK_TABLE: Table = {
  name: 'software_id_lock',
  columns: { service_id: 'id', software_id_hash: 'hash', locked_at: 'number' },
  primaryKey: ['service_id', 'software_id_hash'],
  expiry: [{ column: 'locked_at', keptFor: LOCK_KEPT_FOR }],
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

/** The hashes of identifiers in `client_identifier`. */
export function hashesOf({ canonical, alias }: Identifiers): readonly string[] {
  return [...new Set([canonical, alias])].flatMap((identifier) =>
    identifier === undefined ? [] : [hashToken(identifier)],
  );
}

/** The searched values of the client in a row. */
function searchableIn({ metadata, administration }: Row): Searchable {
  return {
    document: readDocument(metadata as string),
    administration: JSON.parse((administration as string | null) ?? '{}') as Administration,
  };
}
