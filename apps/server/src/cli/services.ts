import { existsSync } from 'node:fs';
import type { Config } from '../config/config.ts';
import { ServiceStore } from '../services/service-store.ts';
import { Database, type Row, type SchemaSession, type Statement } from '../database/database.ts';
import { schemaStatus } from '../database/migrations/migrate.ts';
import { openDatabase, refuseOldSchema } from '../database/open-database.ts';
import { NoDatabaseError, readSnapshot } from '../database/snapshot.ts';
import { StoreInUseError } from '../database/sqlite-database.ts';
import { CommandError } from './command-error.ts';
import { keptDatabase } from './database.ts';

/** Reads services and tokens in one state, while servers run. */
export async function readServices<T>(config: Config, read: (services: ServiceStore) => Promise<T>): Promise<T> {
  try {
    return await readSnapshot(keptDatabase(config), async (session) => {
      refuseOldSchema(await schemaStatus(session));
      return read(new ServiceStore(new SnapshotDatabase(session)));
    });
  } catch (error) {
    if (error instanceof NoDatabaseError) throw noStore(error.message);
    throw error;
  }
}

/**
 * Changes services and tokens, for the next call of every running server. An embedded store has one process that writes, so
 * there no server may run; the command neither waits for it nor gets in its way.
 */
export async function changeServices<T>(config: Config, change: (services: ServiceStore) => Promise<T>): Promise<T> {
  const kept = keptDatabase(config);
  if (kept.engine === 'sqlite' && !existsSync(kept.path)) throw noStore(`There is no database at ${kept.path}.`);
  const database = await openDatabase(config).catch((error: unknown) => {
    throw error instanceof StoreInUseError && kept.engine === 'sqlite' ? inUse(kept.path) : error;
  });
  try {
    return await change(new ServiceStore(database));
  } finally {
    await database.close();
  }
}

/** One state of a database, as far as it is read. */
export class SnapshotDatabase extends Database {
  constructor(private readonly session: SchemaSession) {
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
