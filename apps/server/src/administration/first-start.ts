import { randomInt } from 'node:crypto';
import type { Config } from '../config/config.ts';
import { hashToken, newToken } from '../crypto/token.ts';
import { newService } from '../services/service.ts';
import type { ServiceStore } from '../services/service-store.ts';

/** The service that an empty store was given. */
export interface FirstService {
  readonly serviceId: number;
  /** The API access token, where it was made here: this is the only time that it is known. */
  readonly accessToken: string | undefined;
}

/** Service IDs look like Authlete's: ten digits. */
const SMALLEST_SERVICE_ID = 1_000_000_000;

/** A random one, which may be taken. */
export function newServiceId(): number {
  return randomInt(SMALLEST_SERVICE_ID, 10 * SMALLEST_SERVICE_ID);
}

/** Gives an empty store its first service and an API access token with every right; `undefined` when it has one. */
export async function prepareFirstStart(config: Config, services: ServiceStore): Promise<FirstService | undefined> {
  if (!(await services.isEmpty())) return undefined;
  const serviceId = config.bootstrapServiceId ?? newServiceId();
  const accessToken = config.bootstrapAccessToken ?? newToken();
  const inserted = await services.insertFirst(newService(serviceId, 1, Date.now()), {
    tokenHash: hashToken(accessToken),
    serviceId: undefined,
    accessRights: ['ADMIN'],
  });
  if (!inserted) return undefined;
  return { serviceId, accessToken: config.bootstrapAccessToken === undefined ? accessToken : undefined };
}
