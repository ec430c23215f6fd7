import { AUDIT_CHAIN_TABLE } from '../changes/change-tables.ts';
import type { ChangedBy } from '../changes/change.ts';
import type { SecretEncryption } from '../crypto/secret-encryption.ts';
import type { Database, Row, Statement } from '../database/database.ts';
import { recordKey } from '../database/encryption-keys.ts';
import type { Schema } from '../database/schema.ts';
import { continuedLog } from './imported-log.ts';
import { expectNoMore, expectSame, find, insert, storeRows } from './imported-rows.ts';
import { hasExpired, recordKindsOf, type RecordKind } from './record-kind.ts';
import { TransferError, type Counts, type Header, type TransferReader, type TransferRecord } from './transfer-file.ts';

/** Records that one statement stores. */
const BATCH = 200;

export interface ImportOptions {
  readonly schema: Schema;
  readonly encryption: SecretEncryption;
  /** The statement that makes running servers read services and tokens again. */
  readonly changeState: Statement;
  /** The actor of the import, for the log of the service. */
  readonly by: ChangedBy;
  /** Whether the rows of an unfinished import of this service are deleted first. */
  readonly startOver: boolean;
  /** Reports how many records are done. */
  readonly onRecords: (count: number) => void;
}

export interface Imported {
  /** Without records that have expired since the export. */
  readonly counts: Counts;
  /** Whether the service of the file existed, so that nothing was written. */
  readonly already: boolean;
}

/**
 * Stores an exported service with everything that belongs to it. The service and its credentials come last, in one transaction, and
 * nobody can use the other rows before. So a failed import can be repeated. An existing service is never changed.
 */
export async function importService(
  database: Database,
  header: Header,
  reader: TransferReader,
  options: ImportOptions,
): Promise<Imported> {
  const { serviceId } = header;
  const records = reader.records();
  const first = await records.next();
  if (first.done) throw new TransferError('The file contains no service.');
  const service = first.value;
  const already = await exists(database, serviceId, service);
  if (!already) {
    if (options.startOver) await deleteUnfinished(database, serviceId, options);
    for (const keyId of header.encryptionKeys) await recordKey(database, keyId);
  }

  let done = 0;
  const credentials: TransferRecord[] = [];
  const counts: Record<string, number> = { [service.kind.name]: 1 };
  for await (const [kind, all] of batchesOf(records)) {
    done += all.length;
    const rows = all.filter((row) => !hasExpired(kind, row));
    if (rows.length > 0) {
      if (already) {
        if (!kind.exported.moves) await expectSame(database, kind, serviceId, rows, already);
      } else if (kind.exported.credential) credentials.push(...rows.map((row) => ({ kind, row })));
      else await storeRows(database, kind, serviceId, rows);
      counts[kind.name] = (counts[kind.name] ?? 0) + rows.length;
    }
    options.onRecords(done);
  }
  for (const kind of recordKindsOf(options.schema)) {
    const { grows, moves } = kind.exported;
    if (kind !== service.kind && !(already && (grows ?? moves)))
      await expectNoMore(database, kind, serviceId, counts, already);
  }
  if (!already) await makeUsable(database, serviceId, service, credentials, options);
  return { counts, already };
}

/**
 * Stores the service, its credentials and its chain, all or nothing. A credential that exists must be the one of the file. A server
 * seals entries only if there is a chain.
 */
async function makeUsable(
  database: Database,
  serviceId: number,
  service: TransferRecord,
  credentials: readonly TransferRecord[],
  { changeState, encryption, by }: ImportOptions,
): Promise<void> {
  const [chain, second] = credentials.filter(isChain);
  if (chain === undefined || second !== undefined)
    throw new TransferError('The file must contain one record of audit_chain.');
  const log = continuedLog(service.row, chain.row, { serviceId, encryption, by });
  const statements = [
    { ...insert(service.kind, serviceId, [service.row]), required: true },
    { ...insert(chain.kind, serviceId, [log.chain]), required: true },
    log.logged,
  ];
  for (const { kind, row } of credentials.filter((credential) => !isChain(credential))) {
    const found = await find(database, kind, serviceId, [row]);
    if (found.size === 0) statements.push({ ...insert(kind, serviceId, [row]), required: true });
    else await expectSame(database, kind, serviceId, [row], false);
  }
  const changes = await database.write(...statements, changeState);
  if (changes.at(-1) !== 0) return;
  throw new TransferError(
    changes.length === 1
      ? `Another process has created a service ${serviceId} meanwhile. Nothing of the file can be used.`
      : 'An API access token is in the file twice, or another process has stored it meanwhile. Nothing of the file can be used.',
  );
}

function isChain({ kind: { table } }: TransferRecord): boolean {
  return table.name === AUDIT_CHAIN_TABLE.name;
}

/** Whether an API access token allows anybody to call the service. */
export async function hasCallers(database: Database, serviceId: number): Promise<boolean> {
  const sql = 'SELECT token_hash FROM api_access_token WHERE service_id = $1 OR service_id IS NULL LIMIT 1';
  return (await database.read({ sql, values: [serviceId] })).length > 0;
}

/** Whether the service exists. Throws if it is not the service of the file. */
async function exists(
  database: Database,
  serviceId: number,
  { kind, row: expected }: TransferRecord,
): Promise<boolean> {
  const columns = Object.keys(kind.columns);
  const [row] = await database.read({
    sql: `SELECT ${columns.join(', ')} FROM ${kind.table.name} WHERE service_id = $1`,
    values: [serviceId],
  });
  if (row === undefined) {
    const deleted = { sql: 'SELECT 1 FROM deleted_service WHERE service_id = $1', values: [serviceId] };
    if ((await database.read(deleted)).length === 0) return false;
    throw new TransferError(
      `The previous service ${serviceId} is still being deleted by the running servers. Repeat the import later. Nothing was changed.`,
    );
  }
  if (columns.every((column) => row[column] === expected[column])) return true;
  throw new TransferError(
    `A service ${serviceId} exists already, and it is not the one of the file. Nothing was changed.`,
  );
}

/** Deletes the rows of an unfinished import. They belong to no service. */
async function deleteUnfinished(
  database: Database,
  serviceId: number,
  { schema, changeState }: ImportOptions,
): Promise<void> {
  for (const { table, exported, ofAllServices } of recordKindsOf(schema)) {
    if (ofAllServices) continue;
    const names = [table.name, ...(exported.derived?.alongside ?? []).map((derived) => derived.table)];
    const deletions = names.map((name) => ({ sql: `DELETE FROM ${name} WHERE service_id = $1`, values: [serviceId] }));
    await database.write(...deletions, changeState);
  }
}

async function* batchesOf(
  records: AsyncIterable<TransferRecord>,
): AsyncGenerator<readonly [RecordKind, readonly Row[]]> {
  let current: RecordKind | undefined;
  let rows: Row[] = [];
  for await (const { kind, row } of records) {
    if (current !== undefined && (current !== kind || rows.length === BATCH)) {
      yield [current, rows];
      rows = [];
    }
    current = kind;
    rows.push(row);
  }
  if (current !== undefined && rows.length > 0) yield [current, rows];
}
