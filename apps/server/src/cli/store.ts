import { userInfo } from 'node:os';
import type { Store } from '../administration/services/create-service.ts';
import { ChainKeys } from '../changes/chains.ts';
import type { ChangedBy } from '../changes/change.ts';
import { PendingChanges } from '../changes/pending-changes.ts';
import type { Config, DatabaseConfig } from '../config/config.ts';
import { Database, type Row, type SqlSession, type Statement } from '../database/database.ts';
import { expectUsableClock } from '../database/clock.ts';
import { checkEncryptionKeys, loadEncryption } from '../database/encryption-keys.ts';
import { openDatabase, type OpenOptions } from '../database/open-database.ts';
import { expectCurrent } from '../database/schema.ts';
import { NoDatabaseError, readSnapshot } from '../database/snapshot.ts';
import { StoreInUseError } from '../database/sqlite-database.ts';
import { exists } from '../files/exists.ts';
import { SCHEMA } from '../schema.ts';
import { CommandError } from './command-error.ts';

/** The configured database. Throws if it exists only in the memory of a server. */
export function persistentDatabase({ database }: Config): DatabaseConfig {
  if (database.engine === 'sqlite' && database.path === ':memory:') {
    throw new CommandError(
      'DATABASE_URL is sqlite::memory:, a store in the memory of a server. Commands need a file or PostgreSQL.',
    );
  }
  return database;
}

/** The path of the embedded store. On PostgreSQL, throws an error that names PostgreSQL's own command. */
export function embeddedStorePath(config: Config, postgresCommand: string): string {
  const database = persistentDatabase(config);
  if (database.engine === 'sqlite') return database.path;
  throw new CommandError(`This store is PostgreSQL. Use its own tool: ${postgresCommand}`);
}

/** Reads a snapshot of the store. Servers may run. */
export function readStore<T>(config: Config, read: (database: Database) => Promise<T>): Promise<T> {
  return readSession(config, (session) => read(new SnapshotDatabase(session)));
}

/** The same, for queries. */
export async function readSession<T>(config: Config, read: (session: SqlSession) => Promise<T>): Promise<T> {
  try {
    return await readSnapshot(persistentDatabase(config), async (session) => {
      expectCurrent(await SCHEMA.status(session));
      return read(session);
    });
  } catch (error) {
    if (error instanceof NoDatabaseError) throw noStore(error.message);
    throw error;
  }
}

/**
 * Changes the store. Running servers see the change in their next call. Only one process can write to an embedded store, so the
 * command fails while its server runs.
 */
export async function changeStore<T>(config: Config, change: (store: ChangeableStore) => Promise<T>): Promise<T> {
  expectStore(config);
  const encryption = await loadEncryption(config);
  const database = await openStore(config);
  try {
    await checkEncryptionKeys(database, encryption, config);
    const keys = new ChainKeys(database, encryption);
    return await change({ database, encryption, keys, changes: new PendingChanges(keys) });
  } finally {
    await database.close();
  }
}

/** The same as `openStore`, but throws if there is no store yet. */
export function openExistingStore(config: Config, options?: OpenOptions): Promise<Database> {
  expectStore(config);
  return openStore(config, options);
}

function expectStore(config: Config): void {
  const settings = persistentDatabase(config);
  if (settings.engine === 'sqlite' && !exists(settings.path))
    throw noStore(`There is no database at ${settings.path}.`);
}

/** Opens the store to change it. Throws if the clock is wrong, or if a server uses an embedded store. */
export async function openStore(config: Config, options?: OpenOptions): Promise<Database> {
  expectUsableClock();
  return openDatabase(config, SCHEMA, options).catch((error: unknown) => {
    throw asCommandError(config, error);
  });
}

/** The error of a command that cannot open the store: if a server uses it, what to do. Other errors stay as they are. */
export function asCommandError({ database }: Config, error: unknown): unknown {
  return error instanceof StoreInUseError && database.engine === 'sqlite' ? inUse(database.path) : error;
}

/** A store that a command changes, and the log of its changes. */
export interface ChangeableStore extends Store {
  readonly changes: PendingChanges;
}

/** Changes by a command are those of the user of the operating system who runs it. */
export const BY_COMMAND: ChangedBy = { actor: { type: 'cli', ...userOfSystem() } };

function userOfSystem(): { user?: string } {
  try {
    return { user: userInfo().username };
  } catch {
    // A container may run as a user without a name.
    return {};
  }
}

/** A read-only snapshot of a database. */
export class SnapshotDatabase extends Database {
  constructor(private readonly session: SqlSession) {
    super();
  }

  override get now(): never {
    throw new Error('A snapshot has no clock.');
  }

  override read({ sql, values }: Statement): Promise<readonly Row[]> {
    return this.session.query(sql, values);
  }

  override write(): Promise<never> {
    return Promise.reject(new Error('A snapshot is read-only.'));
  }

  override changeSchema(): Promise<never> {
    return this.write();
  }

  override close(): Promise<void> {
    return Promise.resolve();
  }
}

function noStore(reason: string): CommandError {
  return new CommandError(`${reason} Start a server or run 'clientele migrate up' to create it.`);
}

function inUse(path: string): CommandError {
  return new CommandError(
    `${path} is in use by a running server, and only one process can change an embedded store. Stop the server, run this ` +
      "command again, and start the server. 'clientele service', 'token' and 'client' call a running server instead.",
  );
}
