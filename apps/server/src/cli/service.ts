import { PROTOCOL_REGISTRATION } from '@clientele/model/metadata';
import { Command, InvalidArgumentError, Option } from 'commander';
import { Config } from '../config/config.ts';
import { tokenIdOf } from '../access/api-access-token-store.ts';
import { createService, newServiceId } from '../administration/services/create-service.ts';
import { PublicUrls } from '../services/public-urls.ts';
import { newService, type Service } from '../services/service.ts';
import { listServices, nextServiceNumber } from '../services/service-store.ts';
import { hashToken, newToken } from '../crypto/token.ts';
import { registrationMembers, whoMayRegister } from '../welcome.ts';
import { CommandError } from './command-error.ts';
import { withAction, type Result } from './result.ts';
import { parseServiceId } from './service-id.ts';
import { BY_COMMAND, changeStore, readStore, type ChangeableStore } from './store.ts';
import { columns } from './terminal.ts';
import { TOKEN_SHOWN_ONCE } from './token-summary.ts';

interface CreateOptions {
  readonly id?: number;
  readonly name?: string;
  readonly registration?: keyof typeof PROTOCOL_REGISTRATION;
}

/** `clientele service`: creates and shows services. */
export function serviceCommand(): Command {
  const createCommand = new Command('create')
    .description('create a service, and an API access token with every right for it')
    .option('--id <serviceId>', 'its ID, for example the one at Authlete; the default is random', parseServiceId)
    .option('--name <name>', 'its display name', parseName)
    .addOption(
      new Option(
        '--registration <who>',
        'who may register on the protocol plane; the default is that of the first service (BOOTSTRAP_REGISTRATION)',
      ).choices(Object.keys(PROTOCOL_REGISTRATION)),
    );
  const listCommand = new Command('list').description('show the services, while servers run');
  return new Command('service')
    .description('create and show services')
    .addCommand(withAction(createCommand, create))
    .addCommand(withAction(listCommand, list));
}

function create({ id, name, registration }: CreateOptions): Promise<Result> {
  const config = Config.from(process.env);
  const protocolRegistration =
    registration === undefined ? config.protocolRegistration : PROTOCOL_REGISTRATION[registration];
  const urls = new PublicUrls(config);
  return changeStore(config, async (store) => {
    const token = newToken();
    const tokenHash = hashToken(token);
    const service = await insert(
      store,
      id,
      { protocolRegistration, ...(name !== undefined && { serviceName: name }) },
      tokenHash,
    );
    const { apiKey: serviceId } = service;
    return {
      document: {
        ...summary(service),
        ...registrationMembers(urls, service),
        accessToken: { id: tokenIdOf(tokenHash), token, accessRights: ['ADMIN'] },
      },
      lines: columns([
        ['Service ID', String(serviceId)],
        ['API access token', token],
        ['Registration', whoMayRegister(urls, service)],
      ]),
      notes: [TOKEN_SHOWN_ONCE],
    };
  });
}

async function insert(
  store: ChangeableStore,
  id: number | undefined,
  settings: Pick<Service, 'protocolRegistration'> & Partial<Pick<Service, 'serviceName'>>,
  tokenHash: string,
): Promise<Service> {
  const number = await nextServiceNumber(store.database);
  // A random ID can be taken; an ID of the command line is tried once.
  for (;;) {
    const serviceId = id ?? newServiceId();
    const service = { ...newService(serviceId, number, Date.now()), ...settings };
    if (await createService(store, service, { tokenHash, serviceId, accessRights: ['ADMIN'] }, BY_COMMAND))
      return service;
    if (id !== undefined) throw new CommandError(`The service ${id} already exists, or is being deleted.`);
  }
}

function list(): Promise<Result> {
  return readStore(Config.from(process.env), async (database) => {
    const services = (await listServices(database)).map(summary);
    return {
      document: { services },
      lines: columns(
        services.map(({ serviceId, serviceName, createdAt }) => [
          String(serviceId),
          `created ${createdAt}`,
          // The name is the last column, because its length varies.
          serviceName,
        ]),
      ),
      notes: services.length === 0 ? ['There is no service.'] : [],
    };
  });
}

function summary({ apiKey, serviceName, createdAt, modifiedAt }: Service) {
  return {
    serviceId: apiKey,
    serviceName,
    createdAt: new Date(createdAt).toISOString(),
    modifiedAt: new Date(modifiedAt).toISOString(),
  };
}

function parseName(text: string): string {
  if (text.length === 0 || text.length > 200) throw new InvalidArgumentError('A name has 1 to 200 characters.');
  return text;
}
