import type { Client, Clients } from '@clientele/client';
import { quote } from '@clientele/model/metadata';
import { CommandError } from '../command-error.ts';
import { printable } from '../terminal.ts';

/** The attribute that names the manager of a client (docs/apply.md). */
export const MANAGER = 'clientele.manager';

/** The `client_id` of a client. */
export function clientIdOf({ canonicalClientId, clientId }: Client): string {
  return canonicalClientId ?? String(clientId);
}

/** The client with an identifier, even if it has expired. The secret is not read, so the log has no entry. */
export async function storedClient(clients: Clients, identifier: string): Promise<Client> {
  const { value: client } = await clients.list({ identifier }, { pageSize: 1 }).next();
  if (!client)
    throw new CommandError(`No client of the service has the number, client_id or alias ${quote(identifier)}.`);
  return client;
}

export function withoutSecret({ clientSecret: _secret, ...client }: Client): Omit<Client, 'clientSecret'> {
  return client;
}

/** A note that names the manager of a client, because the next `clientele apply` sets its declared secret again; empty without a manager. */
export function managerNotes(client: Client): readonly string[] {
  const attributes = (client.attributes ?? []) as readonly { readonly key: string; readonly value?: string }[];
  const manager = attributes.find(({ key }) => key === MANAGER)?.value;
  if (manager === undefined) return [];
  return [
    `It is managed by ${printable(manager)}: change the secret where ${printable(manager)} declares it, or the next ` +
      "'clientele apply' restores the old one.",
  ];
}
