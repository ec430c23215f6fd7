import type { KeyObject } from 'node:crypto';
import type { SecretEncryption } from '../crypto/secret-encryption.ts';
import type { Database, Row, Statement } from '../database/database.ts';
import { timeOrderedId } from '../database/time-ordered-id.ts';
import type { ChangedBy } from './change.ts';
import { chainKeyIn, ChainKeys, HEAD_COLUMNS, headIn, INSTALLATION, isSealed, sealOf } from './chains.ts';
import { PendingChanges } from './pending-changes.ts';

/** Chains that are read at once. */
const PAGE = 200;

/** The outcome of a new epoch. */
export interface NewEpoch {
  readonly epoch: number;
  /** The number of chains that have the new epoch. */
  readonly chains: number;
  /** The services whose chain was changed behind the server. */
  readonly damaged: readonly number[];
}

/** An epoch that no chain had before. */
export function newEpoch(): number {
  return timeOrderedId(Date.now());
}

/** The row of a chain in another epoch. A wrong seal stays wrong, so that a verification finds it. */
export function inEpoch(key: KeyObject, row: Row, epoch: number): Row {
  return { ...row, epoch, ...(isSealed(key, row) && { seal: sealOf(key, { ...headIn(row), epoch }) }) };
}

/**
 * Gives every chain of a restored store a new epoch. It distinguishes the next entries from lost ones that had the same numbers.
 * The log of the installation gets an entry. Servers may run.
 */
export async function startNewEpoch(
  database: Database,
  encryption: SecretEncryption,
  by: ChangedBy,
): Promise<NewEpoch> {
  const epoch = newEpoch();
  const keys = new ChainKeys(database, encryption);
  // Creates the chain of the installation.
  await keys.of(INSTALLATION);
  const damaged: number[] = [];
  let chains = 0;
  let after = -1;
  for (;;) {
    const rows = await database.read({
      sql: `SELECT ${HEAD_COLUMNS}, chain_key FROM audit_chain WHERE service_id > $1 ORDER BY service_id LIMIT ${PAGE}`,
      values: [after],
    });
    const last = rows.at(-1);
    if (last === undefined) break;
    after = Number(last.service_id);
    for (const row of rows) {
      const key = chainKeyIn(row, encryption);
      if (!isSealed(key, row)) damaged.push(Number(row.service_id));
      await moveTo(database, key, row, epoch);
    }
    chains += rows.length;
  }
  const pending = await new PendingChanges(keys).statementOf(
    { action: 'store.restored', subject: { type: 'store', id: String(INSTALLATION) }, ...by },
    { serviceId: INSTALLATION, at: Date.now() },
  );
  await database.write(pending);
  return { epoch, chains, damaged };
}

async function moveTo(database: Database, key: KeyObject, read: Row, epoch: number): Promise<void> {
  let row: Row | undefined = read;
  while (row !== undefined) {
    const changes = await database.write(change(row, inEpoch(key, row, epoch)));
    if (changes.at(-1) !== 0) return;
    // A server has sealed changes meanwhile.
    [row] = await database.read({
      sql: `SELECT ${HEAD_COLUMNS} FROM audit_chain WHERE service_id = $1`,
      values: [Number(read.service_id)],
    });
  }
}

function change(current: Row, next: Row): Statement {
  return {
    sql: `UPDATE audit_chain SET epoch = $2, seal = $3
      WHERE service_id = $1 AND epoch = $4 AND sequence = $5 AND mac = $6 AND seal = $7`,
    values: [current.service_id, next.epoch, next.seal, current.epoch, current.sequence, current.mac, current.seal].map(
      (value) => value ?? null,
    ),
    required: true,
  };
}
