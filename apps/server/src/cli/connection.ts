import { ApiError, Clientele, ConnectionError, TimeoutError, type Clients } from '@clientele/client';
import { RESULTS } from '@clientele/model/metadata';
import type { Command } from 'commander';
import { CommandError, InterruptedError } from './command-error.ts';
import { parseServiceId } from './service-id.ts';
import { printable } from './terminal.ts';

/** The options of every command that calls a running server. */
export interface ServerOptions {
  readonly service?: number;
}

const EXAMPLE = 'http://127.0.0.1:3000/api/<serviceId>';

/** The last section of the help of every command that calls a running server. */
export const SERVER_SETTINGS = `
Environment:
  CLIENTELE_URL      the URL of the service: ${EXAMPLE}
  CLIENTELE_TOKEN    an API access token; 'clientele token create' creates one
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
 * Calls the server that `CLIENTELE_URL` names with the token in `CLIENTELE_TOKEN`. An error of a call becomes a message for people:
 * what the server refuses, or why it cannot be reached, and then the text of `ending`.
 */
export async function callServer<T>(
  options: ServerOptions,
  call: (clients: Clients) => Promise<T>,
  ending = '',
): Promise<T> {
  const settings = readSettings(process.env, options);
  const { clients } = new Clientele(settings);
  try {
    return await call(clients);
  } catch (error) {
    if (error instanceof CommandError || error instanceof InterruptedError) throw error;
    throw new CommandError(`${messageOf(error, settings)} ${ending}`.trimEnd(), { cause: error });
  }
}

interface ConnectionSettings {
  readonly baseUrl: string;
  readonly serviceId: string;
  readonly accessToken: string;
}

/** Reads where the server is. Throws an error that says what is missing and how to get it. */
export function readSettings(
  { CLIENTELE_URL: url = '', CLIENTELE_SERVICE: named = '', CLIENTELE_TOKEN: accessToken = '' }: NodeJS.ProcessEnv,
  { service }: ServerOptions,
): ConnectionSettings {
  if (url === '') throw new CommandError(`CLIENTELE_URL is not set. Set it to the URL of the service: ${EXAMPLE}.`);
  if (!URL.canParse(url) || !/^https?:\/\/[^?#@]+$/.test(url))
    throw new CommandError(
      `CLIENTELE_URL must be an http or https URL without user information and query, such as ${EXAMPLE}.`,
    );
  const [, baseUrl = '', inUrl] = /^(.*?)(?:\/api\/(\d+))?\/*$/.exec(url) ?? [];
  const asked = service === undefined ? named : String(service);
  if (inUrl !== undefined && asked !== '' && asked !== inUrl)
    throw new CommandError(
      `CLIENTELE_URL names the service ${inUrl}, but --service or CLIENTELE_SERVICE names ${printable(asked)}.`,
    );
  const serviceId = inUrl ?? asked;
  if (!/^\d+$/.test(serviceId))
    throw new CommandError(
      `The service is missing. Append it to CLIENTELE_URL (${EXAMPLE}), or pass --service <serviceId> or CLIENTELE_SERVICE. ` +
        "'clientele service list' shows the IDs.",
    );
  if (!/^[\x21-\x7e]+$/.test(accessToken))
    throw new CommandError(
      `CLIENTELE_TOKEN ${accessToken === '' ? 'is not set. Set it to' : 'is not'} an API access token. ` +
        `'clientele token create --service ${serviceId} --right CREATE_CLIENT' creates one.`,
    );
  return { baseUrl, serviceId, accessToken };
}

function messageOf(error: unknown, { baseUrl, serviceId }: ConnectionSettings): string {
  if (error instanceof ApiError) {
    const refusal = refusalOf(error, baseUrl);
    return isAboutSettings(error) ? `${refusal} The call was to the service ${serviceId} at ${baseUrl}.` : refusal;
  }
  if (error instanceof ConnectionError)
    return `The connection to ${baseUrl} failed: ${reasonOf(error.cause)}. Check CLIENTELE_URL, and that the server is running.`;
  if (error instanceof TimeoutError) return `${baseUrl} did not respond within ${error.timeoutMs / 1_000} seconds.`;
  return error instanceof Error ? error.message : String(error);
}

/** Whether the token is wrong, or the service or the path does not exist. */
function isAboutSettings({ status, resultCode }: ApiError): boolean {
  return status === 401 || (status === 404 && resultCode !== undefined && resultCode !== RESULTS.clientUnknown.code);
}

/** The message of the server about a refused call. */
export function refusalOf({ status, resultMessage }: ApiError, server = 'The server'): string {
  if (resultMessage !== undefined && resultMessage !== '') return printable(resultMessage);
  return `${server} returned an unexpected response (HTTP status ${status}). Does CLIENTELE_URL lead to Clientele?`;
}

/** The code or message of the innermost cause, because the message of `fetch` is only that it failed. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  if (cause.cause !== undefined) return reasonOf(cause.cause);
  const { code } = cause as NodeJS.ErrnoException;
  return code ?? cause.message;
}
