import { createHash } from 'node:crypto';
import type { DatabaseConfig } from '../config/config.ts';
import type { Row, SchemaSession, SqlValue } from '../database/database.ts';
import { schemaStatus } from '../database/migrations/migrate.ts';
import { refuseOldSchema } from '../database/open-database.ts';
import { readSnapshot } from '../database/snapshot.ts';
import { FORMAT, FORMAT_VERSION, hashLine, TransferError, type Header, type Trailer } from './transfer-file.ts';
import { hasEnded, SERVICE_COLUMNS, TRANSFER_TABLES, type TransferTable } from './transfer-tables.ts';

/** Rows that are read, and held in memory, at once. */
const PAGE = 200;

export interface ExportOptions {
  readonly serviceId: number;
  /** Whether the API access tokens that are for all services belong to it. */
  readonly allServiceTokens: boolean;
  readonly onProgress: (done: number, total: number) => void;
}

/** Writes one state of a service, with all that belongs to it, while servers go on; how many records of each kind. */
export function exportService(
  database: DatabaseConfig,
  options: ExportOptions,
  write: (text: string) => Promise<void>,
): Promise<Readonly<Record<string, number>>> {
  return readSnapshot(database, async (session) => {
    const status = await schemaStatus(session);
    refuseOldSchema(status);
    const hash = createHash('sha256');
    const counts: Record<string, number> = {};
    const line = (value: object): string => {
      const text = JSON.stringify(value);
      hashLine(hash, text);
      return `${text}\n`;
    };
    const record = (kind: string, row: Row): string => {
      counts[kind] = (counts[kind] ?? 0) + 1;
      return line({ kind, row });
    };

    const service = await readService(session, options.serviceId);
    const total = await countClients(session, options.serviceId);
    const header: Header = {
      format: FORMAT,
      version: FORMAT_VERSION,
      schemaVersion: status.applied.at(-1)?.version ?? 0,
      serviceId: options.serviceId,
      exportedAt: new Date().toISOString(),
      encryptionKeys: (await session.query('SELECT key_id FROM encryption_key ORDER BY key_id')).map((row) =>
        String(row.key_id),
      ),
    };
    await write(line(header) + record('service', service));
    for (const table of TRANSFER_TABLES) {
      if (table.of === 'all services' && !options.allServiceTokens) continue;
      for await (const rows of pagesOf(session, table, options.serviceId)) {
        await write(rows.map((row) => record(table.kind, row)).join(''));
        options.onProgress(counts.client ?? 0, total);
      }
    }
    const trailer: Trailer = { counts, sha256: hash.digest('hex') };
    await write(`${JSON.stringify(trailer)}\n`);
    return counts;
  });
}

async function readService(session: SchemaSession, serviceId: number): Promise<Row> {
  const columns = Object.keys(SERVICE_COLUMNS).join(', ');
  const [row] = await session.query(`SELECT ${columns} FROM service WHERE service_id = $1`, [serviceId]);
  if (row === undefined) throw new TransferError(`There is no service ${serviceId}.`);
  return row;
}

async function countClients(session: SchemaSession, serviceId: number): Promise<number> {
  const [row] = await session.query('SELECT count(*) AS n FROM client WHERE service_id = $1', [serviceId]);
  return Number(row?.n);
}

async function* pagesOf(
  session: SchemaSession,
  transferTable: TransferTable,
  serviceId: number,
): AsyncGenerator<readonly Row[]> {
  const { table, key, columns, of } = transferTable;
  const owner = of === 'service' ? 'service_id = $2' : 'service_id IS NULL';
  const sql = `
    SELECT ${Object.keys(columns).join(', ')} FROM ${table} WHERE ${owner} AND ${key} > $1 ORDER BY ${key} LIMIT ${PAGE}`;
  let last: SqlValue = columns[key] === 'hash' ? '' : -1;
  for (;;) {
    const rows = await session.query(sql, of === 'service' ? [last, serviceId] : [last]);
    if (rows.length === 0) return;
    yield rows.filter((row) => !hasEnded(transferTable, row));
    last = rows.at(-1)?.[key] ?? null;
  }
}
