/**
 * What the processor time of an update goes to; writes docs/benchmarks/profile.svg, a flame graph, and profile.md. With a number as
 * argument: of so many updates, and nothing is written.
 */
import { ClientPool } from './http/client-pool.ts';
import { newDatabase, settingsOf } from './http/contenders.ts';
import { flameGraph } from './http/flame-graph.ts';
import { callUnderLoad, fill, type Target } from './http/load.ts';
import { apiPlane } from './http/plane.ts';
import { profilePage } from './http/profile-page.ts';
import { startServer } from './http/server-process.ts';
import { inTemporaryFolder } from './http/temporary-folder.ts';
import { thisMachine, writeDocument } from './report.ts';

const ROOT = new URL('../../', import.meta.url).href;
const CONNECTIONS = 64;

const [, , updates = '40000'] = process.argv;
const load = { connections: CONNECTIONS, requests: Number(updates) };

const profile = await inTemporaryFolder(async (folder) => {
  const server = await startServer(['variant.ts', 'as-is'], settingsOf(await newDatabase('sqlite', folder)));
  try {
    const target: Target = { servers: [server], plane: apiPlane(), clients: new ClientPool() };
    await fill(target, 1_000);
    await callUnderLoad(target, 'update', load);
    return await server.profileDuring(() => callUnderLoad(target, 'update', load));
  } finally {
    await server.stop();
  }
});
const graph = flameGraph(profile, nameOf);
const page = profilePage(thisMachine(), load, profile, nameOf);
if (process.argv.length === 2) {
  writeDocument('profile.svg', graph);
  writeDocument('profile.md', page);
}
console.log(page);

/** Files of this repository from its root, those of packages from the package. */
function nameOf(url: string): string {
  return url.replace(ROOT, '').replace(/^.*node_modules\//, '');
}
