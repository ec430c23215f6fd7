import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Config } from '../../src/config/config.ts';
import type { Database } from '../../src/database/database.ts';
import { connect } from '../../src/database/open-database.ts';
import { openSqlite } from '../../src/database/sqlite-driver.ts';
import { createDatabase, execute as executeOnPostgres } from './postgres.ts';

declare global {
  /** The engine for the tests of a Jest project; the embedded one if undefined. */
  var TEST_ENGINE: 'postgresql' | undefined;
}

export interface NewStore {
  /** The settings with which a server uses the store. */
  readonly environment: Readonly<Record<string, string>>;
  /** Deletes the store. */
  readonly drop: () => Promise<void>;
}

/** An empty store of the engine that the tests run on. */
export async function newStore(): Promise<NewStore> {
  if (globalThis.TEST_ENGINE === undefined) {
    return { environment: { DATABASE_URL: 'sqlite::memory:' }, drop: () => Promise.resolve() };
  }
  const { url, drop } = await createDatabase(postgresUrl());
  const encryptionKey = randomBytes(32).toString('base64url');
  return { environment: { DATABASE_URL: url, AUTO_MIGRATE: 'true', ENCRYPTION_KEY: encryptionKey }, drop };
}

export interface PersistentStore extends NewStore {
  /** Opens the database without a migration. */
  readonly open: () => Promise<Database>;
  /** Runs statements, separated by semicolons. */
  readonly execute: (sql: string) => Promise<void>;
}

/**
 * A store without a schema that outlives its servers, on the engine that the tests run on. The test adds all other settings.
 * Only one server at a time can use an embedded store.
 */
export async function newPersistentStore(): Promise<PersistentStore> {
  const folder = mkdtempSync(join(tmpdir(), 'clientele-store-'));
  const remove = () => {
    rmSync(folder, { recursive: true });
  };
  if (globalThis.TEST_ENGINE === undefined) {
    const path = join(folder, 'clientele.db');
    const execute = async (sql: string) => {
      const connection = await openSqlite(path);
      connection.exec(sql);
      connection.close();
    };
    const environment = { DATABASE_URL: `sqlite:${path}`, DATA_DIR: folder };
    return persistent(environment, execute, () => Promise.resolve().then(remove));
  }
  const { url, drop } = await createDatabase(postgresUrl());
  return persistent(
    { DATABASE_URL: url, DATA_DIR: folder },
    (sql) => executeOnPostgres(url, sql),
    () => drop().then(remove),
  );
}

function persistent(
  environment: PersistentStore['environment'],
  execute: PersistentStore['execute'],
  drop: PersistentStore['drop'],
): PersistentStore {
  return { environment, execute, drop, open: () => connect(Config.from(environment)) };
}

/** The PostgreSQL server that all tests share (postgres.setup.ts). */
export function postgresUrl(): string {
  const url = process.env.TEST_DATABASE_URL;
  if (url === undefined) throw new Error('TEST_DATABASE_URL is not set.');
  return url;
}
