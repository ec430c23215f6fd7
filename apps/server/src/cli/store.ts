import { existsSync } from 'node:fs';
import type { Config } from '../config/config.ts';
import { Database, type Row, type SqlSession, type Statement } from '../database/database.ts';
import { openDatabase } from '../database/open-database.ts';
import { expectCurrent } from '../database/schema.ts';
import { NoDatabaseError, readSnapshot } from '../database/snapshot.ts';
import { StoreInUseError } from '../database/sqlite-database.ts';
import { SCHEMA } from '../schema.ts';
import { CommandError } from './command-error.ts';
import { keptDatabase } from './database.ts';

/** Reads one state of the store while servers run. */
export async function readStore<T>(config: Config, read: (database: Database) => Promise<T>): Promise<T> {
  try {
    return await readSnapshot(keptDatabase(config), async (session) => {
      expectCurrent(await SCHEMA.status(session));
      return read(new SnapshotDatabase(session));
    });
  } catch (error) {
    if (error instanceof NoDatabaseError) throw noStore(error.message);
    throw error;
  }
}

/**
 * Changes the store. Running servers see the change in their next call. An embedded store has only one process that writes, so the
 * command fails while its server runs.
 */
export async function changeStore<T>(config: Config, change: (database: Database) => Promise<T>): Promise<T> {
  const kept = keptDatabase(config);
  if (kept.engine === 'sqlite' && !existsSync(kept.path)) throw noStore(`There is no database at ${kept.path}.`);
  const database = await openDatabase(config, SCHEMA).catch((error: unknown) => {
    throw error instanceof StoreInUseError && kept.engine === 'sqlite' ? inUse(kept.path) : error;
  });
  try {
    return await change(database);
  } finally {
    await database.close();
  }
}

/** One state of a database, only for reading. */
export class SnapshotDatabase extends Database {
  constructor(private readonly session: SqlSession) {
    super();
  }

  override read({ sql, values }: Statement): Promise<readonly Row[]> {
    return this.session.query(sql, values);
  }

  override write(): Promise<never> {
    return Promise.reject(new Error('A snapshot cannot be written to.'));
  }

  override changeSchema(): Promise<never> {
    return Promise.reject(new Error('The schema of a snapshot cannot be changed.'));
  }

  override close(): Promise<void> {
    return Promise.resolve();
  }
}

function noStore(reason: string): CommandError {
  return new CommandError(`${reason} A server makes one when it starts, and so does 'clientele migrate up'.`);
}

function inUse(path: string): CommandError {
  return new CommandError(
    `${path} is in use by a running server, and no other process may change an embedded store. Stop the server, run this ` +
      "again, and start it. Over HTTP, the running server changes a service's settings and its initial access tokens.",
  );
}
