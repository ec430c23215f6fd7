import { ApiError, type Client, type ClientInput, type Clients } from '@clientele/client';
import { Command, InvalidArgumentError, Option } from 'commander';
import { CommandError, UsageError } from '../command-error.ts';
import { confirm, expectConfirmation, type ConfirmationOptions } from '../confirm.ts';
import { callServer, onClient, onServer, type ServerOptions } from '../connection.ts';
import { withAction, type Result } from '../result.ts';
import { columns, printable } from '../terminal.ts';
import { readClientFile } from './client-file.ts';
import { clientIdOf, storedClient } from './stored-client.ts';

const FILE = '-f, --file <file>';
const PROPERTIES = "properties of Authlete's Client as YAML or JSON (- is standard input)";

interface CreateOptions extends ServerOptions {
  readonly file?: string;
  readonly id?: string;
  readonly name?: string;
  readonly redirectUri?: readonly string[];
  readonly public?: boolean;
}

interface UpdateOptions extends ServerOptions {
  readonly file?: string;
  readonly set?: ReadonlyMap<string, unknown>;
}

export function createCommand(): Command {
  const command = new Command('create')
    .description('create a client and show its secret')
    .addOption(new Option(FILE, PROPERTIES).conflicts(['name', 'redirectUri', 'public']))
    .option('--id <client_id>', 'its client_id, not a number; by default, the server gives it a number', parseClientId)
    .option('--name <name>', 'its name for users')
    .option('--redirect-uri <uri...>', 'its redirect URIs, separated by spaces')
    .option('--public', 'it cannot keep a secret: its tokenAuthMethod is NONE');
  return withAction(onServer(command), create);
}

export function updateCommand(): Command {
  const command = new Command('update')
    .description('change properties of a client, but not its secret')
    .addOption(new Option(FILE, `all ${PROPERTIES}; an omitted one gets its default`).conflicts('set'))
    .addOption(
      new Option(
        '--set <property=value...>',
        'only these properties; a value that is not JSON is a text; null removes the property',
      ).argParser(parseAssignment),
    );
  return withAction(onClient(command), update);
}

export function lockCommand(): Command {
  return lockingCommand('lock', 'lock a client, so that nobody can use it until it is unlocked');
}

export function unlockCommand(): Command {
  return lockingCommand('unlock', 'unlock a client');
}

export function deleteCommand(): Command {
  const command = new Command('delete').description('delete a client permanently').option('--yes', 'do not ask');
  return withAction(onClient(command), remove);
}

async function create({ file, id, name, redirectUri, public: isPublic, ...options }: CreateOptions): Promise<Result> {
  if (file === undefined && name === undefined && redirectUri === undefined)
    throw new UsageError('Describe the client: -f <file>, or --name and --redirect-uri.');
  const input: ClientInput =
    file === undefined
      ? {
          ...(name !== undefined && { clientName: name }),
          ...(redirectUri && { redirectUris: [...redirectUri] }),
          ...(isPublic && { tokenAuthMethod: 'NONE' }),
        }
      : await readClientFile(file);
  const client = await callServer(options, (clients) =>
    id === undefined ? clients.create(input) : createAs(id, input, clients),
  );
  const rows = [['client_id', clientIdOf(client)]];
  if (client.clientSecret !== undefined) rows.push(['client_secret', client.clientSecret]);
  return { document: client, lines: columns(rows) };
}

async function createAs(id: string, input: ClientInput, clients: Clients): Promise<Client> {
  try {
    return await clients.put(id, input, { ifNoneMatch: '*' });
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 412)) throw error;
    throw new CommandError(`The client ${printable(id)} exists already. To change it, use 'clientele client update'.`, {
      cause: error,
    });
  }
}

async function update(identifier: string, { file, set, ...options }: UpdateOptions): Promise<Result> {
  if ((file === undefined) === (set === undefined))
    throw new UsageError('Pass the whole client with -f <file>, or single properties with --set <property=value>.');
  const { clientSecret: _secret, ...body }: ClientInput = set
    ? Object.fromEntries(set)
    : await readClientFile(file ?? '');
  const { clientSecret: _unchanged, ...client }: Client = await callServer(options, (clients) =>
    set ? clients.patch(identifier, body) : clients.put(identifier, body, { ifMatch: '*' }),
  );
  return { document: client, lines: [`The client ${clientIdOf(client)} is up to date.`] };
}

function lockingCommand(name: 'lock' | 'unlock', description: string): Command {
  const command = new Command(name).description(description);
  return withAction(onClient(command), async (identifier: string, options: ServerOptions): Promise<Result> => {
    const document = await callServer(options, (clients) => clients[name](identifier));
    return { document, lines: [`The client ${identifier} is ${name}ed.`] };
  });
}

async function remove(identifier: string, options: ServerOptions & ConfirmationOptions): Promise<Result> {
  expectConfirmation(options);
  await callServer(options, async (clients) => {
    if (options.yes) return clients.delete(identifier);
    const client = await storedClient(clients, identifier);
    await confirm(`Delete the client ${clientIdOf(client)} (${client.clientName ?? 'no name'}) permanently?`, options);
    // Before the answer, the alias may be given to another client.
    return clients.delete(client.clientId);
  });
  return { document: { deleted: identifier }, lines: [`The client ${identifier} is deleted.`] };
}

/** Refuses a number, because the server would search an existing client with it. */
function parseClientId(text: string): string {
  if (/^\d+$/.test(text)) throw new InvalidArgumentError('Only the server gives numbers to clients.');
  return text;
}

/** Adds `property=value` to the properties of a patch. */
function parseAssignment(
  text: string,
  previous: ReadonlyMap<string, unknown> = new Map(),
): ReadonlyMap<string, unknown> {
  const [, property = '', value = ''] = /^(\w+)=([^]*)$/.exec(text) ?? [];
  if (property === '') throw new InvalidArgumentError('Pass property=value.');
  if (previous.has(property)) throw new InvalidArgumentError(`${property} is set twice.`);
  return new Map([...previous, [property, jsonOrText(value)]]);
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A shell removes quotation marks, so a text needs none.
    return text;
  }
}
