import { statSync } from 'node:fs';
import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import { EMPTY_STORE, NOT_A_FILE } from '../config/known-failures.ts';

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

/**
 * Throws unless a path is that of a regular file with contents. Reading another kind of file would fail with a wrong cause, or wait
 * forever. SQLite would take a file that has lost its contents for a new database, which hides the loss.
 */
export function expectContent(path: string): void {
  const status = statSync(path);
  if (!status.isFile()) {
    const kind = status.isDirectory() ? 'a folder' : 'not a regular file';
    throw Object.assign(new Error(`The store ${path} is ${kind}.`), { code: NOT_A_FILE, path });
  }
  if (status.size > 0) return;
  throw Object.assign(new Error(`The store ${path} is an empty file.`), { code: EMPTY_STORE, path });
}

/**
 * Opens a SQLite database with Node's module, or with a package of the same API before Node 24: Node 20 has no such module, and Node 22
 * prints a warning that it is experimental.
 */
export async function openSqlite(path: string, options: OpenOptions = {}): Promise<DatabaseSync> {
  const hasModule = Number(process.versions.node.split('.')[0]) >= 24;
  const { DatabaseSync } = hasModule
    ? (process.getBuiltinModule('node:sqlite') as Driver)
    : await import('@photostructure/sqlite');
  return new DatabaseSync(path, options);
}
