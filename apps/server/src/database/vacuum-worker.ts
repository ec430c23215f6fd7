import { parentPort, workerData } from 'node:worker_threads';
import { openSqlite } from './sqlite-driver.ts';

/** What the worker copies, and where to: a file that is empty. */
export interface VacuumTask {
  readonly from: string;
  readonly to: string;
}

const { from, to } = workerData as VacuumTask;
// Only reading: a second connection that checkpoints would be a second writer.
const database = await openSqlite(from, { readOnly: true, timeout: 5_000 });
try {
  database.prepare('VACUUM INTO ?').run(to);
} finally {
  database.close();
}
parentPort?.postMessage('done');
