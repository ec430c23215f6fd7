import type { Client } from '@clientele/client';
import { Command } from 'commander';
import { callServer, onServer, type ServerOptions } from '../connection.ts';
import { withAction, type Result } from '../result.ts';
import { columns } from '../terminal.ts';
import { storedClient } from './stored-client.ts';

interface GetOptions extends ServerOptions {
  readonly secret?: boolean;
}

export function getCommand(): Command {
  const command = new Command('get')
    .description('show the properties of a client; --json prints what update -f reads')
    .argument('<id>', 'its number, client_id or alias')
    .option('--secret', 'include the secret; the log notes this');
  return withAction(onServer(command), get);
}

async function get(identifier: string, { secret = false, ...options }: GetOptions): Promise<Result> {
  const client = await callServer(options, (clients) =>
    secret ? clients.get(identifier) : storedClient(clients, identifier),
  );
  return {
    document: client,
    lines: columns(Object.entries(client).map(([name, value]) => [name, textOf(value)])),
    notes: secret && client.clientSecret === undefined ? ['The client has no secret that this token may view.'] : [],
  };
}

export function withoutSecret({ clientSecret: _secret, ...client }: Client): Omit<Client, 'clientSecret'> {
  return client;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
