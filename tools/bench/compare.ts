import { Calls, registerClients } from './calls.ts';
import { clientele, floor, oidcProvider, onPostgresql, onSqlite, type Contender } from './contenders.ts';
import { DOCUMENTS } from './documents.ts';
import { measureInTurns, type Figures, type Load } from './load.ts';
import { comparisonTable, type Measured } from './page.ts';

/** Update, get and register of all contenders, with each document. */
export async function compare(load: Load): Promise<string> {
  // The default limit of requests in flight stays, unless the load is above it.
  const limit = load.connections > 100 ? { MAX_IN_FLIGHT: String(load.connections) } : {};
  const contenders: Readonly<Record<string, Contender>> = {
    'Clientele, SQLite': await clientele({ ...onSqlite(), ...limit }),
    'Clientele, PostgreSQL': await clientele({ ...(await onPostgresql()), ...limit }),
    floor: await floor(),
    'oidc-provider': await oidcProvider(),
  };
  const measured: (Measured & { readonly name: string; readonly calls: Calls; readonly results: Figures[] })[] = [];
  for (const [name, document] of Object.entries(DOCUMENTS)) {
    const clients = new Map<Contender, Awaited<ReturnType<typeof registerClients>>>();
    for (const contender of Object.values(contenders)) {
      clients.set(contender, await registerClients(contender, document, 1_000));
    }
    for (const operation of ['update', 'get', 'register'] as const) {
      for (const [subject, contender] of Object.entries(contenders)) {
        const calls = new Calls(contender, operation, document, clients.get(contender));
        measured.push({ name, operation, subject, calls, results: [] });
      }
    }
  }
  await measureInTurns(measured, load);
  const tables = Object.keys(DOCUMENTS).map((name) => {
    const ofDocument = measured.filter((each) => each.name === name);
    return `### With \`${name}\`\n\n${comparisonTable('contender', ofDocument, ['floor', 'oidc-provider'])}`;
  });
  return tables.join('\n\n');
}
