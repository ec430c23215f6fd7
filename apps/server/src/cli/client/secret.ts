import { text as textOf } from 'node:stream/consumers';
import type { ClientSecretResponse, SecretTimes } from '@clientele/client';
import { Command } from 'commander';
import { UsageError } from '../command-error.ts';
import { callServer, onClient, type ServerOptions } from '../connection.ts';
import { parseDuration } from '../duration.ts';
import { withAction, type Result } from '../result.ts';

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
  return new Command('secret')
    .description('replace the secret of a client')
    .addCommand(withAction(withTimes(refreshCommand), refresh))
    .addCommand(withAction(withTimes(setCommand), set));
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
  const response = await callServer(options, (clients) => clients.refreshSecret(identifier, timesOf(options)));
  const { newClientSecret } = response;
  return { document: { newClientSecret, ...validityOf(response) }, lines: [newClientSecret], notes: notesOf(response) };
}

async function set(identifier: string, options: SecretOptions): Promise<Result> {
  if (!options.stdin)
    throw new UsageError('Pass the secret through standard input with --stdin, because other users see command lines.');
  const clientSecret = (await textOf(process.stdin)).replace(/\r?\n$/, '');
  const response = await callServer(options, (clients) =>
    clients.updateSecret(identifier, { clientSecret, ...timesOf(options) }),
  );
  return { document: validityOf(response), lines: [], notes: notesOf(response) };
}

async function refreshToken(identifier: string, options: ServerOptions): Promise<Result> {
  const { registrationAccessToken, registrationClientUri } = await callServer(options, (clients) =>
    clients.refreshRegistrationAccessToken(identifier),
  );
  return {
    document: { registrationAccessToken, ...(registrationClientUri !== undefined && { registrationClientUri }) },
    lines: [registrationAccessToken],
    notes: [
      'The previous registration access tokens of the client are no longer valid.',
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

function notesOf({ overlapEndsAt, expiresAt }: ClientSecretResponse): readonly string[] {
  return [
    overlapEndsAt === undefined
      ? 'The previous secrets are no longer valid.'
      : `The previous secrets are valid until ${timeOf(overlapEndsAt)}.`,
    expiresAt === 0 ? 'The new secret does not expire.' : `The new secret expires at ${timeOf(expiresAt)}.`,
  ];
}

function timeOf(seconds: number): string {
  return new Date(seconds * 1_000).toISOString();
}
