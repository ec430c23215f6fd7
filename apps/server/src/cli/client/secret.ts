import { text as textOf } from 'node:stream/consumers';
import type { Client, ClientSecretResponse, SecretTimes } from '@clientele/client';
import { Command } from 'commander';
import { CommandError, UsageError } from '../command-error.ts';
import { callService, onClient, type ServerOptions } from '../connection.ts';
import { parseDuration } from '../duration.ts';
import { EXIT_CODE } from '../exit-code.ts';
import { withAction, type Result } from '../result.ts';
import { managerNotes, storedClient } from './stored-client.ts';

interface SecretOptions extends ServerOptions {
  readonly overlap?: number;
  readonly lifetime?: number;
  readonly stdin?: boolean;
}

/** `clientele client secret`: replaces the secret of a client. */
export function secretCommand(): Command {
  const refreshCommand = new Command('refresh').description('replace the secret by a generated one, and print it');
  const setCommand = new Command('set')
    .description('replace the secret by the one on standard input')
    .option('--stdin', 'required, because other users see command lines');
  const verifyCommand = new Command('verify')
    .description(`verify the secret on standard input; exits with ${EXIT_CODE.failed} if it is not valid`)
    .option('--stdin', 'required, because other users see command lines');
  return new Command('secret')
    .description('replace or verify the secret of a client')
    .addCommand(withAction(withTimes(refreshCommand), refresh))
    .addCommand(withAction(withTimes(setCommand), set))
    .addCommand(withAction(onClient(verifyCommand), verify));
}

/** `clientele client token`: replaces the registration access token of a client. */
export function tokenCommand(): Command {
  const refreshCommand = new Command('refresh').description(
    'replace the registration access token of a client that registered itself, and print it',
  );
  return new Command('token')
    .description('replace the registration access token of a client')
    .addCommand(withAction(onClient(refreshCommand), refreshToken));
}

function withTimes(command: Command): Command {
  return onClient(command)
    .option(
      '--overlap <duration>',
      'how long the previous secrets stay valid, such as 1h; by default, as the service is configured',
      parseDuration,
    )
    .option(
      '--lifetime <duration>',
      'after what time the new secret expires, such as 90d (0: never); by default, as the service is configured',
      parseDuration,
    );
}

async function refresh(identifier: string, options: SecretOptions): Promise<Result> {
  const { client, response } = await callService(options, async ({ clients }) => {
    const client = await storedClient(clients, identifier);
    return { client, response: await clients.refreshSecret(client.clientId, timesOf(options)) };
  });
  const { newClientSecret } = response;
  return {
    document: { newClientSecret, ...validityOf(response) },
    lines: [newClientSecret],
    notes: notesOf(response, client),
  };
}

async function set(identifier: string, options: SecretOptions): Promise<Result> {
  const clientSecret = await readSecret(options);
  const { client, response } = await callService(options, async ({ clients }) => {
    const client = await storedClient(clients, identifier);
    return { client, response: await clients.updateSecret(client.clientId, { clientSecret, ...timesOf(options) }) };
  });
  return { document: validityOf(response), lines: [], notes: notesOf(response, client) };
}

async function verify(identifier: string, options: SecretOptions): Promise<Result> {
  const clientSecret = await readSecret(options);
  const document = await callService(options, ({ clients }) =>
    clients.verifySecret({ clientId: identifier, clientSecret }),
  );
  const { action } = document;
  if (action === 'NOT_FOUND') throw new CommandError('No client that can be used has this number, client_id or alias.');
  if (action === 'LOCKED') throw new CommandError('The client is locked, so nobody can use its secret.');
  const isValid = action === 'OK';
  return {
    document,
    lines: [isValid ? 'The secret is valid.' : 'The secret is not valid.'],
    exitCode: isValid ? EXIT_CODE.done : EXIT_CODE.failed,
  };
}

async function readSecret({ stdin = false }: SecretOptions): Promise<string> {
  if (!stdin)
    throw new UsageError('Pass the secret through standard input with --stdin, because other users see command lines.');
  return (await textOf(process.stdin)).replace(/\r?\n$/, '');
}

async function refreshToken(identifier: string, options: ServerOptions): Promise<Result> {
  const { client, response } = await callService(options, async ({ clients }) => {
    const client = await storedClient(clients, identifier);
    return { client, response: await clients.refreshRegistrationAccessToken(client.clientId) };
  });
  const { registrationAccessToken, registrationClientUri } = response;
  return {
    document: { registrationAccessToken, ...(registrationClientUri !== undefined && { registrationClientUri }) },
    lines: [registrationAccessToken],
    notes: [
      'The previous registration access tokens of the client are no longer valid.',
      ...(client.locked ? ["The client is locked: the new token works after 'clientele client unlock'."] : []),
      ...(registrationClientUri === undefined ? [] : [`It is for ${registrationClientUri}.`]),
    ],
  };
}

function timesOf({ overlap, lifetime }: SecretOptions): SecretTimes {
  return { overlap, lifetime };
}

/** The times of a response, without the previous secret, which the caller knows or should not learn. */
function validityOf({ overlapEndsAt, expiresAt }: ClientSecretResponse): object {
  return { ...(overlapEndsAt !== undefined && { overlapEndsAt }), expiresAt };
}

function notesOf({ overlapEndsAt, expiresAt }: ClientSecretResponse, client: Client): readonly string[] {
  return [
    overlapEndsAt === undefined
      ? 'The previous secrets are no longer valid.'
      : `The previous secrets are valid until ${timeOf(overlapEndsAt)}.`,
    expiresAt === 0 ? 'The new secret does not expire.' : `The new secret expires at ${timeOf(expiresAt)}.`,
    ...managerNotes(client),
  ];
}

function timeOf(seconds: number): string {
  return new Date(seconds * 1_000).toISOString();
}
