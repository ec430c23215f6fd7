import { table } from '../docs/markdown.ts';
import { registerClients } from './calls.ts';
import { clientele, onSqlite } from './contenders.ts';
import { DOCUMENTS } from './documents.ts';
import { callUnderLoad, type Load } from './load.ts';
import { short } from './page.ts';

/** The resident set after each round of updates: it must not grow with the number of updates. */
export async function memory(load: Load): Promise<string> {
  const contender = await clientele(onSqlite());
  const { update } = await registerClients(contender, DOCUMENTS.jwks, 1_000);
  const rows: string[][] = [];
  for (let round = 1; round <= load.rounds; round++) {
    const { cpu, rate } = await callUnderLoad(update, load);
    const { memory } = await contender.server.usage();
    rows.push([String(round), ...[cpu, rate, memory / 1_000_000].map(short)]);
  }
  const text = 'Updates of 1,000 clients on SQLite. Node.js returns memory to the system late.';
  return `${text}\n\n${table(['round', 'cpu, us', 'requests/s', 'resident set, MB'], rows)}`;
}
