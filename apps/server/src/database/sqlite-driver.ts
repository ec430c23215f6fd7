import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';

export type DatabaseSync = DatabaseSyncInstance;
export type StatementSync = StatementSyncInstance;

interface Driver {
  readonly DatabaseSync: new (path: string, options?: OpenOptions) => DatabaseSync;
}

export interface OpenOptions {
  /** Whether the file must be there, and is not written to. */
  readonly readOnly?: boolean;
  /** Milliseconds to wait for others who keep the database locked. */
  readonly timeout?: number;
}

/** Opens a SQLite database with Node's own module, or with the package of the same API where Node (20) has none. */
export async function openSqlite(path: string, options: OpenOptions = {}): Promise<DatabaseSync> {
  const builtIn = process.getBuiltinModule('node:sqlite') as Driver | undefined;
  const { DatabaseSync } = builtIn ?? (await import('@photostructure/sqlite'));
  return new DatabaseSync(path, options);
}
