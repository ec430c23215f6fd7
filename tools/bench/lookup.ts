import { registerClients, type Calls } from './calls.ts';
import type { Connection } from './connection.ts';
import { clientele, floor, onPostgresql, onSqlite } from './contenders.ts';
import { DOCUMENTS } from './documents.ts';
import { measureInTurns, type Load, type Subject } from './load.ts';
import { comparisonTable } from './page.ts';

const FEW = 1_000;

/** Sends one request for each client: the first use and the first read of a secret in an hour are written. */
async function useAll(calls: Calls, clients: number, connections: number): Promise<void> {
  let sent = connections;
  const use = async (connection: Connection) => {
    while (sent++ < clients) await calls.send(connection);
    connection.close();
  };
  await Promise.all((await calls.open(connections)).map(use));
}

/** Look-ups of clients beside a route that only reads the row, and with few clients and with many on both engines. */
export async function lookup(load: Load & { readonly clients: number }): Promise<string> {
  const document = DOCUMENTS.secret;
  const subjects: Subject[] = [
    { name: 'floor', calls: await registerClients(await floor(), document, FEW) },
    { name: 'Clientele', calls: await registerClients(await clientele(onSqlite()), document, FEW) },
  ];
  const beside = await measureInTurns(subjects, ['resolve'], load);
  const sections = [`SQLite, ${FEW.toLocaleString('en')} clients.\n\n${comparisonTable('server', beside, ['floor'])}`];
  for (const [engine, settings] of [
    ['SQLite', onSqlite],
    ['PostgreSQL', onPostgresql],
  ] as const) {
    const sizes: Subject[] = [];
    for (const size of [FEW, load.clients]) {
      const calls = await registerClients(await clientele(await settings()), document, size);
      for (const operation of [calls.resolve, calls.find]) await useAll(operation, size, load.connections);
      sizes.push({ name: size.toLocaleString('en'), calls });
    }
    const measured = await measureInTurns(sizes, ['resolve', 'find', 'verify'], load);
    const table = comparisonTable('clients', measured, [FEW.toLocaleString('en')]);
    sections.push(
      `${engine}; requests go to all clients in turn, after each was used once: the first use in an hour is written.\n\n${table}`,
    );
  }
  return sections.join('\n\n');
}
