import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PostgresDatabase } from '../../apps/server/src/database/postgres-database.ts';
import { openSqlite } from '../../apps/server/src/database/sqlite-driver.ts';
import { Postgres } from '../../apps/server/test/support/postgres.ts';
import type { ClientMetadataProperties } from '@clientele/model/metadata';
import { Violation } from './expected-client.ts';
import type { StoredRow } from './expected-store.ts';

export const ENGINES = ['sqlite', 'postgresql'] as const;

export type Engine = (typeof ENGINES)[number];

/** The store of the servers that are killed. PostgreSQL can be killed too. */
export interface StoreUnderTest {
  /** Settings of a server that uses the store. */
  readonly settings: Readonly<Record<string, string>>;
  /** The process of the engine; `undefined` if it is part of the server. */
  readonly process: { readonly kill: () => Promise<void>; readonly resume: () => Promise<void> } | undefined;
  /** Reads every client while no server runs. Throws if the files are damaged. */
  readonly rows: () => Promise<readonly StoredRow[]>;
  /** The location, to examine the store after a failure. */
  readonly place: string;
  readonly remove: () => Promise<void>;
}

/** Creates an empty store that is as durable as in production. */
export function newStore(engine: Engine): Promise<StoreUnderTest> {
  return engine === 'sqlite' ? newSqliteStore() : newPostgresStore();
}

async function newSqliteStore(): Promise<StoreUnderTest> {
  const dataDir = await mkdtemp(join(tmpdir(), 'clientele-crash-test-'));
  return {
    settings: { DATA_DIR: dataDir },
    process: undefined,
    rows: () => readSqlite(join(dataDir, 'clientele.db')),
    place: dataDir,
    remove: () => rm(dataDir, { recursive: true }),
  };
}

async function newPostgresStore(): Promise<StoreUnderTest> {
  const postgres = await Postgres.start({ durable: true });
  const url = postgres.url();
  return {
    settings: { DATABASE_URL: url, AUTO_MIGRATE: 'true', ENCRYPTION_KEY: 'A'.repeat(43) },
    process: { kill: () => postgres.kill(), resume: () => postgres.resume() },
    rows: async () => {
      const database = await PostgresDatabase.open({ url, connections: 1 });
      try {
        return asStoredRows(await database.read({ sql: 'SELECT client_id, properties FROM client', values: [] }));
      } finally {
        await database.close();
      }
    },
    place: postgres.dataFolder,
    remove: () => postgres.remove(),
  };
}

/** Reads the clients from a database file that no server has open. Throws if the file is damaged. */
async function readSqlite(path: string): Promise<readonly StoredRow[]> {
  const database = await openSqlite(path);
  try {
    const problems = database.prepare('PRAGMA integrity_check').all() as { integrity_check: string }[];
    const text = problems.map(({ integrity_check: problem }) => problem).join('\n');
    if (text !== 'ok') throw new Violation(`The database file is damaged:\n${text}`);
    return asStoredRows(database.prepare('SELECT client_id, properties FROM client').all() as object[]);
  } finally {
    database.close();
  }
}

/** Reads clients from rows of a database. */
function asStoredRows(rows: readonly object[]): readonly StoredRow[] {
  return (rows as readonly { client_id: number; properties: string }[]).map(({ client_id: clientId, properties }) => ({
    clientId: String(clientId),
    properties: JSON.parse(properties) as ClientMetadataProperties,
  }));
}
