import { parentPort, workerData } from 'node:worker_threads';
import { openSqlite } from './sqlite-driver.ts';

/** The database file to copy, and the empty file to copy it to. */
export interface VacuumTask {
  readonly from: string;
  readonly to: string;
}

const { from, to } = workerData as VacuumTask;
// Read-only, because a second connection that checkpoints would be a second writer.
const database = await openSqlite(from, { readOnly: true, timeout: 5_000 });
try {
  database.prepare('VACUUM INTO ?').run(to);
} finally {
  database.close();
}
parentPort?.postMessage('done');
