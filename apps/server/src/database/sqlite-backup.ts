import { once } from 'node:events';
import { rmSync, statSync } from 'node:fs';
import { dirname, extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { exists } from '../files/exists.ts';
import { flush, type UnfinishedFile } from '../files/unfinished-file.ts';
import { neededKeys } from './encryption-keys.ts';
import type { Schema } from './schema.ts';
import { readSnapshot } from './snapshot.ts';
import { openSqlite } from './sqlite-driver.ts';
import { isFull } from './sqlite-errors.ts';
import type { VacuumTask } from './vacuum-worker.ts';

/** Milliseconds between two reports of progress. */
const PROGRESS_INTERVAL = 250;

const WORKER = new URL(`./vacuum-worker${extname(fileURLToPath(import.meta.url))}`, import.meta.url);

/** Reports how many bytes are done. */
export type OnProgress = (done: number, total: number) => void;

/** The contents of a database file. */
export interface Contents {
  readonly schemaVersion: number;
  readonly services: number;
  readonly clients: number;
  /** IDs of the keys with which its secrets may be encrypted. */
  readonly keyIds: readonly string[];
}

/**
 * Copies the state of a database into one file, without free pages, while a server goes on writing. SQLite works in another thread,
 * so that this one can report progress.
 */
export async function copyDatabase(from: string, to: UnfinishedFile, onProgress: OnProgress): Promise<void> {
  const total = await sizeWithoutFreePages(from);
  const task: VacuumTask = { from, to: to.path };
  const worker = new Worker(WORKER, { workerData: task });
  const reporting = setInterval(() => {
    onProgress(Math.min(statSync(to.path).size, total), total);
  }, PROGRESS_INTERVAL);
  try {
    await once(worker, 'message');
  } catch (error) {
    if (!isFull(error)) throw error;
    // SQLite does not name the file: the store is only read, so the disk of the copy is full.
    throw Object.assign(new Error('The copy does not fit on its disk.', { cause: error }), {
      code: 'ENOSPC',
      path: dirname(to.path),
    });
  } finally {
    clearInterval(reporting);
  }
}

/** Throws if the file is damaged, is not a database of this product, or has a newer schema. The message names the reason. */
export async function inspect(path: string, schema: Schema): Promise<Contents> {
  const problem = await firstProblem(path);
  if (problem !== undefined) throw new Error(`${path} is damaged or not a database: ${problem}`);
  return readSnapshot({ engine: 'sqlite', path }, async (session) => {
    const { applied } = await schema.status(session);
    const schemaVersion = applied.at(-1)?.version;
    if (schemaVersion === undefined) throw new Error(`${path} is not the database of a Clientele server.`);
    const count = async (table: string) => Number((await session.query(`SELECT count(*) AS n FROM ${table}`))[0]?.n);
    return {
      schemaVersion,
      services: await count('service'),
      clients: await count('client'),
      keyIds: await neededKeys(session),
    };
  });
}

/**
 * Prepares the replacement of an unused database file. Moves its write-ahead log into the file first, so that the old store is
 * complete until the new file takes its name, and no log remains beside the new one.
 */
export async function settle(path: string): Promise<void> {
  if (exists(path)) {
    const database = await openSqlite(path);
    try {
      database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } catch {
      // The file may be damaged, which may be the reason for the replacement.
    } finally {
      database.close();
    }
  }
  for (const companion of [`${path}-wal`, `${path}-shm`, `${path}-journal`]) rmSync(companion, { force: true });
  flush(dirname(path));
}

async function firstProblem(path: string): Promise<string | undefined> {
  try {
    const database = await openSqlite(path, { readOnly: true });
    try {
      const [row] = database.prepare('PRAGMA integrity_check(1)').all() as { integrity_check: string }[];
      return row?.integrity_check === 'ok' ? undefined : (row?.integrity_check ?? 'no result');
    } finally {
      database.close();
    }
  } catch (error) {
    return (error as Error).message;
  }
}

async function sizeWithoutFreePages(path: string): Promise<number> {
  const database = await openSqlite(path, { readOnly: true, timeout: 5_000 });
  try {
    const pragma = (name: string) =>
      Number(Object.values(database.prepare(`PRAGMA ${name}`).get() as Record<string, unknown>)[0]);
    return (pragma('page_count') - pragma('freelist_count')) * pragma('page_size');
  } finally {
    database.close();
  }
}
