import { ClientDocument } from '../../apps/server/src/clients/client-document.ts';
import { hashOfSearchable, termsOf } from '../../apps/server/src/clients/client-terms.ts';
import type { Database, Row, SqlValue } from '../../apps/server/src/database/database.ts';
import { PostgresDatabase } from '../../apps/server/src/database/postgres-database.ts';
import { SqliteDatabase } from '../../apps/server/src/database/sqlite-database.ts';
import { table } from '../docs/markdown.ts';
import { registerClients } from './calls.ts';
import { Connection } from './connection.ts';
import { clientele, onPostgresql, onSqlite, type Contender, type Settings } from './contenders.ts';
import { DOCUMENTS } from './documents.ts';
import { percentile } from './load.ts';
import { short } from './page.ts';
import { ACCESS_TOKEN, SERVICE_ID } from './planes.ts';

const FEW = 1_000;

/** Clients that share a host and a software_id. */
const SHARED = 20;

/** Requests of each kind, of which the median counts. */
const REQUESTS = 200;

/** Rows of one statement. */
const BATCH = 200;

/** The queries, of which each selects few clients, and those that read a page of a scan or the end of the list. */
const queriesFor = (clients: number): Readonly<Record<string, string>> => ({
  identifier: `identifier=${FIRST_ID + clients / 2}`,
  redirectUri: `redirectUri=${encodeURIComponent(uriOf(clients / 2))}`,
  redirectHost: `redirectHost=${hostOf(clients / 2)}`,
  softwareId: `softwareId=${softwareIdOf(clients / 2)}`,
  clientName: `clientName=${encodeURIComponent(nameOf(clients / 2).slice(0, 24))}`,
  attribute: `attribute=tier%3Dgold`,
  'first page of 100': 'limit=100',
  'scan without a match': 'locked=true&source=dynamic',
  'last 5 by index': `start=${clients - 5}&end=${clients}`,
});

const FIRST_ID = 1_000_000;
const groupOf = (i: number) => Math.floor(i / SHARED);
const hostOf = (i: number) => `app-${groupOf(i)}.example.org`;
const uriOf = (i: number) => `https://${hostOf(i)}/callback/${i}`;
const softwareIdOf = (i: number) => `software-${groupOf(i)}`;
const nameOf = (i: number) => `Client number ${String(i).padStart(10, '0')} of the benchmark`;

/** Pages of lists with few clients and with many, and the memory of the server while all clients are listed. */
export async function list({ clients }: { readonly clients: number }): Promise<string> {
  const sections: string[] = [];
  for (const [engine, settings] of [
    ['SQLite', onSqlite],
    ['PostgreSQL', onPostgresql],
  ] as const) {
    const rows = new Map<string, number[]>();
    let memory = '';
    for (const size of [FEW, clients]) {
      const contender = await filled(await settings(), size);
      const connection = await Connection.open(contender.server.port);
      for (const [name, query] of Object.entries(queriesFor(size))) {
        const { p50, p99 } = await latenciesOf(connection, query);
        rows.set(name, [...(rows.get(name) ?? []), p50, p99]);
      }
      if (size === clients) memory = await memoryOfAll(contender, connection);
      connection.close();
      await contender.server.stop();
    }
    const cells = [...rows].map(([name, [few = 0, fewWorst = 0, many = 0, manyWorst = 0]]) => [
      name,
      ...[few, fewWorst, many, manyWorst, many / few].map(short),
    ]);
    const heading = [
      'page',
      `p50 of ${FEW}, ms`,
      'p99, ms',
      `p50 of ${clients.toLocaleString('en')}, ms`,
      'p99, ms',
      'ratio',
    ];
    sections.push(
      `${engine}, one request at a time, ${REQUESTS} of each kind.\n\n${table(heading, cells)}\n\n${memory}`,
    );
  }
  return sections.join('\n\n');
}

