import { registerClients } from './calls.ts';
import { clientele, floor, oidcProvider, onPostgresql, onSqlite } from './contenders.ts';
import { DOCUMENTS } from './documents.ts';
import { measureInTurns, type Load, type Subject } from './load.ts';
import { comparisonTable } from './page.ts';

/** Update, get and register of all contenders, with each document. */
export async function compare(load: Load): Promise<string> {
  const contenders = {
    'Clientele, SQLite': await clientele(onSqlite()),
    'Clientele, PostgreSQL': await clientele(await onPostgresql()),
    floor: await floor(),
    'oidc-provider': await oidcProvider(),
  };
  const tables: string[] = [];
  for (const [member, document] of Object.entries(DOCUMENTS)) {
    const subjects: Subject[] = [];
    for (const [name, contender] of Object.entries(contenders)) {
      subjects.push({ name, calls: await registerClients(contender, document, 500) });
    }
    const measured = await measureInTurns(subjects, ['update', 'get', 'register'], load);
    tables.push(`### With \`${member}\`\n\n${comparisonTable('contender', measured, ['floor', 'oidc-provider'])}`);
  }
  return tables.join('\n\n');
}
