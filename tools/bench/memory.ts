import { table } from '../docs/markdown.ts';
import { Calls, registerClients } from './calls.ts';
import { clientele } from './contenders.ts';
import { DOCUMENTS } from './documents.ts';
import { callUnderLoad, type Load } from './load.ts';
import { short } from './page.ts';

/** The resident set after each round of updates: it must not grow with the number of updates. */
export async function memory(load: Load): Promise<string> {
  const contender = await clientele();
  const clients = await registerClients(contender, DOCUMENTS.jwks, 1_000);
  const calls = new Calls(contender, 'update', DOCUMENTS.jwks, clients);
  const rows: string[][] = [];
  for (let round = 1; round <= load.rounds; round++) {
    const { cpu, rate } = await callUnderLoad(calls, load);
    const { memory } = await contender.server.usage();
    rows.push([String(round), ...[cpu, rate, memory / 1_000_000].map(short)]);
  }
  return `Updates of 1,000 clients on SQLite. Node.js returns memory to the system late, so single values go up and down.

${table(['round', 'cpu, us', 'requests/s', 'resident set, MB'], rows)}`;
}