async function latenciesOf(connection: Connection, query: string) {
  const latencies: number[] = [];
  for (let i = 0; i < REQUESTS; i++) {
    const sentAt = performance.now();
    await get(connection, query);
    // The engines compile what they run, and read what they keep in memory.
    if (i >= REQUESTS / 10) latencies.push(performance.now() - sentAt);
  }
  return { p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99) };
}

/** Lists all clients in pages of 1,000. */
async function memoryOfAll({ server }: Contender, connection: Connection): Promise<string> {
  const before = (await server.usage()).memory;
  const start = performance.now();
  let most = before;
  let listed = 0;
  let after = '';
  do {
    const page = await get(connection, `limit=1000${after}`);
    listed += page.clients.length;
    after = page.next === undefined ? '' : `&after=${page.next}`;
    most = Math.max(most, (await server.usage()).memory);
  } while (after !== '');
  const seconds = (performance.now() - start) / 1000;
  return `All ${listed.toLocaleString('en')} clients in pages of 1,000: ${short(seconds)} s; resident set ${short(before / 1e6)} MB before, at most ${short(most / 1e6)} MB.`;
}

async function get(connection: Connection, query: string) {
  const { status, body } = await connection.send(
    `GET /api/${SERVICE_ID}/client/get/list?${query} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${ACCESS_TOKEN}\r\n\r\n`,
  );
  if (status !== 200) throw new Error(`${query}: HTTP ${status} ${body.toString().slice(0, 500)}`);
  return JSON.parse(body.toString()) as { clients: unknown[]; next?: string };
}

/** A server whose store has this many clients, which were written beside it: a registration of each would take hours. */
async function filled(settings: Settings, size: number): Promise<Contender> {
  const first = await clientele(settings);
  await registerClients(first, DOCUMENTS.secret, 1);
  await first.server.stop();
  const database = await open(settings.DATABASE_URL!);
  const [model] = await database.read({ sql: 'SELECT * FROM client LIMIT 1', values: [] });
  for (let start = 0; start < size; start += BATCH) {
    const clients = Array.from({ length: Math.min(BATCH, size - start) }, (_client, i) => rowsOf(model!, start + i));
    await insert(
      database,
      'client',
      clients.map(({ client }) => client),
    );
    await insert(
      database,
      'client_search',
      clients.flatMap(({ search }) => search),
    );
  }
  await database.close();
  return clientele(settings);
}

function open(url: string): Promise<Database> {
  if (url.startsWith('sqlite:')) return SqliteDatabase.open(url.slice('sqlite:'.length));
  return PostgresDatabase.open({ url, connections: 1 });
}

function rowsOf(model: Row, i: number): { client: Row; search: readonly Row[] } {
  const { metadata, custom } = ClientDocument.stored(model.metadata as string);
  const document = ClientDocument.of({
    metadata: { ...metadata, client_name: nameOf(i), redirect_uris: [uriOf(i)], software_id: softwareIdOf(i) },
    custom,
  });
  const administration = i < SHARED ? { attributes: [{ key: 'tier', value: 'gold' }] } : {};
  const searchable = { document, administration };
  const clientId = FIRST_ID + i;
  return {
    client: {
      ...model,
      client_id: clientId,
      metadata: document.text,
      administration: i < SHARED ? JSON.stringify(administration) : null,
      search_hash: hashOfSearchable(searchable),
    },
    search: termsOf(searchable).map((term) => ({ service_id: model.service_id!, term, client_id: clientId })),
  };
}

async function insert(database: Database, name: string, rows: readonly Row[]): Promise<void> {
  const columns = Object.keys(rows[0]!);
  const values: SqlValue[] = rows.flatMap((row) => columns.map((column) => row[column] ?? null));
  const tuples = rows.map((_row, i) => `(${columns.map((_column, j) => `$${i * columns.length + j + 1}`).join(', ')})`);
  await database.write({ sql: `INSERT INTO ${name} (${columns.join(', ')}) VALUES ${tuples.join(', ')}`, values });
}
