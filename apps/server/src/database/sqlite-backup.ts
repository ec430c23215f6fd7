import { once } from 'node:events';
import { existsSync, rmSync, statSync } from 'node:fs';
import { dirname, extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { flushDirectory, type UnfinishedFile } from '../files/unfinished-file.ts';
import { schemaStatus } from './migrations/migrate.ts';
import { readSnapshot } from './snapshot.ts';
import { openSqlite } from './sqlite-driver.ts';
import type { VacuumTask } from './vacuum-worker.ts';

/** Milliseconds between two looks at how far a copy has come. */
const LOOK = 250;

const WORKER = new URL(`./vacuum-worker${extname(fileURLToPath(import.meta.url))}`, import.meta.url);

/** How much of something was done, in bytes. */
export type OnProgress = (done: number, total: number) => void;

/** What a database file holds. */
export interface Contents {
  readonly schemaVersion: number;
  readonly services: number;
  readonly clients: number;
  /** IDs of the keys that its secrets may be encrypted with. */
  readonly keyIds: readonly string[];
}

/**
 * Copies a database as it stands when the copy begins, without what was deleted, while a server goes on writing to it. The
 * copy is one file with everything in it. SQLite works in a thread of its own, so that progress can be told.
 */
export async function copyDatabase(from: string, to: UnfinishedFile, onProgress: OnProgress): Promise<void> {
  const total = await sizeWithoutFreePages(from);
  const task: VacuumTask = { from, to: to.path };
  const worker = new Worker(WORKER, { workerData: task });
  const looking = setInterval(() => {
    onProgress(Math.min(statSync(to.path).size, total), total);
  }, LOOK);
  try {
    await once(worker, 'message');
  } finally {
    clearInterval(looking);
  }
}

/** Throws, with a reason for people, when the file is no database of this product, is damaged, or is of a newer version. */
export async function inspect(path: string): Promise<Contents> {
  const problem = await firstProblem(path);
  if (problem !== undefined) throw new Error(`${path} is damaged or no database: ${problem}`);
  return readSnapshot({ engine: 'sqlite', path }, async (session) => {
    const { applied } = await schemaStatus(session);
    const schemaVersion = applied.at(-1)?.version;
    if (schemaVersion === undefined) throw new Error(`${path} is not the database of a Clientele server.`);
    const count = async (table: string) => Number((await session.query(`SELECT count(*) AS n FROM ${table}`))[0]?.n);
    const keys = (await session.hasTable('encryption_key'))
      ? await session.query('SELECT key_id FROM encryption_key ORDER BY created_at')
      : await session.query(
          'SELECT DISTINCT substr(client_secret, 1, 8) AS key_id FROM client WHERE client_secret IS NOT NULL',
        );
    return {
      schemaVersion,
      services: await count('service'),
      clients: await count('client'),
      keyIds: keys.map((row) => String(row.key_id)),
    };
  });
}

/**
 * Makes way for a file that replaces a database which nobody uses: what its write-ahead log holds goes into the one file
 * first, so that the old store is whole until the moment when the new one takes its name, and no log outlives its database.
 */
export async function settle(path: string): Promise<void> {
  if (existsSync(path)) {
    const database = await openSqlite(path);
    try {
      database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } catch {
      // It is damaged, which may be why it is to be replaced.
    } finally {
      database.close();
    }
  }
  for (const companion of [`${path}-wal`, `${path}-shm`, `${path}-journal`]) rmSync(companion, { force: true });
  flushDirectory(dirname(path));
}

async function firstProblem(path: string): Promise<string | undefined> {
  try {
    const database = await openSqlite(path, { readOnly: true });
    try {
      const [row] = database.prepare('PRAGMA integrity_check(1)').all() as { integrity_check: string }[];
      return row?.integrity_check === 'ok' ? undefined : (row?.integrity_check ?? 'no answer');
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
