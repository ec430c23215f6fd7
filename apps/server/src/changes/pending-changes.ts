import { randomBytes, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { expectUsableClock } from '../database/clock.ts';
import type { SqlValue, Statement } from '../database/database.ts';
import { ChainKeys } from './chains.ts';
import { AUDIT_PENDING_TABLE } from './change-tables.ts';
import type { Change } from './change.ts';
import { hashOfDocument, macOf } from './mac.ts';

export type PendingColumn = keyof (typeof AUDIT_PENDING_TABLE)['columns'];

/** The columns of a pending change, in the order of the table. */
export const PENDING_COLUMNS = Object.keys(AUDIT_PENDING_TABLE.columns) as PendingColumn[];

const INSERT = `
  INSERT INTO audit_pending (${PENDING_COLUMNS.join(', ')}) VALUES (${PENDING_COLUMNS.map((_name, i) => `$${i + 1}`).join(', ')})`;

/** The values of a pending change. */
export type PendingValues = Readonly<Record<PendingColumn, SqlValue>>;

/** The row that is changed. */
export interface ChangedRow {
  readonly serviceId: number;
  /** 0 if the subject is no client. */
  readonly clientId?: number;
  /** The version of the client or the service after the change. */
  readonly version?: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The hash of the row after the change. */
  readonly state?: string;
  /** The document before the change, unless SQL copies it. */
  readonly before?: string;
  /** The document after the change, and its hash if the caller has it. */
  readonly after?: string;
  readonly afterHash?: string;
}

/** Prepares the pending rows that are written together with changes. */
@Injectable()
export class PendingChanges {
  constructor(private readonly keys: ChainKeys) {}

  /** Reads the key of each chain again when it is needed next. */
  forgetKeys(): void {
    this.keys.forget();
  }

  /** The values of the pending row. Throws `StoreUnavailableError` or `ClockError`. */
  async valuesOf(change: Change, row: ChangedRow): Promise<PendingValues> {
    return pendingValues(await this.keys.of(row.serviceId), change, row);
  }

  /** The statement that writes the pending row of a change without documents. Throws `StoreUnavailableError` or `ClockError`. */
  async statementOf(change: Change, row: ChangedRow): Promise<Statement> {
    return pendingStatement(await this.valuesOf(change, row));
  }
}

export function pendingValues(
  key: KeyObject,
  { hasGone: _caller, ...change }: Change,
  { serviceId, clientId = 0, version = 0, at, state, before, after, afterHash }: ChangedRow,
): PendingValues {
  const values = {
    change_id: newChangeId(at),
    service_id: serviceId,
    client_id: clientId,
    version,
    at,
    change: JSON.stringify(change),
    state: state ?? null,
    document_before: before ?? null,
    document_after: after ?? null,
  };
  return { ...values, mac: pendingMac(key, values, afterHash) };
}

/** The changes of this process have IDs of their own. */
const PROCESS = randomBytes(8).toString('hex');
let lastChange = 0;

/** An ID that is ordered by its time. Throws `ClockError`. */
function newChangeId(at: number): string {
  expectUsableClock(at);
  lastChange = (lastChange + 1) % 2 ** 32;
  return `${at.toString(16).padStart(12, '0')}${PROCESS}${lastChange.toString(16).padStart(8, '0')}`;
}

/** Proves that a server wrote a pending row. */
export function pendingMac(
  key: KeyObject,
  { service_id, client_id, version, at, change_id, change, state, document_after }: Omit<PendingValues, 'mac'>,
  document = document_after === null ? null : hashOfDocument(document_after as string),
): string {
  return macOf(key, ['clientele-pending-v1', service_id, client_id, version, at, change_id, change, state, document]);
}

export function pendingStatement(values: PendingValues): Statement {
  return { sql: INSERT, values: PENDING_COLUMNS.map((name) => values[name]) };
}
