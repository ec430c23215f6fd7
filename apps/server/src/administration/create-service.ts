import { randomInt } from 'node:crypto';
import { insertToken, type ApiAccessToken } from '../access/api-access-token-store.ts';
import type { Config } from '../config/config.ts';
import { hashToken, newToken } from '../crypto/token.ts';
import type { Database, Statement } from '../database/database.ts';
import { newService, type Service } from '../services/service.ts';
import { CHANGE_STATE, insertService, ServiceStore } from '../services/service-store.ts';

/** The service that was created in an empty store. */
export interface FirstService {
  readonly serviceId: number;
  /** The API access token, if the server generated it. Only its hash is stored. */
  readonly accessToken: string | undefined;
}

/** An API access token that is stored with its service. */
type NewToken = Omit<ApiAccessToken, 'createdAt'>;

/** Authlete's service IDs have ten digits. */
const SMALLEST_SERVICE_ID = 1_000_000_000;

/** A random service ID, which may be taken. */
export function newServiceId(): number {
  return randomInt(SMALLEST_SERVICE_ID, 10 * SMALLEST_SERVICE_ID);
}

/** Creates the first service, and an API access token with every right, in an empty store; returns `undefined` if the store has a service. */
export async function createFirstService(config: Config, database: Database): Promise<FirstService | undefined> {
  if (!(await new ServiceStore(database).isEmpty())) return undefined;
  const serviceId = config.bootstrapServiceId ?? newServiceId();
  const accessToken = config.bootstrapAccessToken ?? newToken();
  const service = newService(serviceId, 1, Date.now());
  const created = await insert(
    database,
    service,
    { tokenHash: hashToken(accessToken), serviceId: undefined, accessRights: ['ADMIN'] },
    'WHERE NOT EXISTS (SELECT 1 FROM service)',
    // Servers that start at the same time wait for each other at this row.
    { sql: 'UPDATE schema_migration SET applied_at = applied_at WHERE version = 1', values: [] },
  );
  if (!created) return undefined;
  return { serviceId, accessToken: config.bootstrapAccessToken === undefined ? accessToken : undefined };
}

/** Stores a new service and a token for it, both or neither; returns false, with nothing changed, if its ID is taken. */
export function createService(database: Database, service: Service, token: NewToken): Promise<boolean> {
  // SQLite needs the WHERE to tell ON CONFLICT from the ON of a join.
  return insert(database, service, token, 'WHERE TRUE ON CONFLICT DO NOTHING');
}

async function insert(
  database: Database,
  service: Service,
  token: NewToken,
  condition: string,
  ...first: readonly Statement[]
): Promise<boolean> {
  const stored = { ...token, createdAt: service.createdAt };
  const changes = await database.write(...first, insertService(service, condition), insertToken(stored), CHANGE_STATE);
  return changes.at(-1) === 1;
}
