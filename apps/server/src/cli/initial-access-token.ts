import type { InitialAccessTokenInformation } from '@clientele/client';
import { Command, InvalidArgumentError } from 'commander';
import { callService, onServer, SERVER_SETTINGS, type ServerOptions } from './connection.ts';
import { counted } from './counted.ts';
import { withExpiresIn } from './expires-in.ts';
import { isoTime } from './iso-time.ts';
import { withAction, type Result } from './result.ts';
import { columns } from './terminal.ts';
import { TOKEN_SHOWN_ONCE } from './token-summary.ts';

interface CreateOptions extends ServerOptions {
  readonly uses?: number;
  readonly label?: string;
  readonly expiresIn?: number;
}

/** `clientele initial-access-token`: the tokens with which client applications may register (RFC 7591 section 3). */
export function initialAccessTokenCommand(): Command {
  const createCommand = new Command('create')
    .description('create a token with which client applications may register')
    .option('--uses <number>', 'how many clients may be registered with it; the default is 1', parseNumber)
    .option('--label <text>', 'a name for people');
  const listCommand = new Command('list').description('show the tokens of a service without their values');
  const revokeCommand = new Command('revoke')
    .description('revoke a token; clients that were registered with it remain')
    .argument('<id>', "the ID of the token in 'initial-access-token list'", parseNumber);
  return new Command('initial-access-token')
    .description('create, show and revoke the tokens with which client applications may register')
    .addHelpText('after', SERVER_SETTINGS)
    .addCommand(withAction(withExpiresIn(onServer(createCommand), 'a day'), create))
    .addCommand(withAction(onServer(listCommand), list))
    .addCommand(withAction(onServer(revokeCommand), revoke));
}

async function create({ uses, label, expiresIn, ...options }: CreateOptions): Promise<Result> {
  const { initialAccessToken, ...token } = await callService(options, ({ initialAccessTokens }) =>
    initialAccessTokens.create({ uses, label, expiresIn }),
  );
  return {
    document: { ...summary(token), token: initialAccessToken },
    lines: [initialAccessToken],
    notes: [
      `The ID of the token is ${token.id}; it is for ${counted(token.uses, 'client')}, until ${isoTime(token.expiresAt)}.`,
      TOKEN_SHOWN_ONCE,
    ],
  };
}

async function list(options: ServerOptions): Promise<Result> {
  const tokens: InitialAccessTokenInformation[] = [];
  const ofService = await callService(options, async ({ initialAccessTokens }, { serviceId }) => {
    for await (const token of initialAccessTokens.list()) tokens.push(token);
    return serviceId;
  });
  return {
    document: { tokens: tokens.map(summary) },
    lines: columns(tokens.map(cellsOf)),
    notes: tokens.length === 0 ? [`Service ${ofService} has no initial access tokens.`] : [],
  };
}

async function revoke(id: number, options: ServerOptions): Promise<Result> {
  await callService(options, ({ initialAccessTokens }) => initialAccessTokens.delete(id));
  return { document: { revoked: id }, lines: [`The token ${id} is revoked.`] };
}

function summary(token: InitialAccessTokenInformation) {
  const { id, label = null, uses, usesLeft } = token;
  return {
    id,
    label,
    uses,
    usesLeft,
    createdAt: isoTime(token.createdAt),
    expiresAt: isoTime(token.expiresAt),
    lastUsedAt: isoTime(token.lastUsedAt),
  };
}

function cellsOf(token: InitialAccessTokenInformation): readonly string[] {
  const { id, label, uses, usesLeft, createdAt, expiresAt, lastUsedAt } = summary(token);
  return [
    String(id),
    `created ${createdAt}`,
    `expires ${expiresAt}`,
    lastUsedAt === null ? 'never used' : `used ${lastUsedAt}`,
    `${usesLeft} of ${uses} left`,
    // The label is the last column, because its length varies.
    ...(label === null ? [] : [label]),
  ];
}

function parseNumber(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(number) || number === 0)
    throw new InvalidArgumentError('Pass a whole number, 1 or more.');
  return number;
}
