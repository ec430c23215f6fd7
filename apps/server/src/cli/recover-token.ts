import { Command } from 'commander';
import { informationOf } from '../access/api-access-token-information.ts';
import { ApiAccessTokenStore } from '../access/api-access-token-store.ts';
import type { AccessRight } from '../access/access-right.ts';
import { isEmpty } from '../administration/services/create-service.ts';
import { Config } from '../config/config.ts';
import { hashToken, newToken } from '../crypto/token.ts';
import { ServiceStore } from '../services/service-store.ts';
import { CommandError } from './command-error.ts';
import { withExpiresIn } from './expires-in.ts';
import { withAction, type Result } from './result.ts';
import { parseServiceId } from './service-id.ts';
import { BY_COMMAND, changeStore } from './store.ts';
import { createdToken } from './token-summary.ts';

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
    .option('--service <serviceId>', 'the service of the token; the default is all services', parseServiceId);
  return withAction(withExpiresIn(command, 'without limit'), recover);
}

function recover({ service: serviceId, expiresIn }: RecoverOptions): Promise<Result> {
  return changeStore(Config.from(process.env), async ({ database, changes }) => {
    if (serviceId !== undefined && (await new ServiceStore(database, changes).find(serviceId)) === undefined)
      throw new CommandError(`There is no service ${serviceId}.`);
    // With a token for all services, the store would not be empty any more, and the first start would create no service.
    if (await isEmpty(database))
      throw new CommandError('The store has no service yet. Start the server: its first start prints a token.');
    const value = newToken();
    const createdAt = Date.now();
    const accessRights: readonly AccessRight[] = ['ADMIN'];
    const expiresAt = expiresIn === undefined ? undefined : createdAt + expiresIn * 1_000;
    const token = { tokenHash: hashToken(value), serviceId, accessRights, createdAt, expiresAt };
    await new ApiAccessTokenStore(database, changes).insert(token, BY_COMMAND);
    return createdToken(informationOf({ ...token, createdBy: BY_COMMAND.actor }), value);
  });
}
