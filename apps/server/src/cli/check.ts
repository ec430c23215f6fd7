import {
  decide,
  explanationOf,
  readRequest,
  type CheckRule,
  type Explanation,
  type Plane,
  type RegistrationSettings,
} from '@clientele/model/decision';
import { isJsonObject } from '@clientele/model/metadata';
import { Command, Option } from 'commander';
import { ApiError } from '../http/api-error.ts';
import { settingsIn } from '../services/settings-in.ts';
import { counted } from './counted.ts';
import { CommandError, UsageError } from './command-error.ts';
import { EXIT_CODE } from './exit-code.ts';
import { withAction, type Result } from './result.ts';
import { columns } from './terminal.ts';
import { readText, sourceName, STANDARD_INPUT } from './text-file.ts';

interface CheckOptions {
  readonly service?: string;
  readonly plane: Plane;
}

/** `clientele check`: decides whether client metadata would be registered, without configuration, store and network. */
export function checkCommand(): Command {
  const check = new Command('check')
    .description('explain whether client metadata would be registered; needs no server')
    .argument('<file>', 'the client metadata as JSON; - is standard input')
    .option('--service <file>', 'the settings, as GET /api/{serviceId}/service/get returns them; - is standard input')
    .addOption(
      new Option(
        '--plane <plane>',
        'the interface of the registration: RFC 7591, or the API that is compatible with Authlete',
      )
        .choices(['protocol', 'api'] satisfies Plane[])
        .default('protocol'),
    );
  return withAction(check, checkMetadata);
}

async function checkMetadata(file: string, { service, plane }: CheckOptions): Promise<Result> {
  if (file === STANDARD_INPUT && service === STANDARD_INPUT)
    throw new UsageError(
      'Standard input contains only one document: name a file for the client metadata or for --service.',
    );
  const settings = service === undefined ? {} : await readSettings(service);
  // A byte order mark in the text is a finding.
  const request = readRequest(await readText(file));
  const decision = decide(request, settings, { operation: 'register', plane });
  const explanation = explanationOf(decision);
  return {
    document: explanation,
    lines: linesOf(explanation),
    exitCode: explanation.accepted ? EXIT_CODE.done : EXIT_CODE.failed,
  };
}

/** Reads the settings of a service with the checks of the server. */
async function readSettings(file: string): Promise<RegistrationSettings> {
  const invalid = (reason: string, cause?: unknown): CommandError =>
    new CommandError(`The service settings in ${sourceName(file)} are not valid: ${reason}`, { cause });
  let body: unknown;
  try {
    body = JSON.parse(await readText(file));
  } catch (error) {
    throw error instanceof SyntaxError ? invalid('the text is not JSON.', error) : error;
  }
  if (!isJsonObject(body)) throw invalid('a JSON object is required.');
  try {
    const settings = settingsIn(body);
    // Settings without these members allow registration, because the command checks the metadata.
    settings.dynamicRegistrationSupported = body.dynamicRegistrationSupported !== false;
    if (body.protocolRegistration == null) settings.protocolRegistration = 'OPEN';
    return settings;
  } catch (error) {
    throw error instanceof ApiError ? invalid(error.message, error) : error;
  }
}

/** Descriptions of the checks that only a server can do. Other skipped checks apply only to updates. */
const SKIPPED: Readonly<Partial<Record<CheckRule, string>>> = {
  'software-statement': 'software_statement: was not verified, and its claims were ignored.',
  'software-id-unique': 'software_id: was not compared with those of other clients.',
  'sector-identifier-document': 'sector_identifier_uri: the document was not fetched.',
};

function linesOf({ accepted, findings, checks }: Explanation): string[] {
  const refusals = findings.filter(({ severity }) => severity === 'refused');
  const notes = findings.filter(({ severity }) => severity !== 'refused');
  const rows = [
    ...[...refusals, ...notes].map(({ severity, message, specification }) => [severity, `${message} ${specification}`]),
    ...checks.map(({ rule, outcome }) => [outcome, SKIPPED[rule] ?? rule]),
  ];
  const verdict = accepted
    ? `Accepted${notes.length > 0 ? `, with ${counted(notes.length, 'note')}` : ''}.`
    : `Refused: ${counted(refusals.length, 'problem')}.`;
  return [...columns(rows), verdict];
}
