import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';

export type DatabaseSync = DatabaseSyncInstance;
export type StatementSync = StatementSyncInstance;

interface Driver {
  readonly DatabaseSync: new (path: string) => DatabaseSync;
}

/** Opens a SQLite database with Node's own module, or with the package of the same API where Node (20) has none. */
export async function openSqlite(path: string): Promise<DatabaseSync> {
  const builtIn = process.getBuiltinModule('node:sqlite') as Driver | undefined;
  const { DatabaseSync } = builtIn ?? (await import('@photostructure/sqlite'));
  return new DatabaseSync(path);
}
