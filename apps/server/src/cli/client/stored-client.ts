import type { Client, Clients } from '@clientele/client';
import { quote } from '@clientele/model/metadata';
import { CommandError } from '../command-error.ts';

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
