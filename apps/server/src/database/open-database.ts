import { Logger } from '@nestjs/common';
import type { Config } from '../config/config.ts';
import type { Database } from './database.ts';
import type { PostgresOptions } from './postgres-database.ts';
import { migrateStore } from './migrate-store.ts';
import { expectCurrent, type Schema } from './schema.ts';
import { SqliteDatabase } from './sqlite-database.ts';
import { probeWrite } from './write-check.ts';

export interface OpenOptions extends Pick<PostgresOptions, 'responseTimeout'> {
  /** Whether an embedded store is copied before a migration changes it; true if omitted. */
  readonly copies?: boolean;
}

/**
 * Opens the database of the configuration with a current schema. Throws if it cannot be opened, if an embedded store cannot be
 * written, or if the schema of a PostgreSQL database is old and `AUTO_MIGRATE` is off: other servers may be using the database.
 */
export async function openDatabase(
  config: Pick<Config, 'database' | 'autoMigrate'>,
  schema: Schema,
  options: OpenOptions = {},
): Promise<Database> {
  const database = await connect(config, options);
  try {
    if (config.database.engine === 'sqlite' || config.autoMigrate)
      await migrateStore(config.database, database, schema, new Logger('Migration'), options);
    else expectCurrent(await database.changeSchema((session) => schema.status(session)));
    // A server could start on a full or read-only disk, but change nothing.
    if (config.database.engine === 'sqlite') await probeWrite(database);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** Opens the database of the configuration with whatever schema it has. */
export async function connect({ database }: Pick<Config, 'database'>, options: OpenOptions = {}): Promise<Database> {
  if (database.engine === 'sqlite') return SqliteDatabase.open(database.path);
  // Imported only here, because a server on the embedded store does not need the driver.
  const { PostgresDatabase } = await import('./postgres-database.ts');
  return PostgresDatabase.open({ ...database, ...options });
}
