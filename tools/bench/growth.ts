import { registerClients } from './calls.ts';
import { clientele, onSqlite } from './contenders.ts';
import { DOCUMENTS } from './documents.ts';
import { measureInTurns, type Load, type Subject } from './load.ts';
import { comparisonTable } from './page.ts';

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
