import type { Config } from '../config/config.ts';
import type { Database } from './database.ts';
import { migrate, schemaStatus, type SchemaStatus } from './migrations/migrate.ts';
import type { PostgresOptions } from './postgres-database.ts';
import { SqliteDatabase } from './sqlite-database.ts';

/**
 * Opens the database of the configuration with an up-to-date schema. Throws, with a reason for people, when it cannot be
 * opened, and when the schema of a PostgreSQL database is behind and the server was not told to migrate it: others may be
 * using it.
 */
export async function openDatabase(
  config: Pick<Config, 'database' | 'autoMigrate'>,
  options: Pick<PostgresOptions, 'answerTimeout'> = {},
): Promise<Database> {
  const database = await connect(config, options);
  try {
    if (config.database.engine === 'sqlite' || config.autoMigrate) await migrate(database);
    else await expectCurrentSchema(database);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** Opens the database of the configuration as it is. */
export async function connect(
  { database }: Pick<Config, 'database'>,
  options: Pick<PostgresOptions, 'answerTimeout'> = {},
): Promise<Database> {
  if (database.engine === 'sqlite') return SqliteDatabase.open(database.path);
  // Who has the embedded store does not wait for a driver to be loaded that is of no use there.
  const { PostgresDatabase } = await import('./postgres-database.ts');
  return PostgresDatabase.open({ ...database, ...options });
}

async function expectCurrentSchema(database: Database): Promise<void> {
  refuseOldSchema(await database.changeSchema((session) => schemaStatus(session)));
}

/** Throws, with what to do about it, when migrations are pending. */
export function refuseOldSchema({ applied, pending }: SchemaStatus): void {
  if (pending.length === 0) return;
  const current = applied.at(-1)?.version;
  throw new Error(
    `The database ${current === undefined ? 'has no schema yet' : `has schema version ${current}`}, and this server needs ` +
      `version ${pending.at(-1)?.version ?? 0}. Run 'clientele migrate up', or set AUTO_MIGRATE=true.`,
  );
}
