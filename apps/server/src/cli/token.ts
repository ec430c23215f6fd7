import { text as textOf } from 'node:stream/consumers';
import { Command, Option } from 'commander';
import { Config } from '../config/config.ts';
import { ACCESS_RIGHTS, type AccessRight } from '../access/access-right.ts';
import { ApiAccessTokenStore, type ApiAccessToken } from '../access/api-access-token-store.ts';
import { ServiceStore } from '../services/service-store.ts';
import { hashToken, newToken } from '../crypto/token.ts';
import { CommandError, UsageError } from './command-error.ts';
import { reporting, type Result } from './result.ts';
import { serviceIdOf } from './service-id.ts';
import { changeStore, readStore } from './store.ts';
import { columns } from './terminal.ts';

/** Said wherever a token is. */
export const TOKEN_ONCE = 'The token is shown this once: only its hash is kept.';

/** Hexadecimal digits of a token's hash that tell it from the others of its store. */
const ID_LENGTH = 12;

interface CreateOptions {
  readonly service?: number;
  readonly allServices?: boolean;
  readonly right: readonly AccessRight[];
}

interface ListOptions {
  readonly service?: number;
}

interface RevokeOptions {
  readonly stdin?: boolean;
}

/** `clientele token`: the API access tokens by which authorization servers and administrators call. */
export function tokenCommand(): Command {
  const create = new Command('create')
    .description('make an API access token')
    .option('--service <serviceId>', 'the service that it is for', serviceIdOf)
    .addOption(new Option('--all-services', 'for all services instead, future ones too').conflicts('service'))
    .addOption(
      new Option('--right <right...>', 'what it allows; the default is what the four registration calls need')
        .choices(ACCESS_RIGHTS)
        .default(['USE_SERVICE']),
    );
  const list = new Command('list')
    .description('show the API access tokens, while servers run; their values are not known any more')
    .option('--service <serviceId>', 'those that are for this service', serviceIdOf);
  const revoke = new Command('revoke')
    .description('take an API access token away: the next call with it is refused')
    .argument('[id]', "its ID in 'token list'")
    .option('--stdin', 'read the token itself from standard input instead');
  return new Command('token')
    .description('make, show and revoke API access tokens')
    .addCommand(reporting(create, createToken))
    .addCommand(reporting(list, listTokens))
    .addCommand(reporting(revoke, revokeToken));
}

async function createToken({ service: serviceId, allServices, right }: CreateOptions): Promise<Result> {
  if (serviceId === undefined && allServices !== true)
    throw new UsageError('Say which service the token is for: --service <serviceId>, or --all-services.');
  return changeStore(Config.from(process.env), async (database) => {
    if (serviceId !== undefined && (await new ServiceStore(database).find(serviceId)) === undefined)
      throw new CommandError(`There is no service ${serviceId}.`);
    const token = newToken();
    const accessRights = ACCESS_RIGHTS.filter((each) => right.includes(each));
    const stored = { tokenHash: hashToken(token), serviceId, accessRights, createdAt: Date.now() };
    await new ApiAccessTokenStore(database).insert(stored);
    const shown = summary(stored);
    return {
      document: { ...shown, token },
      lines: [token],
      notes: [
        `The ID of the token is ${shown.id}; it is for ${scopeOf(stored)}: ${accessRights.join(', ')}.`,
        TOKEN_ONCE,
      ],
    };
  });
}

function listTokens({ service: serviceId }: ListOptions): Promise<Result> {
  return readStore(Config.from(process.env), async (database) => {
    const all = await new ApiAccessTokenStore(database).list();
    const tokens = serviceId === undefined ? all : all.filter((token) => token.serviceId === serviceId);
    return {
      document: { tokens: tokens.map(summary) },
      lines: columns(
        tokens.map((token) => {
          const { id, createdAt, accessRights } = summary(token);
          return [id, `made ${createdAt}`, scopeOf(token), accessRights.join(', ')];
        }),
      ),
      notes: tokens.length === 0 ? ['There is no such token.'] : [],
    };
  });
}

async function revokeToken(id: string | undefined, { stdin = false }: RevokeOptions): Promise<Result> {
  if ((id !== undefined) === stdin)
    throw new UsageError("Say which token: its ID in 'token list', or --stdin to have the token itself read.");
  const isMeant =
    id === undefined
      ? isHash(hashToken((await textOf(process.stdin)).trim()))
      : ({ tokenHash }: ApiAccessToken) => tokenIdOf(tokenHash) === id.toLowerCase();
  return changeStore(Config.from(process.env), async (database) => {
    const tokens = new ApiAccessTokenStore(database);
    const token = await findOne(tokens, isMeant);
    if (token === undefined || !(await tokens.delete(token.tokenHash)))
      throw new CommandError(id === undefined ? 'There is no such token.' : `There is no token with the ID ${id}.`);
    const shown = summary(token);
    return { document: shown, lines: [`The token ${shown.id}, for ${scopeOf(token)}, is revoked.`] };
  });
}

async function findOne(
  tokens: ApiAccessTokenStore,
  isMeant: (token: ApiAccessToken) => boolean,
): Promise<ApiAccessToken | undefined> {
  const [token, another] = (await tokens.list()).filter(isMeant);
  if (another !== undefined) throw new CommandError('Two tokens have this ID. Give the token itself, with --stdin.');
  return token;
}

function isHash(hash: string): (token: ApiAccessToken) => boolean {
  return ({ tokenHash }) => tokenHash === hash;
}

function summary(token: ApiAccessToken) {
  const { tokenHash, serviceId = null, accessRights, createdAt } = token;
  return { id: tokenIdOf(tokenHash), serviceId, accessRights, createdAt: new Date(createdAt).toISOString() };
}

/** What people call a token by: the beginning of its hash, in hexadecimal, since base64url may begin as an option does. */
export function tokenIdOf(tokenHash: string): string {
  return Buffer.from(tokenHash, 'base64url').toString('hex').slice(0, ID_LENGTH);
}

function scopeOf({ serviceId }: Pick<ApiAccessToken, 'serviceId'>): string {
  return serviceId === undefined ? 'all services' : `service ${serviceId}`;
}
