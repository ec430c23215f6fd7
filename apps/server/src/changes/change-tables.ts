import type { Row } from '../database/database.ts';
import { RecordError, type Table } from '../database/table.ts';
import { expectDocumentIn, expectObjectIn, isTime } from '../http/record-checks.ts';
import { expectChange, expectEntry } from './check-entry.ts';

/**
 * The changes that are not sealed yet. A change is written in the same transaction as the row that it changes. A distributed
 * database stores it on the node of its client; changes of other subjects have the client ID 0.
 */
export const AUDIT_PENDING_TABLE = {
  name: 'audit_pending',
  columns: {
    /** Ordered by `at`. Each version of a client has a later time than the previous one. */
    change_id: 'text',
    service_id: 'number',
    /** 0 if the change does not concern a client. */
    client_id: 'number',
    /** The version of the client or the service after the change; 0 for other subjects, and if a secret was read. */
    version: 'count',
    at: 'time',
    /** `Change` as JSON. */
    change: 'text',
    /** The hash of the row after the change; null after a deletion, and for rows that are not compared with the log. */
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
const AUDIT_ENTRY_TABLE = {
  name: 'audit_entry',
  columns: {
    service_id: 'number',
    sequence: 'id',
    client_id: 'number',
    version: 'count',
    /** The entry as JSON. `mac` covers exactly these bytes. */
    body: 'text',
    /** HMAC-SHA-256 of `body` and of the `mac` of the previous entry, base64url. */
    mac: 'hash',
  },
  primaryKey: ['service_id', 'sequence'],
  indexes: [{ name: 'audit_entry_client', columns: ['service_id', 'client_id', 'sequence'] }],
  distributedBy: 'sequence',
  exported: { grows: true, check: checkEntry },
} as const satisfies Table;

/** The end of each chain. Every service has a chain; the installation has one with the service ID 0. */
export const AUDIT_CHAIN_TABLE = {
  name: 'audit_chain',
  columns: {
    service_id: 'number',
    /** A restored backup and an import get a new epoch. It distinguishes entries that have the same number. */
    epoch: 'number',
    /** The number of the last entry; 0 for none. */
    sequence: 'number',
    /** The `mac` of the last entry. */
    mac: 'hash',
    /** HMAC of `service_id`, `epoch`, `sequence`, `mac` and `clients`. It reveals that the last entries were removed. */
    seal: 'hash',
    /** The number of clients of the service. */
    clients: 'number',
    /** The key of every HMAC of the chain. */
    chain_key: 'encrypted',
  },
  primaryKey: ['service_id'],
  exported: { moves: true, credential: true },
} as const satisfies Table;

/** One row with the process that seals. The lease only avoids duplicate work: the chain stays correct if two processes seal. */
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

/** Checks what readers rely on. The sealer checks `mac`, which does not cover `document_before`. */
function checkPending(row: Row): void {
  expectChange(expectObjectIn(row, 'change'), 'change');
  for (const column of ['document_before', 'document_after']) if (row[column] !== null) expectDocumentIn(row, column);
}

/** Checks what readers of the log rely on. A verification checks `mac`. */
function checkEntry(row: Row, owner: number): void {
  const { serviceId, sequence, at } = expectEntry(expectObjectIn(row, 'body'));
  if (serviceId !== String(owner) || sequence !== row.sequence)
    throw new RecordError('body must have the service ID and the sequence of the record');
  if (!isTime(at)) throw new RecordError('body.at must be at most one day after the time of the import');
}
