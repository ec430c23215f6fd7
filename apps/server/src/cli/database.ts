import type { Config, DatabaseConfig } from '../config/config.ts';
import { CommandError } from './command-error.ts';

/** The database of the configuration, as long as it is one that outlives its process. */
export function keptDatabase({ database }: Config): DatabaseConfig {
  if (database.engine === 'sqlite' && database.path === ':memory:') {
    throw new CommandError(
      'DATABASE_URL is sqlite::memory:, a store that ends with its server: there is nothing to work on.',
    );
  }
  return database;
}

/** The file of the embedded store; on PostgreSQL, its own tools do better what is asked for. */
export function embeddedFile(config: Config, instead: string): string {
  const database = keptDatabase(config);
  if (database.engine === 'sqlite') return database.path;
  throw new CommandError(`This store is PostgreSQL, which has tools of its own for that: ${instead}`);
}
