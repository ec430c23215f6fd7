import { isJsonObject } from '@clientele/model/metadata';
import type { Row } from '../database/database.ts';
import { RecordError, type Table } from '../database/table.ts';
import { expectObjectIn, isCount, isText } from '../http/record-checks.ts';

/**
 * The changes that are not sealed yet. Each is written together with what it changes, beside the row of its client; other subjects
 * have the client ID 0.
 */
export const AUDIT_PENDING_TABLE = {
  name: 'audit_pending',
  columns: {
    /** Ordered by `at`. The versions of a client have rising times. */
    change_id: 'text',
    service_id: 'number',
    client_id: 'number',
    /** The version of the client or the service after the change; 0 for other subjects. */
    version: 'number',
    at: 'number',
    /** `Change` as JSON. */
    change: 'text',
    /** The hash of the row after the change; null if there is none. */
    state: 'hash?',
    /** The document before and after the change. */
    document_before: 'text?',
    document_after: 'text?',
    /** Proves that a server wrote the row. It covers every column but `document_before`. */
    mac: 'hash',
  },
  primaryKey: ['change_id', 'client_id'],
  key: 'change_id',
  distributedBy: 'client_id',
  exported: { moves: true, check: checkPending },
} as const satisfies Table;

/** The sealed changes, numbered without gaps for each service. */
export const AUDIT_ENTRY_TABLE = {
  name: 'audit_entry',
  columns: {
    service_id: 'number',
    sequence: 'id',
    client_id: 'number',
    version: 'number',
    /** The entry as JSON: exactly the bytes of which `mac` is computed. */
    body: 'text',
    /** HMAC-SHA-256 of the previous entry's `mac` and `body`, base64url. */
    mac: 'hash',
  },
  primaryKey: ['service_id', 'sequence'],
  indexes: [{ name: 'audit_entry_client', columns: ['service_id', 'client_id', 'sequence'] }],
  distributedBy: 'sequence',
  exported: { grows: true, check: checkEntry },
} as const satisfies Table;

/** The end of the chain of each service, and of the chain of the installation, which has the service ID 0. */
export const AUDIT_CHAIN_TABLE = {
  name: 'audit_chain',
  columns: {
    service_id: 'number',
    /** Changes with every restored backup and every import, because the numbers that follow may have been used before. */
    epoch: 'number',
    /** The number of the last entry; 0 for none. */
    sequence: 'number',
    /** The `mac` of the last entry. */
    mac: 'hash',
    /** HMAC of the other columns: without it, the last entries could be removed unseen. */
    seal: 'hash',
    /** The number of clients of the service. */
    clients: 'number',
    /** The key of every HMAC of the chain. */
    chain_key: 'encrypted',
  },
  primaryKey: ['service_id'],
  exported: { moves: true, credential: true },
} as const satisfies Table;

/** One row: the process that seals. It saves work; the chain stays correct if two processes seal. */
const SEALER_LEASE_TABLE: Table = {
  name: 'sealer_lease',
  columns: { lease: 'id', owner: 'number', expires_at: 'number' },
  primaryKey: ['lease'],
  firstRow: { lease: 1, owner: 0, expires_at: 0 },
  exported: false,
};

export const CHANGE_TABLES: readonly Table[] = [
  AUDIT_CHAIN_TABLE,
  AUDIT_ENTRY_TABLE,
  AUDIT_PENDING_TABLE,
  SEALER_LEASE_TABLE,
];

/** Whether a server wrote the row is checked before it is sealed, but not for `document_before`. */
function checkPending(row: Row): void {
  expectObjectIn(row, 'change');
  for (const column of ['document_before', 'document_after']) if (row[column] !== null) expectObjectIn(row, column);
}

/** Whether a server wrote the entry is checked by a verification. Other readers trust the type of its members. */
function checkEntry(row: Row, owner: number): void {
  const { serviceId, sequence, at, action, actor, subject, differences } = expectObjectIn(row, 'body');
  if (serviceId !== String(owner) || sequence !== row.sequence)
    throw new RecordError('body must have the service ID and the sequence of the record');
  const members = [isCount(at), isText(action), isJsonObject(actor), isJsonObject(subject), Array.isArray(differences)];
  if (members.includes(false)) throw new RecordError('body must be an entry of the log');
}
