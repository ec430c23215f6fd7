import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';

export type DatabaseSync = DatabaseSyncInstance;
export type StatementSync = StatementSyncInstance;

interface Driver {
  readonly DatabaseSync: new (path: string) => DatabaseSync;
}

/** Opens a SQLite database with Node's own module, or with the package of the same API where Node (20) has none. */
export async function openSqlite(path: string): Promise<DatabaseSync> {
  const { DatabaseSync } = await loadDriver();
  return new DatabaseSync(path);
}

async function loadDriver(): Promise<Driver> {
  try {
    return await import('node:sqlite');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_UNKNOWN_BUILTIN_MODULE') throw error;
    return import('@photostructure/sqlite');
  }
}
