import { Command, InvalidArgumentError } from 'commander';
import { ask, askSecret, isInteractive, TERMINAL } from './ask.ts';
import { CommandError, UsageError } from './command-error.ts';
import {
  EXAMPLE,
  isExposed,
  isToken,
  readServerUrl,
  URL_EXPECTED,
  type Connection,
  type ServerUrl,
} from './connection.ts';
import { isoTime } from './iso-time.ts';
import { deleteLogin, loginPath, writeLogin } from './login-file.ts';
import { fetchOwnToken } from './own-token.ts';
import { withAction, type Result } from './result.ts';
import { parseServiceId } from './service-id.ts';
import { readText, STANDARD_INPUT } from './text-file.ts';
import { describeToken } from './token-summary.ts';

interface LoginOptions {
  readonly url?: ServerUrl;
  readonly service?: number;
}

const LONGEST_TOKEN = 4_096;

/** `clientele login`: stores where the server is, and the API access token for it. */
export function loginCommand(): Command {
  const command = new Command('login')
    .description(
      'store the URL of a server and an API access token for the commands that call it; asks for what is missing; the token is ' +
        'read from standard input, because other users see command lines',
    )
    .option('--url <url>', `the server or the service: ${EXAMPLE}`, parseUrl)
    .option('--service <serviceId>', 'the service of commands without --service', parseServiceId);
  return withAction(command, login);
}

/** `clientele logout`: deletes what `login` stored. */
export function logoutCommand(): Command {
  return withAction(new Command('logout').description('delete what login has stored'), logout);
}

async function login({ url, service }: LoginOptions): Promise<Result> {
  if (url === undefined && !isInteractive(TERMINAL))
    throw new UsageError('Name the server with --url <url>. The API access token is read from standard input.');
  const { baseUrl, serviceId } = url ?? (await askForUrl());
  if (service !== undefined && serviceId !== undefined && serviceId !== String(service))
    throw new UsageError(`The URL names the service ${serviceId}, but --service names ${service}.`);
  const named = serviceId ?? service?.toString();
  const connection = { baseUrl, accessToken: await readToken(), ...(named !== undefined && { serviceId: named }) };
  return store(connection);
}

async function store(connection: Connection): Promise<Result> {
  const { baseUrl, serviceId, accessToken } = connection;
  const token = await fetchOwnToken(connection);
  if ('problem' in token) throw new CommandError(`${token.problem} ${token.remedy}`);
  const service = serviceId === undefined ? token.serviceId : Number(serviceId);
  const { id, accessRights, expiresAt } = token;
  const result = {
    document: {
      url: baseUrl,
      service: service ?? null,
      token: { id, serviceId: token.serviceId ?? null, accessRights, expiresAt: isoTime(expiresAt) },
      file: loginPath(process.env),
    },
    lines: [`Logged in to ${baseUrl}. ${describeToken(token)}`],
    notes: [
      ...(isExposed(baseUrl) ? ['The token is sent without encryption, because the URL is not https.'] : []),
      ...(service === undefined ? ['Commands for one service need --service.'] : []),
      ...['CLIENTELE_URL', 'CLIENTELE_TOKEN', 'CLIENTELE_SERVICE']
        .filter((name) => (process.env[name] ?? '') !== '')
        .map((name) => `${name} is set, and is used instead of the login.`),
    ],
  };
  // Last, so that a failed login leaves the previous one.
  await writeLogin(process.env, {
    url: baseUrl,
    ...(service !== undefined && { service }),
    token: accessToken,
  });
  return result;
}

function logout(): Promise<Result> {
  const loggedOut = deleteLogin(process.env);
  return Promise.resolve({
    document: { loggedOut, file: loginPath(process.env) },
    lines: [loggedOut ? 'Logged out.' : 'You were not logged in.'],
    notes: loggedOut
      ? ["The token stays valid until 'clientele token revoke' revokes it, after a login with another token."]
      : [],
  });
}

async function askForUrl(): Promise<ServerUrl> {
  const url = readServerUrl((await ask(`URL of the server or the service (${EXAMPLE}): `, TERMINAL)).trim());
  if (url === undefined) throw new CommandError(`The URL ${URL_EXPECTED}`);
  return url;
}

async function readToken(): Promise<string> {
  const text = isInteractive(TERMINAL)
    ? await askSecret('API access token (not shown): ', TERMINAL)
    : await readText(STANDARD_INPUT, LONGEST_TOKEN);
  const token = text.trim();
  if (token === '') throw new CommandError('The API access token is missing on standard input.');
  if (!isToken(token))
    throw new CommandError(
      'An API access token has printable ASCII characters without spaces, but this one has others.',
    );
  return token;
}

function parseUrl(text: string): ServerUrl {
  const url = readServerUrl(text);
  if (url === undefined) throw new InvalidArgumentError(`It ${URL_EXPECTED}`);
  return url;
}
