import type { Profiler } from 'node:inspector';
import { thisMachine, type Machine } from '../report.ts';
import { ClientPool } from './client-pool.ts';
import { newDatabase, settingsOf } from './contenders.ts';
import { callUnderLoad, fill, type Load, type Target } from './load.ts';
import { apiPlane } from './plane.ts';
import { startServer } from './server-process.ts';
import { inTemporaryFolder } from './temporary-folder.ts';

/** Clients that the updates are for. */
const CLIENTS = 1_000;

/** What the built server on SQLite spends its time on under a load of updates, after the same load as warm-up. */
export function profileUpdates(load: Load): Promise<{ readonly machine: Machine; readonly profile: Profiler.Profile }> {
  return inTemporaryFolder(async (folder) => {
    const server = await startServer(['variant.ts', 'as-is'], settingsOf(await newDatabase('sqlite', folder)));
    try {
      const target: Target = { servers: [server], plane: apiPlane(), clients: new ClientPool() };
      await fill(target, CLIENTS);
      await callUnderLoad(target, 'update', load);
      const profile = await server.profileDuring(() => callUnderLoad(target, 'update', load));
      return { machine: thisMachine(), profile };
    } finally {
      await server.stop();
    }
  });
}
