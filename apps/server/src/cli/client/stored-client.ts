import type { Client, Clients } from '@clientele/client';
import { quote } from '@clientele/model/metadata';
import { CommandError } from '../command-error.ts';

/** The client with an identifier, also if it has expired. The secret is not read, so the log has no entry. */
export async function storedClient(clients: Clients, identifier: string): Promise<Client> {
  const { value: client } = await clients.list({ identifier }, { pageSize: 1 }).next();
  if (!client)
    throw new CommandError(`No client of the service has the number, client_id or alias ${quote(identifier)}.`);
  return client;
}
