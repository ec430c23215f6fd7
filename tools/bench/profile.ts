/**
 * What the processor time of an update goes to; writes docs/benchmarks/profile.svg, a flame graph, and profile.md. With a number as
 * argument: of so many updates, and nothing is written.
 */
import { flameGraph } from './http/flame-graph.ts';
import { profilePage } from './http/profile-page.ts';
import { profileUpdates } from './http/profile-updates.ts';
import { writeDocument } from './report.ts';

const ROOT = new URL('../../', import.meta.url).href;

const [, , updates = '40000'] = process.argv;
const load = { connections: 64, requests: Number(updates) };
const { machine, profile } = await profileUpdates(load);
const page = profilePage(machine, load, profile, nameOf);
if (process.argv.length === 2) {
  writeDocument('profile.svg', flameGraph(profile, nameOf));
  writeDocument('profile.md', page);
}
console.log(page);

/** Files of this repository from its root, those of packages from the package. */
function nameOf(url: string): string {
  return url.replace(ROOT, '').replace(/^.*node_modules\//, '');
}
