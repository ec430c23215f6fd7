import { Command, InvalidArgumentError } from 'commander';
import { LONGEST_LIFETIME } from '../access/api-access-token.dto.ts';
import { ApiAccessTokenStore, type NewApiAccessToken } from '../access/api-access-token-store.ts';
import { Config } from '../config/config.ts';
import { hashToken, newToken } from '../crypto/token.ts';
import { ServiceStore } from '../services/service-store.ts';
import { CommandError } from './command-error.ts';
import { parseDuration } from './duration.ts';
import { withAction, type Result } from './result.ts';
import { parseServiceId } from './service-id.ts';
import { BY_COMMAND, changeStore } from './store.ts';
import { scopeOf, summary, TOKEN_SHOWN_ONCE } from './token-summary.ts';

interface RecoverOptions {
  readonly service?: number;
  readonly expiresIn?: number;
}

/** `clientele token recover`: needs access to the store instead of a token, because those are lost. */
export function recoverCommand(): Command {
  const command = new Command('recover')
    .description(
      'create a token with every right in the store, if the tokens of administrators are lost; an embedded store needs its server stopped',
    )
    .option('--service <serviceId>', 'the service of the token; the default is all services', parseServiceId)
    .option(
      '--expires-in <duration>',
      'how long the token is valid, such as 1h; the default is without limit',
      parseLifetime,
    );
  return withAction(command, ({ service, expiresIn }: RecoverOptions) => {
    const createdAt = Date.now();
    const expiresAt = expiresIn === undefined ? undefined : createdAt + expiresIn * 1_000;
    return storeToken({ serviceId: service, accessRights: ['ADMIN'], createdAt, expiresAt });
  });
}

/** Stores a new token, whose value only the result has. */
export function storeToken(grant: Omit<NewApiAccessToken, 'tokenHash'>): Promise<Result> {
  return changeStore(Config.from(process.env), async ({ database, changes }) => {
    const { serviceId } = grant;
    if (serviceId !== undefined && (await new ServiceStore(database, changes).find(serviceId)) === undefined)
      throw new CommandError(`There is no service ${serviceId}.`);
    const token = newToken();
    const stored = { ...grant, tokenHash: hashToken(token) };
    await new ApiAccessTokenStore(database, changes).insert(stored, BY_COMMAND);
    const described = summary({ ...stored, createdBy: BY_COMMAND.actor });
    const end = described.expiresAt === null ? '' : `, until ${described.expiresAt}`;
    return {
      document: { ...described, token },
      lines: [token],
      notes: [
        `The ID of the token is ${described.id}; it is for ${scopeOf(stored)}${end}: ${stored.accessRights.join(', ')}.`,
        TOKEN_SHOWN_ONCE,
      ],
    };
  });
}

function parseLifetime(text: string): number {
  const seconds = parseDuration(text);
  if (seconds === 0 || seconds > LONGEST_LIFETIME)
    throw new InvalidArgumentError(`A token is valid for 1s to ${LONGEST_LIFETIME / 86_400}d.`);
  return seconds;
}
