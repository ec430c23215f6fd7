import { text as textOf } from 'node:stream/consumers';
import { Command, Option } from 'commander';
import { Config } from '../config/config.ts';
import { ACCESS_RIGHTS, type AccessRight } from '../access/access-right.ts';
import { ApiAccessTokenStore, listTokens, tokenIdOf, type ApiAccessToken } from '../access/api-access-token-store.ts';
import type { Database } from '../database/database.ts';
import { hashToken } from '../crypto/token.ts';
import { CommandError, UsageError } from './command-error.ts';
import { recoverCommand, storeToken } from './recover-token.ts';
import { withAction, type Result } from './result.ts';
import { parseServiceId } from './service-id.ts';
import { BY_COMMAND, changeStore, readStore } from './store.ts';
import { columns } from './terminal.ts';
import { scopeOf, summary } from './token-summary.ts';

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

/** `clientele token`: creates, shows and revokes API access tokens. */
export function tokenCommand(): Command {
  const createCommand = new Command('create')
    .description('create an API access token')
    .option('--service <serviceId>', 'the service of the token', parseServiceId)
    .addOption(new Option('--all-services', 'all services instead, including future ones').conflicts('service'))
    .addOption(
      new Option('--right <right...>', 'the rights of the token; the default allows the four registration calls')
        .choices(ACCESS_RIGHTS)
        .default(['USE_SERVICE']),
    );
  const listCommand = new Command('list')
    .description('show the API access tokens without their values; servers may run')
    .option('--service <serviceId>', 'show only the tokens of this service', parseServiceId);
  const revokeCommand = new Command('revoke')
    .description('revoke an API access token: servers refuse the next call with it')
    .argument('[id]', "the ID of the token in 'token list'")
    .option('--stdin', 'read the token itself from standard input instead');
  return new Command('token')
    .description('create, show and revoke API access tokens')
    .addCommand(withAction(createCommand, create))
    .addCommand(withAction(listCommand, list))
    .addCommand(withAction(revokeCommand, revoke))
    .addCommand(recoverCommand());
}

function create({ service: serviceId, allServices, right }: CreateOptions): Promise<Result> {
  if (serviceId === undefined && allServices !== true)
    throw new UsageError('Name the service of the token: --service <serviceId>, or --all-services.');
  const accessRights = ACCESS_RIGHTS.filter((each) => right.includes(each));
  return storeToken({ serviceId, accessRights, createdAt: Date.now() });
}

function list({ service: serviceId }: ListOptions): Promise<Result> {
  return readStore(Config.from(process.env), async (database) => {
    const all = await listTokens(database);
    const tokens = serviceId === undefined ? all : all.filter((token) => token.serviceId === serviceId);
    return {
      document: { tokens: tokens.map(summary) },
      lines: columns(
        tokens.map((token) => {
          const { id, createdAt, expiresAt, lastUsedAt, label, accessRights } = summary(token);
          return [
            id,
            `created ${createdAt} by ${authorOf(token)}`,
            expiresAt === null ? 'never expires' : `expires ${expiresAt}`,
            lastUsedAt === null ? 'never used' : `used ${lastUsedAt}`,
            scopeOf(token),
            accessRights.join(', '),
            // The label is the last column, because its length varies.
            ...(label === null ? [] : [label]),
          ];
        }),
      ),
      notes: tokens.length === 0 ? ['There is no such token.'] : [],
    };
  });
}

async function revoke(id: string | undefined, { stdin = false }: RevokeOptions): Promise<Result> {
  if ((id !== undefined) === stdin)
    throw new UsageError("Name the token: its ID in 'token list', or --stdin to read the token itself.");
  const hash = id === undefined ? hashToken((await textOf(process.stdin)).trim()) : undefined;
  const matches = ({ tokenHash }: ApiAccessToken) =>
    id === undefined ? tokenHash === hash : tokenIdOf(tokenHash) === id.toLowerCase();
  return changeStore(Config.from(process.env), async ({ database, changes }) => {
    const token = await findOne(database, matches);
    if (token === undefined || !(await new ApiAccessTokenStore(database, changes).delete(token, BY_COMMAND)))
      throw new CommandError(id === undefined ? 'There is no such token.' : `There is no token with the ID ${id}.`);
    const described = summary(token);
    return { document: described, lines: [`The token ${described.id}, for ${scopeOf(token)}, is revoked.`] };
  });
}

async function findOne(
  database: Database,
  matches: (token: ApiAccessToken) => boolean,
): Promise<ApiAccessToken | undefined> {
  const [token, another] = (await listTokens(database)).filter(matches);
  if (another !== undefined) throw new CommandError('Two tokens have this ID. Pass the token itself with --stdin.');
  return token;
}

/** The actor that created a token: a user of the command line, another token, or the server at its first start. */
function authorOf({ createdBy }: ApiAccessToken): string {
  if (createdBy.type === 'api_access_token') return createdBy.id;
  return createdBy.type === 'cli' && createdBy.user !== undefined ? createdBy.user : createdBy.type;
}
