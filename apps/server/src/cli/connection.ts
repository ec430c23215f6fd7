import { ApiError, Clientele, ConnectionError, TimeoutError } from '@clientele/client';
import { RESULTS } from '@clientele/model/metadata';
import type { Command } from 'commander';
import { hostOf, isLoopbackHost } from '../config/hosts.ts';
import { certificateProblem } from '../config/known-failures.ts';
import { BusyNotice } from './busy-notice.ts';
import { CommandError, InterruptedError, UsageError } from './command-error.ts';
import { readLogin } from './login-file.ts';
import { isServiceId, parseServiceId } from './service-id.ts';
import { excerpt, LONGEST_MESSAGE } from './terminal.ts';

/** The options of every command that calls a running server. */
export interface ServerOptions {
  readonly service?: number;
}

export const EXAMPLE = 'http://127.0.0.1:3000/api/<serviceId>';

/** The last section of the help of every command that calls a running server. */
export const SERVER_SETTINGS = `
Environment, if 'clientele login' is not enough:
  CLIENTELE_URL      the URL of the service: ${EXAMPLE}
  CLIENTELE_TOKEN    an API access token, for example the one that the first start of the server printed
  CLIENTELE_SERVICE  the service, if CLIENTELE_URL does not name it`;

export function onServer(command: Command): Command {
  return command
    .option('--service <serviceId>', 'the service, instead of CLIENTELE_SERVICE', parseServiceId)
    .addHelpText('after', SERVER_SETTINGS);
}

/** Adds the identifier of a client, and the options of a call. */
export function onClient(command: Command): Command {
  return onServer(command.argument('<id>', 'its number, client_id or alias'));
}

/**
 * Calls the service that the environment or `clientele login` names. An error of a call becomes a message for people: what the server
 * refuses, or why it cannot be reached, and then the text of `ending`.
 */
export async function callService<T>(
  options: ServerOptions,
  call: Call<T, ServiceConnection>,
  ending = '',
): Promise<T> {
  return callAt(readServiceConnection(process.env, options), call, ending);
}

/** The same for calls that need no service: those of `services`. */
export async function callServer<T>(call: Call<T, Connection>): Promise<T> {
  return callAt(readConnection(process.env), call);
}

type Call<T, C> = (clientele: Clientele, connection: C) => Promise<T>;

/** The same for a given connection. */
export async function callAt<T, C extends Connection>(connection: C, call: Call<T, C>, ending = ''): Promise<T> {
  const busy = new BusyNotice();
  const clientele = new Clientele({ ...connection, fetch: busy.fetch });
  try {
    return await call(clientele, connection);
  } catch (error) {
    if ([CommandError, InterruptedError, UsageError].some((own) => error instanceof own)) throw error;
    throw new CommandError(`${messageOf(error, connection)} ${ending}`.trimEnd(), { cause: error });
  } finally {
    busy.end();
  }
}

/** Where the server is, and the token for it. */
export interface Connection {
  /** Without a slash at the end. */
  readonly baseUrl: string;
  /** The service that is named, if one is. */
  readonly serviceId?: string;
  readonly accessToken: string;
}

/** The connection to one service. */
export interface ServiceConnection extends Connection {
  readonly serviceId: string;
}

/**
 * Reads the connection to a service. Throws an error that says what is missing and how to get it. `otherwise`: what else to do if the
 * service is missing.
 */
export function readServiceConnection(
  environment: NodeJS.ProcessEnv,
  options: ServerOptions,
  otherwise = '',
): ServiceConnection {
  const { serviceId, ...connection } = readConnection(environment, options, { needsService: true });
  if (serviceId === undefined)
    throw new CommandError(
      `The service is missing. Append it to CLIENTELE_URL (${EXAMPLE}), or pass --service <serviceId> or CLIENTELE_SERVICE. ` +
        `'clientele service list' shows the IDs. ${otherwise}`.trimEnd(),
    );
  return { ...connection, serviceId };
}

/**
 * Reads each part of the connection from the environment, or from `clientele login` if the environment does not have it. The token and
 * the service of a login are only used for its server. The file is only read for a part that is missing.
 */
export function readConnection(
  environment: NodeJS.ProcessEnv,
  options: ServerOptions = {},
  { needsService = false } = {},
): Connection {
  const { CLIENTELE_URL: url = '', CLIENTELE_TOKEN: token = '' } = environment;
  const server = url === '' ? undefined : readServerUrl(url);
  if (url !== '' && server === undefined) throw new CommandError(`CLIENTELE_URL ${URL_EXPECTED}`);
  const named = namedService(environment, options, server);
  const isComplete = server !== undefined && token !== '' && (named !== undefined || !needsService);
  const login = isComplete ? undefined : readLogin(environment);
  const baseUrl = server?.baseUrl ?? login?.url;
  if (baseUrl === undefined)
    throw new CommandError(
      `CLIENTELE_URL is not set. Run 'clientele login', or set it to the URL of the service: ${EXAMPLE}.`,
    );
  const ofServer = login?.url === baseUrl ? login : undefined;
  const accessToken = token === '' ? (ofServer?.token ?? '') : token;
  if (accessToken === '' && login !== undefined)
    throw new CommandError(
      `CLIENTELE_URL leads to ${baseUrl}, but the token of 'clientele login' is only for ${login.url}. Set CLIENTELE_TOKEN too, ` +
        'unset CLIENTELE_URL, or log in to that server.',
    );
  if (!isToken(accessToken))
    throw new CommandError(
      `CLIENTELE_TOKEN ${accessToken === '' ? "is not set. Run 'clientele login', or set it to" : 'is not'} an API access token. ` +
        "The first start of the server printed one, its holder creates more with 'clientele token create', and " +
        "'clientele token recover' replaces a lost one.",
    );
  const serviceId = named ?? ofServer?.service?.toString();
  return { baseUrl, ...(serviceId !== undefined && { serviceId }), accessToken };
}

