import { statSync } from 'node:fs';
import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import { EMPTY_STORE } from '../config/known-failures.ts';

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

/** Throws if a file has lost its contents: SQLite would take it for a new database, which hides the loss. */
export function expectContent(path: string): void {
  if (statSync(path).size > 0) return;
  throw Object.assign(new Error(`The store ${path} is an empty file.`), { code: EMPTY_STORE, path });
}

/** Opens a SQLite database with Node's module, or with a package of the same API on Node 20, which has no such module. */
export async function openSqlite(path: string, options: OpenOptions = {}): Promise<DatabaseSync> {
  const builtIn = process.getBuiltinModule('node:sqlite') as Driver | undefined;
  const { DatabaseSync } = builtIn ?? (await import('@photostructure/sqlite'));
  return new DatabaseSync(path, options);
}
