import { randomInt } from 'node:crypto';
import { changeOfToken, insertToken, type NewApiAccessToken } from '../../access/api-access-token-store.ts';
import type { INestApplicationContext } from '@nestjs/common';
import { ChainKeys, INSTALLATION, newChain } from '../../changes/chains.ts';
import { SYSTEM, type ChangedBy } from '../../changes/change.ts';
import { stateOf } from '../../changes/mac.ts';
import { pendingStatement, pendingValues } from '../../changes/pending-changes.ts';
import type { Config } from '../../config/config.ts';
import { SecretEncryption } from '../../crypto/secret-encryption.ts';
import { hashToken, newToken } from '../../crypto/token.ts';
import { Database, type Statement } from '../../database/database.ts';
import { newService, type Service } from '../../services/service.ts';
import { CHANGE_STATE, insertService } from '../../services/service-store.ts';

/** The service that was created in an empty store. */
export interface FirstService {
  readonly service: Service;
  /** The API access token, if the server generated it. Only its hash is stored. */
  readonly accessToken: string | undefined;
}

/** An API access token that is stored with its service. */
type NewToken = Omit<NewApiAccessToken, 'createdAt'>;

/** The store in which services are created. */
export interface Store {
  readonly database: Database;
  readonly encryption: SecretEncryption;
  readonly keys: ChainKeys;
}

/** The store of a server. */
export function storeOf(app: INestApplicationContext): Store {
  return { database: app.get(Database), encryption: app.get(SecretEncryption), keys: app.get(ChainKeys) };
}

/** Authlete's service IDs have ten digits. */
const SMALLEST_SERVICE_ID = 1_000_000_000;

/** A random service ID, which may be taken. */
export function newServiceId(): number {
  return randomInt(SMALLEST_SERVICE_ID, 10 * SMALLEST_SERVICE_ID);
}

/** SQL that is true if a store is empty. One whose last service was deleted has a token for all services. */
const IS_EMPTY = `NOT EXISTS (SELECT 1 FROM service)
  AND NOT EXISTS (SELECT 1 FROM api_access_token WHERE service_id IS NULL)`;

/** Whether nobody has used the store: it has no service, and never had one. */
export async function isEmpty(database: Database): Promise<boolean> {
  return (await database.read({ sql: `SELECT 1 AS empty WHERE ${IS_EMPTY}`, values: [] })).length === 1;
}

/** Creates the first service, and an API access token with every right, in an empty store; returns `undefined` if it is not empty. */
export async function createFirstService(config: Config, store: Store): Promise<FirstService | undefined> {
  if (!(await isEmpty(store.database))) return undefined;
  const serviceId = config.bootstrapServiceId ?? newServiceId();
  const accessToken = config.bootstrapAccessToken ?? newToken();
  const { protocolRegistration } = config;
  const service = { ...newService(serviceId, 1, Date.now()), protocolRegistration };
  const created = await insert(
    store,
    service,
    { tokenHash: hashToken(accessToken), serviceId: undefined, accessRights: ['ADMIN'] },
    SYSTEM,
    `AND ${IS_EMPTY}`,
    // Servers that start at the same time wait for each other at this row.
    { sql: 'UPDATE schema_migration SET applied_at = applied_at WHERE version = 1', values: [] },
  );
  if (!created) return undefined;
  return { service, accessToken: config.bootstrapAccessToken === undefined ? accessToken : undefined };
}

/** Whether the store has an API access token. */
export async function hasToken(database: Database, accessToken: string): Promise<boolean> {
  const sql = 'SELECT 1 AS found FROM api_access_token WHERE token_hash = $1';
  return (await database.read({ sql, values: [hashToken(accessToken)] })).length === 1;
}

/** Stores a new service and a token, all or nothing; returns false, with nothing changed, if its ID is taken. */
export function createService(
  store: Store,
  service: Service,
  token: NewToken | undefined,
  by: ChangedBy,
): Promise<boolean> {
  return insert(store, service, token, by, 'ON CONFLICT DO NOTHING');
}

/** Stores a service with its audit chain and, if there is one, a token. `ending` is that of `insertService`. */
async function insert(
  { database, encryption, keys }: Store,
  service: Service,
  token: NewToken | undefined,
  by: ChangedBy,
  ending: string,
  ...first: readonly Statement[]
): Promise<boolean> {
  const { apiKey: serviceId, createdAt: at } = service;
  const chain = newChain(serviceId, encryption);
  const after = JSON.stringify(service);
  const created = pendingValues(
    chain.key,
    { action: 'service.created', subject: { type: 'service', id: String(serviceId) }, ...by },
    { serviceId, at, state: stateOf([after]), after },
  );
  const tokenCreation: Statement[] = [];
  if (token !== undefined) {
    const stored = { ...token, createdAt: at };
    const key = token.serviceId === undefined ? await keys.of(INSTALLATION) : chain.key;
    const tokenCreated = changeOfToken('api_access_token.created', stored, by);
    const values = pendingValues(key, tokenCreated, { serviceId: token.serviceId ?? INSTALLATION, at });
    tokenCreation.push(insertToken(stored, by), pendingStatement(values));
  }
  const changes = await database.write(
    ...first,
    insertService(service, ending),
    chain.statement,
    pendingStatement(created),
    ...tokenCreation,
    CHANGE_STATE,
  );
  return changes.at(-1) === 1;
}