/** The service that the options or the environment name. */
function namedService(
  { CLIENTELE_SERVICE: inEnvironment = '' }: NodeJS.ProcessEnv,
  { service }: ServerOptions,
  server: ServerUrl | undefined,
): string | undefined {
  const named = service === undefined ? inEnvironment : String(service);
  if (server?.serviceId !== undefined && named !== '' && named !== server.serviceId)
    throw new CommandError(
      `CLIENTELE_URL names the service ${server.serviceId}, but --service or CLIENTELE_SERVICE names ${excerpt(named)}.`,
    );
  if (named !== '' && !(/^\d+$/.test(named) && isServiceId(Number(named))))
    throw new CommandError(`CLIENTELE_SERVICE must be the ID of a service, but is ${excerpt(named)}.`);
  return server?.serviceId ?? (named === '' ? undefined : named);
}

export interface ServerUrl {
  readonly baseUrl: string;
  readonly serviceId?: string;
}

/** The end of the message about a text that is no `ServerUrl`. */
export const URL_EXPECTED =
  'must be an http or https URL without user information and query; a service ID in it is a positive integer below 2^53. ' +
  `Example: ${EXAMPLE}.`;

/** Reads the URL of a server or of a service; `undefined` if it is not one. */
export function readServerUrl(text: string): ServerUrl | undefined {
  if (!URL.canParse(text) || !/^https?:\/\/[^?#@]+$/i.test(text)) return undefined;
  const { origin, pathname } = new URL(text);
  const [, path = '', serviceId] = /^(.*?)(?:\/api\/(\d+))?\/*$/.exec(pathname) ?? [];
  if (serviceId !== undefined && !isServiceId(Number(serviceId))) return undefined;
  return { baseUrl: `${origin}${path}`, ...(serviceId !== undefined && { serviceId }) };
}

/** Whether the network can see the token: plain http to another machine. */
export function isExposed(baseUrl: string): boolean {
  return baseUrl.startsWith('http:') && !isLoopbackHost(hostOf(baseUrl));
}

/** Whether a token can be sent. */
export function isToken(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}

/** The name of a token in messages, and the remedy if the server refuses it. */
export interface TokenSource {
  readonly name: string;
  readonly remedy: string;
}

/** Where `readConnection` found the token. */
export function tokenSource({ CLIENTELE_TOKEN: token = '' }: NodeJS.ProcessEnv): TokenSource {
  return token === ''
    ? { name: "the token of 'clientele login'", remedy: 'Log in with another one.' }
    : {
        name: 'the token of CLIENTELE_TOKEN',
        remedy: "Replace it, or unset it to use the token of 'clientele login'.",
      };
}

function messageOf(error: unknown, { baseUrl, serviceId }: Connection): string {
  if (error instanceof ApiError) {
    const refusal = refusalOf(error, baseUrl);
    const service = serviceId === undefined ? '' : `the service ${serviceId} at `;
    if (!isAboutConnection(error)) return refusal;
    const { name, remedy } = tokenSource(process.env);
    return `${refusal} The call was to ${service}${baseUrl}${error.status === 401 ? `, with ${name}. ${remedy}` : '.'}`;
  }
  if (error instanceof ConnectionError) return `The connection to ${baseUrl} failed: ${reasonOf(error.cause)}`;
  if (error instanceof TimeoutError) return `${baseUrl} did not respond within ${error.timeoutMs / 1_000} seconds.`;
  return error instanceof Error ? error.message : String(error);
}

/** Whether the token is wrong, or the service or the path does not exist. */
function isAboutConnection({ status, resultCode }: ApiError): boolean {
  return status === 401 || (status === 404 && resultCode !== undefined && resultCode !== RESULTS.clientUnknown.code);
}

/** The message of the server about a refused call. */
export function refusalOf(
  { status, resultMessage }: Pick<ApiError, 'status' | 'resultMessage'>,
  server = 'The server',
): string {
  if (resultMessage !== undefined && resultMessage !== '') return excerpt(resultMessage, LONGEST_MESSAGE);
  return `${server} returned an unexpected response (HTTP status ${status}). Does the URL lead to Clientele?`;
}

/** The innermost cause and its remedy, because the message of `fetch` is only that it failed. */
function reasonOf(cause: unknown): string {
  if (cause instanceof Error && cause.cause !== undefined) return reasonOf(cause.cause);
  const certificate = certificateProblem(cause);
  if (certificate !== undefined) return `${certificate.problem}. ${certificate.remedy}`;
  const reason = cause instanceof Error ? ((cause as NodeJS.ErrnoException).code ?? cause.message) : String(cause);
  return `${reason}. Check the URL, and that the server is running.`;
}
