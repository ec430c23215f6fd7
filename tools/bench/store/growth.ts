import type { Database, Statement } from '../../../apps/server/src/database/database.ts';
import { measureRounds, ratio, spread, type Effort, type Spread } from '../rounds.ts';
import { clientIdOf, PROPERTIES, REGISTRATION_ACCESS_TOKEN_HASH, SERVICE_ID, updateOnce } from './clients.ts';
import { clientStoreOn, postgresOn, sqliteIn, type OpenDatabase } from './engines.ts';

/** Clients of one page of a list. */
const PAGE = 100;

/** Calls one after the other on a store that holds so many clients. */
export interface GrowthResult {
  readonly engine: 'SQLite' | 'PostgreSQL';
  readonly operation: Operation;
  readonly clients: number;
  /** Microseconds. */
  readonly time: Spread;
  /** How many times as long as with the fewest clients. */
  readonly ratio: Spread;
}

/** What the clients of the largest store take, indexes included. */
export interface SizeResult {
  readonly engine: GrowthResult['engine'];
  readonly bytesPerClient: number;
}

export type Operation = 'get' | 'update' | 'page of a list, by key' | 'page of a list, by offset';

export async function measureGrowth(
  folder: string,
  postgresUrl: string,
  sizes: readonly number[],
  effort: Effort,
): Promise<{ readonly results: readonly GrowthResult[]; readonly sizes: readonly SizeResult[] }> {
  const results: GrowthResult[] = [];
  const bytes: SizeResult[] = [];
  for (const [engine, open, fill, size] of [
    ['SQLite', sqliteIn(folder), SQLITE_NUMBERS, SQLITE_SIZE],
    ['PostgreSQL', postgresOn(postgresUrl), POSTGRES_NUMBERS, POSTGRES_SIZE],
  ] as const) {
    const databases: OpenDatabase[] = [];
    for (const count of sizes) {
      const opened = await open(`of-${count}`);
      await opened.database.write(fillStatement(fill, count));
      if (engine === 'PostgreSQL') await opened.database.write({ sql: 'ANALYZE client', values: [] });
      databases.push(opened);
    }
    const largest = await databases.at(-1)?.database.read({ sql: size, values: [] });
    bytes.push({ engine, bytesPerClient: Math.round(Number(largest?.[0]?.bytes) / (sizes.at(-1) ?? 1)) });
    for (const operation of ['get', 'update', 'page of a list, by key', 'page of a list, by offset'] as const) {
      const subjects = Object.fromEntries(
        databases.map(({ database }, i) => [String(sizes[i]), subjectOf(operation, database, sizes[i] ?? 0)]),
      );
      const times = await measureRounds(subjects, effort);
      const fewest = times[String(sizes[0])] ?? [];
      for (const clients of sizes) {
        const values = times[String(clients)] ?? [];
        results.push({ engine, operation, clients, time: spread(values), ratio: ratio(values, fewest) });
      }
    }
    for (const { close } of databases) await close();
  }
  return { results, sizes: bytes };
}

/** One call of an operation on a client anywhere among so many. */
function subjectOf(operation: Operation, database: Database, clients: number): () => Promise<unknown> {
  const store = clientStoreOn(database);
  const anyPlace = places(clients);
  switch (operation) {
    case 'get':
      return () => store.find(SERVICE_ID, clientIdOf(anyPlace()));
    case 'update':
      return () => updateOnce(store, clientIdOf(anyPlace()));
    case 'page of a list, by key':
      return () => database.read({ sql: PAGE_BY_KEY, values: [SERVICE_ID, clientIdOf(anyPlace())] });
    case 'page of a list, by offset':
      return () => database.read({ sql: PAGE_BY_OFFSET, values: [SERVICE_ID, Math.floor(clients / 2)] });
  }
}

/** Places in an order that visits all before any comes again, and is the same in every run. */
function places(count: number): () => number {
  const step = 7_919;
  let place = 0;
  return () => (place = (place + step) % count);
}

const PAGE_BY_KEY = `
  SELECT client_id, properties FROM client WHERE service_id = $1 AND client_id > $2 ORDER BY client_id LIMIT ${PAGE}`;

const PAGE_BY_OFFSET = `
  SELECT client_id, properties FROM client WHERE service_id = $1 ORDER BY client_id LIMIT ${PAGE} OFFSET $2`;

export const SQLITE_NUMBERS = `
  WITH RECURSIVE number(place) AS (SELECT 0 UNION ALL SELECT place + 1 FROM number WHERE place + 1 < $1)`;

const POSTGRES_NUMBERS = `
  WITH number(place) AS (SELECT generate_series(0::bigint, CAST($1 AS BIGINT) - 1))`;

const SQLITE_SIZE = 'SELECT page_count * page_size AS bytes FROM pragma_page_count(), pragma_page_size()';

const POSTGRES_SIZE = "SELECT pg_total_relation_size('client') AS bytes";

/** Makes so many clients in one statement, with the numbers that the engine counts. */
export function fillStatement(numbers: string, count: number): Statement {
  const sql = `
  ${numbers}
  INSERT INTO client (service_id, client_id, version, created_at, modified_at, registration_access_token_hash, properties)
  SELECT ${SERVICE_ID}, ${clientIdOf(0)} + place * ${clientIdOf(1) - clientIdOf(0)}, 1, 0, 0, '${REGISTRATION_ACCESS_TOKEN_HASH}',
    CAST($2 AS TEXT)
  FROM number`;
  return { sql, values: [count, JSON.stringify(PROPERTIES)] };
}
