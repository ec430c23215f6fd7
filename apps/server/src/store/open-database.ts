import type { Config } from '../config.ts';
import type { Database } from './database.ts';
import { migrate, schemaStatus } from './migrations/migrate.ts';
import { PostgresDatabase } from './postgres-database.ts';
import { SqliteDatabase } from './sqlite-database.ts';

/**
 * Opens the database of the configuration with an up-to-date schema. Throws, with a reason for people, when it cannot be
 * opened, and when the schema of a PostgreSQL database is behind and the server was not told to migrate it: others may be
 * using it.
 */
export async function openDatabase(config: Pick<Config, 'database' | 'autoMigrate'>): Promise<Database> {
  const database = await connect(config);
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
export function connect({ database }: Pick<Config, 'database'>): Promise<Database> {
  return database.engine === 'sqlite' ? SqliteDatabase.open(database.path) : PostgresDatabase.open(database);
}

async function expectCurrentSchema(database: Database): Promise<void> {
  const { applied, pending } = await database.changeSchema((session) => schemaStatus(session));
  if (pending.length === 0) return;
  const current = applied.at(-1)?.version;
  throw new Error(
    `The database ${current === undefined ? 'has no schema yet' : `has schema version ${current}`}, and this server needs ` +
      `version ${pending.at(-1)?.version ?? 0}. Run 'clientele migrate up', or set AUTO_MIGRATE=true.`,
  );
}
