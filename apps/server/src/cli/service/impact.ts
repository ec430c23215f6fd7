import { ApiError, ConnectionError } from '@clientele/client';
import type { ClientImpact, ImpactProgress } from '@clientele/model/decision';
import type { JsonObject } from '@clientele/model/metadata';
import { Command } from 'commander';
import { CommandError } from '../command-error.ts';
import { callService, onServer, type ServerOptions, type ServiceConnection } from '../connection.ts';
import { counted } from '../counted.ts';
import { EXIT_CODE } from '../exit-code.ts';
import type { OutputOptions } from '../result.ts';
import { printable, printToStderr, writeLines } from '../terminal.ts';
import { readPatch, withPatch } from './settings.ts';

interface ImpactOptions extends ServerOptions, OutputOptions {}

/** One JSON object in each line. */
const NDJSON = 'application/x-ndjson';

/** `clientele service impact`: prints while lines arrive, so that the memory does not grow with the number of clients. */
export function impactCommand(): Command {
  const command = new Command('impact').description(
    'show the clients whose next update other settings would refuse or narrow, and change nothing; ' +
      `exits with ${EXIT_CODE.pending} if there is one`,
  );
  return onServer(withPatch(command))
    .option('--json', 'print the lines of the server: one JSON document per line')
    .action(impact);
}

async function impact(text: string, options: ImpactOptions): Promise<void> {
  const patch = await readPatch(text);
  const end = await callService(options, (_clientele, connection) => print(connection, patch, options));
  if (end === undefined) return;
  const { checked, refused, narrowed } = end;
  printToStderr(`${counted(checked, 'client')} checked: ${refused} would be refused, ${narrowed} narrowed.`);
  if (refused + narrowed > 0) process.exitCode = EXIT_CODE.pending;
}

/** Returns the last line of the response, or `undefined` if the reader of standard output has closed the pipe. */
async function print(
  connection: ServiceConnection,
  patch: JsonObject,
  { json = false }: OutputOptions,
): Promise<ImpactProgress | undefined> {
  for await (const text of fetchLines(connection, patch)) {
    const line = JSON.parse(text) as ClientImpact | ImpactProgress;
    const lines = json ? [text] : 'clientId' in line ? [lineOf(line)] : [];
    if (lines.length > 0 && !(await writeLines(lines))) return undefined;
    if ('done' in line && line.done) return line;
  }
  throw new CommandError('The response of the server is incomplete. Run the command again.');
}

/** The lines of `service/impact`. The SDK has no method for them, because each of its calls reads the whole response. */
async function* fetchLines(
  { baseUrl, serviceId, accessToken }: ServiceConnection,
  patch: JsonObject,
): AsyncGenerator<string> {
  try {
    const response = await fetch(`${baseUrl}/api/${serviceId}/service/impact`, {
      method: 'POST',
      headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/merge-patch+json' },
      body: JSON.stringify(patch),
      redirect: 'manual',
    });
    const { status, headers, body } = response;
    if (status !== 200 || body === null || headers.get('content-type') !== NDJSON) throw await apiErrorOf(response);
    let rest = '';
    for await (const text of body.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw new ConnectionError(1, { cause: error });
  }
}

async function apiErrorOf(response: Response): Promise<ApiError> {
  const { status, headers } = response;
  const body: unknown = await response.json().catch(() => undefined);
  return new ApiError('The API returned an error.', {
    status,
    headers,
    body,
    requestId: undefined,
    retryAfterMs: undefined,
    attempts: 1,
  });
}

function lineOf(impact: ClientImpact): string {
  const { clientId, canonicalClientId, clientName } = impact;
  const name = clientName === undefined ? '' : ` (${clientName})`;
  const reasons =
    impact.effect === 'REFUSED'
      ? impact.findings.map(({ message }) => message)
      : impact.differences.map(({ member }) => member);
  return printable(`${impact.effect}  ${canonicalClientId ?? clientId}${name}  ${reasons.join(' ')}`);
}
