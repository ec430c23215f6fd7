import { isEntityTag } from '../clients/entity-tag.ts';
import { RecordError, type Table } from '../database/table.ts';
import { expectEnd } from '../http/record-checks.ts';

/** Milliseconds for which the response to a registration with an `Idempotency-Key` is stored. */
export const STORED_FOR = 24 * 60 * 60 * 1000;

/** Registrations with an `Idempotency-Key`, with their encrypted responses. */
export const IDEMPOTENT_REGISTRATION_TABLE: Table = {
  name: 'idempotent_registration',
  columns: {
    service_id: 'id',
    key_hash: 'hash',
    request_hash: 'hash',
    entity_tag: 'text',
    response: 'encrypted',
    expires_at: 'number',
  },
  primaryKey: ['service_id', 'key_hash'],
  expiry: [{ column: 'expires_at', longest: 2 * STORED_FOR }],
  distributedBy: 'key_hash',
  exported: {
    expiresAt: 'expires_at',
    check: (row) => {
      expectEnd(row, 'expires_at', STORED_FOR);
      // A repeated response has it in its header.
      if (!isEntityTag(String(row.entity_tag))) throw new RecordError('entity_tag must be an entity tag of a client');
    },
  },
};

export const PROTOCOL_TABLES = [IDEMPOTENT_REGISTRATION_TABLE];
