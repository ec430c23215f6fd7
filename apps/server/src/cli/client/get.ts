import { Command } from 'commander';
import { callServer, onClient, type ServerOptions } from '../connection.ts';
import { withAction, type Result } from '../result.ts';
import { columns } from '../terminal.ts';
import { storedClient } from './stored-client.ts';

interface GetOptions extends ServerOptions {
  readonly secret?: boolean;
}

export function getCommand(): Command {
  const command = new Command('get')
    .description("show the properties of a client; 'update -f' reads the output of --json")
    .option('--secret', 'include the secret; the log notes that it was read');
  return withAction(onClient(command), get);
}

async function get(identifier: string, { secret = false, ...options }: GetOptions): Promise<Result> {
  const client = await callServer(options, (clients) =>
    secret ? clients.get(identifier) : storedClient(clients, identifier),
  );
  return {
    document: client,
    lines: columns(Object.entries(client).map(([name, value]) => [name, textOf(name, value)])),
    notes: secret && client.clientSecret === undefined ? [NO_SECRET] : [],
  };
}

const NO_SECRET =
  'No secret is shown: the client has none or only its hash, or the token has no right VIEW_CLIENT_SECRET.';

function textOf(name: string, value: unknown): string {
  if (name.endsWith('At') && typeof value === 'number' && value > 0) return new Date(value).toISOString();
  return typeof value === 'string' ? value : JSON.stringify(value);
}
