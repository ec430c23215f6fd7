import type { Client } from '@clientele/client';
import { Command } from 'commander';
import { callService, onClient, type ServerOptions } from '../connection.ts';
import { EXIT_CODE } from '../exit-code.ts';
import { withAction, type Result } from '../result.ts';
import { columns } from '../terminal.ts';
import { clientIdOf, storedClient } from './stored-client.ts';

interface GetOptions extends ServerOptions {
  readonly secret?: boolean;
}

export function getCommand(): Command {
  const command = new Command('get')
    .description(
      'show the properties of a client that are not false or 0; with --json all of them, as update -f reads them',
    )
    .option('--secret', 'include the secret; the log notes that it was read');
  return withAction(onClient(command), get);
}

async function get(identifier: string, { secret = false, ...options }: GetOptions): Promise<Result> {
  const client = await callService(options, ({ clients }) =>
    secret ? clients.get(identifier) : storedClient(clients, identifier),
  );
  return {
    document: client,
    lines: columns(rowsOf(client)),
    ...(secret && client.clientSecret === undefined && { notes: [NO_SECRET], exitCode: EXIT_CODE.failed }),
  };
}

/** The rows for people: the properties that identify a client first, then the others, without those that are false or 0. */
function rowsOf(client: Client): string[][] {
  const { clientName, locked, redirectUris, ...others } = client;
  const { canonicalClientId: _id, number: _number, serviceNumber: _serviceNumber, ...rest } = others;
  return Object.entries({ client_id: clientIdOf(client), clientName, locked, redirectUris, ...rest })
    .filter(([name, value]) => name === 'locked' || ![undefined, false, 0].includes(value as undefined))
    .map(([name, value]) => [name, textOf(name, value)]);
}

const NO_SECRET =
  'No secret is shown: the client has none or only its hash, or the token has no right VIEW_CLIENT_SECRET.';

function textOf(name: string, value: unknown): string {
  if (name.endsWith('At') && typeof value === 'number' && value > 0) return new Date(value).toISOString();
  return typeof value === 'string' ? value : JSON.stringify(value);
}
