import { ApiError, type Client, type ClientInput, type Clients } from '@clientele/client';
import { Command, InvalidArgumentError, Option } from 'commander';
import { CommandError, UsageError } from '../command-error.ts';
import { confirm, expectConfirmation, type ConfirmationOptions } from '../confirm.ts';
import { callService, onClient, onServer, type ServerOptions } from '../connection.ts';
import { EXIT_CODE } from '../exit-code.ts';
import { withAction, type Result } from '../result.ts';
import { columns, printable } from '../terminal.ts';
import { YamlFile } from '../yaml-file.ts';
import { readClientFile } from './client-file.ts';
import { differenceLines, withoutCredential } from './differences.ts';
import { clientIdOf, storedClient, withoutSecret } from './stored-client.ts';

const FILE = '-f, --file <file>';
const PROPERTIES = "properties of Authlete's Client as YAML or JSON (- is standard input)";

const SECRETS = ['clientSecret', 'clientSecretHash'] as const;

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
  readonly dryRun?: boolean;
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
    )
    .addOption(
      new Option(
        '--dry-run',
        `with -f: only show the difference; exits with ${EXIT_CODE.pending} if there is one`,
      ).conflicts('set'),
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
      : (await readClientFile(file)).object;
  if (id === undefined && SECRETS.some((name) => name in input))
    throw new UsageError('A client with a given secret needs a given client_id: pass --id, or remove the secret.');
  const client = await callService(options, ({ clients }) =>
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
  if (file !== undefined) {
    const replacement = await readClientFile(file);
    for (const name of SECRETS)
      if (name in replacement.object)
        throw replacement.error([name], `remove ${name}; to set a secret, use 'clientele client secret set'.`);
    return callService(options, ({ clients }) => replace(clients, identifier, replacement, options));
  }
  const client = await callService(options, ({ clients }) => clients.patch(identifier, Object.fromEntries(set ?? [])));
  return { document: withoutSecret(client), lines: [upToDate(client)] };
}

/** Replaces a client that nobody has changed since the comparison, unless there is no difference. */
async function replace(
  clients: Clients,
  identifier: string,
  file: YamlFile,
  { dryRun = false }: UpdateOptions,
): Promise<Result> {
  const current = await storedClient(clients, identifier);
  const { locked = current.locked } = file.object;
  if (locked !== current.locked)
    throw file.error(
      ['locked'],
      `the client is ${current.locked ? 'locked' : 'not locked'}; use 'clientele client ${current.locked ? 'unlock' : 'lock'}'.`,
    );
  const { outcome, etag = '*', differences } = await clients.preview(identifier, file.object);
  const lines = differenceLines(clientIdOf(current), differences);
  if (outcome === 'unchanged') lines.push('Nothing to change.');
  if (dryRun)
    return {
      document: { outcome, differences: differences.map(withoutCredential) },
      lines,
      exitCode: outcome === 'unchanged' ? EXIT_CODE.done : EXIT_CODE.pending,
    };
  if (outcome === 'unchanged') return { document: current, lines };
  const client = await clients.put(identifier, file.object, { ifMatch: etag }).catch((error: unknown) => {
    if (!(error instanceof ApiError && error.status === 412)) throw error;
    throw new CommandError('Somebody changed the client after the comparison. Run the command again.', {
      cause: error,
    });
  });
  return { document: withoutSecret(client), lines: [...lines, upToDate(client)] };
}

function upToDate(client: Client): string {
  return `The client ${clientIdOf(client)} is up to date.`;
}

const LOCK_NOTE =
  'Authorization servers may use it until their cache expires (by default 60 seconds, in an outage an hour). ' +
  'Access tokens that they have issued are not revoked.';

function lockingCommand(name: 'lock' | 'unlock', description: string): Command {
  const command = new Command(name).description(description);
  return withAction(onClient(command), async (identifier: string, options: ServerOptions): Promise<Result> => {
    const document = await callService(options, ({ clients }) => clients[name](identifier));
    return {
      document,
      lines: [`The client ${identifier} is ${name}ed.`],
      notes: name === 'lock' ? [LOCK_NOTE] : [],
    };
  });
}

async function remove(identifier: string, options: ServerOptions & ConfirmationOptions): Promise<Result> {
  expectConfirmation(options);
  await callService(options, async ({ clients }) => {
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
  return new Map([...previous, [property, jsonOrText(property, value)]]);
}

function jsonOrText(property: string, text: string): unknown {
  try {
    JSON.parse(text);
  } catch {
    // A shell removes quotation marks, so a text needs none.
    return text;
  }
  return YamlFile.parse(`{${JSON.stringify(property)}:${text}}`, `--set ${property}`).object[property];
}
