import { Calls, registerClients } from './calls.ts';
import { clientele } from './contenders.ts';
import { DOCUMENTS } from './documents.ts';
import { measureInTurns, type Load } from './load.ts';
import { comparisonTable } from './page.ts';

/** Update and get on SQLite, with few clients and with many. */
export async function growth(load: Load & { readonly clients: number }): Promise<string> {
  const sizes = [1_000, load.clients].map((size) => size.toLocaleString('en'));
  const few = await clientele();
  const many = await clientele();
  const clientsOf = [
    [few, await registerClients(few, DOCUMENTS.jwks, 1_000)],
    [many, await registerClients(many, DOCUMENTS.jwks, load.clients)],
  ] as const;
  const measured = (['update', 'get'] as const).flatMap((operation) =>
    clientsOf.map(([contender, clients], i) => {
      return {
        operation,
        subject: sizes[i]!,
        calls: new Calls(contender, operation, DOCUMENTS.jwks, clients),
        results: [],
      };
    }),
  );
  await measureInTurns(measured, load);
  return `Clientele on SQLite; requests go to all clients in turn.\n\n${comparisonTable('clients', measured, [sizes[0]!])}`;
}
