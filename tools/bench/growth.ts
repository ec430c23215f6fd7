import { table } from '../docs/markdown.ts';
import { registerClients } from './calls.ts';
import { clientele, onSqlite } from './contenders.ts';
import { DOCUMENTS } from './documents.ts';
import { callUnderLoad, measureInTurns, type Load, type Subject } from './load.ts';
import { comparisonTable, short } from './page.ts';

/** Update and get on SQLite, with few clients and with many. */
export async function growth(load: Load & { readonly clients: number }): Promise<string> {
  const subjects: Subject[] = [];
  for (const size of [1_000, load.clients]) {
    const calls = await registerClients(await clientele(onSqlite()), DOCUMENTS.jwks, size);
    subjects.push({ name: size.toLocaleString('en'), calls });
  }
  const measured = await measureInTurns(subjects, ['update', 'get'], load);
  return `Clientele on SQLite; requests go to all clients in turn.\n\n${comparisonTable('clients', measured, ['1,000'])}`;
}

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
