import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';

export type DatabaseSync = DatabaseSyncInstance;
export type StatementSync = StatementSyncInstance;

interface Driver {
  readonly DatabaseSync: new (path: string, options?: OpenOptions) => DatabaseSync;
}

export interface OpenOptions {
  /** Whether the file must exist and is not written to. */
  readonly readOnly?: boolean;
  /** Milliseconds to wait for locks of others. */
  readonly timeout?: number;
}

/** Opens a SQLite database with Node's module, or with a package of the same API on Node 20, which has no such module. */
export async function openSqlite(path: string, options: OpenOptions = {}): Promise<DatabaseSync> {
  const builtIn = process.getBuiltinModule('node:sqlite') as Driver | undefined;
  const { DatabaseSync } = builtIn ?? (await import('@photostructure/sqlite'));
  return new DatabaseSync(path, options);
}
