import type { AccessTokens, ApiAccessTokenInformation } from '@clientele/client';
import { Command, Option } from 'commander';
import { ACCESS_RIGHTS, type AccessRight } from '../access/access-right.ts';
import { confirm, type ConfirmationOptions } from './confirm.ts';
import {
  callAt,
  callServer,
  onServer,
  readServiceConnection,
  SERVER_SETTINGS,
  type Connection,
  type ServerOptions,
} from './connection.ts';
import { withExpiresIn } from './expires-in.ts';
import { fetchOwnToken } from './own-token.ts';
import { recoverCommand } from './recover-token.ts';
import { withAction, type Result } from './result.ts';
import { columns } from './terminal.ts';
import { createdToken, scopeOf, summary } from './token-summary.ts';

interface TokenOptions extends ServerOptions {
  readonly allServices?: boolean;
}

interface CreateOptions extends TokenOptions {
  readonly right: readonly AccessRight[];
  readonly label?: string;
  readonly expiresIn?: number;
}

const OR_ALL_SERVICES = 'Or pass --all-services for the tokens for all services.';

/** `clientele token`: creates, shows and revokes API access tokens of a running server. */
export function tokenCommand(): Command {
  const createCommand = new Command('create')
    .description('create an API access token')
    .addOption(
      new Option('--right <right...>', 'the rights of the token; the default allows the four registration calls')
        .choices(ACCESS_RIGHTS)
        .default(['USE_SERVICE']),
    )
    .option('--label <text>', 'a name for people');
  const listCommand = new Command('list').description('show the API access tokens without their values');
  const revokeCommand = new Command('revoke')
    .description('revoke an API access token: servers refuse the next call with it')
    .argument('<id>', "the ID of the token in 'token list'")
    .option('--yes', 'do not ask before you revoke the token that this command uses');
  return new Command('token')
    .description('create, show and revoke API access tokens')
    .addHelpText('after', SERVER_SETTINGS)
    .addCommand(withAction(withExpiresIn(onTokens(createCommand), 'without limit'), create))
    .addCommand(withAction(onTokens(listCommand), list))
    .addCommand(withAction(onTokens(revokeCommand), revoke))
    .addCommand(recoverCommand());
}

/** Adds the options that choose the tokens of a service, or those for all services. */
function onTokens(command: Command): Command {
  return onServer(command).addOption(
    new Option('--all-services', 'tokens for all services, including future ones').conflicts('service'),
  );
}

function callTokens<T>(
  { allServices = false, ...options }: TokenOptions,
  call: (tokens: AccessTokens, connection: Connection) => Promise<T>,
): Promise<T> {
  return allServices
    ? callServer(({ services }, connection) => call(services.accessTokens, connection))
    : callAt(readServiceConnection(process.env, options, OR_ALL_SERVICES), ({ accessTokens }, connection) =>
        call(accessTokens, connection),
      );
}

async function create({ right: accessRights, label, expiresIn, ...options }: CreateOptions): Promise<Result> {
  const { apiAccessToken, ...token } = await callTokens(options, (tokens) =>
    tokens.create({ accessRights: [...new Set(accessRights)], label, expiresIn }),
  );
  return createdToken(token, apiAccessToken);
}

async function list(options: TokenOptions): Promise<Result> {
  const { tokens, serviceId } = await callTokens(options, async (each, connection) => ({
    tokens: await each.list(),
    serviceId: options.allServices ? undefined : connection.serviceId,
  }));
  return {
    document: { tokens: tokens.map(summary) },
    lines: columns(tokens.map(cellsOf)),
    notes: tokens.length === 0 ? [noTokens(serviceId)] : [],
  };
}

function noTokens(serviceId: string | undefined): string {
  return serviceId === undefined
    ? 'There is no token for all services.'
    : `Service ${serviceId} has no tokens of its own; --all-services shows those for all services.`;
}

async function revoke(id: string, options: TokenOptions & ConfirmationOptions): Promise<Result> {
  await callTokens(options, async (tokens, connection) => {
    if (!options.yes) await confirmIfOwn(id, connection, options);
    await tokens.delete(id);
  });
  return { document: { revoked: id }, lines: [`The token ${id} is revoked.`] };
}

/** Asks before the caller loses access. If the server refuses the token, so does the call that follows, and says why. */
async function confirmIfOwn(
  id: string,
  { baseUrl, accessToken }: Connection,
  options: ConfirmationOptions,
): Promise<void> {
  const own = await fetchOwnToken({ baseUrl, accessToken });
  if ('problem' in own || own.id !== id) return;
  await confirm(
    `${id} is the token of this call. If you have no other one, only 'clientele token recover' creates one. Revoke it?`,
    options,
  );
}

function cellsOf(token: ApiAccessTokenInformation): readonly string[] {
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
}

/** The actor that created a token: a user of the command line, another token, or the server at its first start. */
function authorOf({ createdBy: { type, id, user } }: ApiAccessTokenInformation): string {
  return id ?? user ?? type;
}
