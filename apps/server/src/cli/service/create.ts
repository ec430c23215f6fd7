import { PROTOCOL_REGISTRATION } from '@clientele/model/metadata';
import { Command, InvalidArgumentError, Option } from 'commander';
import { SETTINGS_OF_NEW_SERVICE } from '../../services/service.ts';
import { whoMayRegister } from '../../welcome.ts';
import { callAt, readConnection } from '../connection.ts';
import { withAction, type Result } from '../result.ts';
import { columns } from '../terminal.ts';
import { TOKEN_SHOWN_ONCE } from '../token-summary.ts';
import { summary } from './services.ts';

interface CreateOptions {
  readonly name?: string;
  readonly registration: keyof typeof PROTOCOL_REGISTRATION;
}

export function createCommand(): Command {
  const command = new Command('create')
    .description('create a service, and an API access token with every right for it')
    .option('--name <name>', 'its display name', parseName)
    .addOption(
      new Option('--registration <who>', 'who may register on the protocol plane')
        .choices(Object.keys(PROTOCOL_REGISTRATION))
        .default('initial-access-token'),
    );
  return withAction(command, create);
}

async function create({ name, registration }: CreateOptions): Promise<Result> {
  const protocolRegistration = PROTOCOL_REGISTRATION[registration];
  const connection = readConnection(process.env);
  const service = await callAt(connection, ({ services }) =>
    services.create({
      ...SETTINGS_OF_NEW_SERVICE,
      protocolRegistration,
      ...(name !== undefined && { serviceName: name }),
    }),
  );
  const serviceId = String(service.apiKey);
  const { endpoint, token } = await callAt(
    { ...connection, serviceId },
    async ({ accessTokens, services }) => ({
      endpoint: (await services.configuration(serviceId)).registration_endpoint,
      token: await accessTokens.create({ accessRights: ['ADMIN'] }),
    }),
    `The service ${serviceId} is created, but has no API access token of its own: 'clientele token create --service ${serviceId} ` +
      "--right ADMIN' creates one.",
  );
  const { id, apiAccessToken, accessRights } = token;
  return {
    document: {
      ...summary(service),
      protocolRegistration,
      registrationEndpoint: endpoint,
      accessToken: { id, token: apiAccessToken, accessRights },
    },
    lines: columns([
      ['Service ID', serviceId],
      ['API access token', apiAccessToken],
      ['Registration', whoMayRegister(protocolRegistration, String(endpoint))],
    ]),
    notes: [TOKEN_SHOWN_ONCE],
  };
}

function parseName(text: string): string {
  if (text.length === 0 || text.length > 200) throw new InvalidArgumentError('A name has 1 to 200 characters.');
  return text;
}
