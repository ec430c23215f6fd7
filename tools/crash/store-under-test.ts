import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { PostgresDatabase } from '../../apps/server/src/database/postgres-database.ts';
import { openSqlite } from '../../apps/server/src/database/sqlite-driver.ts';
import { Postgres } from '../../apps/server/test/support/postgres.ts';
import { readKeyFile } from '../../apps/server/src/crypto/encryption-key-file.ts';
import { SecretEncryption } from '../../apps/server/src/crypto/secret-encryption.ts';
import type { Row } from '../../apps/server/src/database/database.ts';
import { Violation } from './expected-client.ts';
import { LOGGED_TABLES, type StoreContents } from './log-check.ts';

export const ENGINES = ['sqlite', 'postgresql'] as const;

export type Engine = (typeof ENGINES)[number];

/** The store of the servers that are killed. PostgreSQL can be killed too. */
export interface StoreUnderTest {
  /** Settings of a server that uses the store. */
  readonly settings: Readonly<Record<string, string>>;
  /** The process of the engine; `undefined` if it is part of the server. */
  readonly process: { readonly kill: () => Promise<void>; readonly resume: () => Promise<void> } | undefined;
  /** Reads every row while no server runs. Throws if the files are damaged. */
  readonly contents: () => Promise<StoreContents>;
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
    contents: () => readSqlite(dataDir),
    place: dataDir,
    remove: () => rm(dataDir, { recursive: true }),
  };
}

async function newPostgresStore(): Promise<StoreUnderTest> {
  const postgres = await Postgres.start({ durable: true });
  const url = postgres.url();
  const key = Buffer.alloc(32);
  return {
    settings: { DATABASE_URL: url, AUTO_MIGRATE: 'true', ENCRYPTION_KEY: key.toString('base64url') },
    process: { kill: () => postgres.kill(), resume: () => postgres.resume() },
    contents: () => readPostgres(url, new SecretEncryption([key])),
    place: postgres.dataFolder,
    remove: () => postgres.remove(),
  };
}

/** Reads the database file of a data directory that no server uses. Throws if the file is damaged. */
async function readSqlite(dataDir: string): Promise<StoreContents> {
  const database = await openSqlite(join(dataDir, 'clientele.db'));
  try {
    const problems = database.prepare('PRAGMA integrity_check').all() as { integrity_check: string }[];
    const text = problems.map(({ integrity_check: problem }) => problem).join('\n');
    if (text !== 'ok') throw new Violation(`The database file is damaged:\n${text}`);
    const encryption = new SecretEncryption(readKeyFile(join(dataDir, 'encryption.key')));
    return await contentsOf(encryption, (sql) => Promise.resolve(database.prepare(sql).all() as Row[]));
  } finally {
    database.close();
  }
}

async function readPostgres(url: string, encryption: SecretEncryption): Promise<StoreContents> {
  const database = await PostgresDatabase.open({ url, connections: 1 });
  const read = (sql: string) => database.read({ sql, values: [] });
  try {
    // PostgreSQL ends the statements of a killed server before it closes their connections.
    while ((await read(OTHER_CONNECTIONS)).length > 0) await setTimeout(10);
    return await contentsOf(encryption, read);
  } finally {
    await database.close();
  }
}

const OTHER_CONNECTIONS = `
  SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
    AND backend_type = 'client backend'`;

async function contentsOf(
  encryption: SecretEncryption,
  read: (sql: string) => Promise<readonly Row[]>,
): Promise<StoreContents> {
  const tables: [string, readonly Row[]][] = [];
  for (const name of LOGGED_TABLES) tables.push([name, await read(`SELECT * FROM ${name}`)]);
  return { encryption, ...Object.fromEntries(tables) } as StoreContents;
}
