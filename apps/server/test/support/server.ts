import type { Client, ClientInformation, ErrorResponse, RegistrationResponse } from '@clientele/model/metadata';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from '../../src/app.ts';
import { Config } from '../../src/config/config.ts';
import { ManagementServer } from '../../src/management/management-server.ts';
import { addressOf, start } from '../../src/start.ts';
import type { AccessRight } from '../../src/access/access-right.ts';
import { ApiAccessTokenStore } from '../../src/access/api-access-token-store.ts';
import { hashToken, newToken } from '../../src/crypto/token.ts';
import { createService, isEmpty, storeOf } from '../../src/administration/services/create-service.ts';
import { SYSTEM } from '../../src/changes/change.ts';
import type { Service } from '../../src/services/service.ts';
import { ServiceStore } from '../../src/services/service-store.ts';
import { ClientStore } from '../../src/clients/client-store.ts';
import type { StoredClient } from '../../src/clients/client.ts';
import { Database, type Row, type SqlValue } from '../../src/database/database.ts';
import { newStore } from './engine.ts';
import { everythingService } from './everything-service.ts';
import { send, type RawAnswer, type RawRequest } from './http.ts';

export const SERVICE_ID = 986126671;
export const ACCESS_TOKEN = 'an-api-access-token-for-all-tests';

/** A running server with one service, and the calls of tests to it. */
export interface TestServer {
  readonly app: NestFastifyApplication;
  /** http://127.0.0.1:port */
  readonly baseUrl: string;
  /** The base URL of the management endpoints. */
  readonly managementUrl: string;
  /** Calls one of the four registration APIs. */
  call(operation: Operation, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** Registers a client; throws unless it was created. */
  register(metadata?: object | string): Promise<Registered>;
  /** Gets a client; throws unless it was found. */
  get(client: Registered): Promise<Answer>;
  /** Updates a client with its `client_id` and the metadata; throws unless it was updated. */
  update(client: Registered, metadata: object): Promise<Answer>;
  /** Sends a registration call with these changes. `fetch` would correct some of them. */
  send(request: Partial<RawRequest>): Promise<RawAnswer>;
  /** The rows of all clients. */
  storedClients(): Promise<readonly Row[]>;
  /** The row of one client. */
  stored(clientId: number): Promise<Row | undefined>;
  /** Changes columns of one client directly in the database. */
  changeStored(clientId: number, change: Readonly<Record<string, SqlValue>>): Promise<void>;
  /** Replaces the settings of the service by those of a service that supports everything, with these changes. */
  configure(changes?: Partial<Service>): Promise<void>;
  /** Creates another service, and a token for it. */
  addService(service: Service, token: Parameters<typeof createService>[2]): Promise<void>;
  /** The headers of a caller whose token has these rights for the service. */
  callerWith(...accessRights: readonly AccessRight[]): Promise<Record<string, string>>;
  /** Changes parts of a client, as an administrator does. */
  amend(clientId: number, changes: Partial<StoredClient>): Promise<void>;
  close(): Promise<void>;
}

export type Operation = 'register' | 'get' | 'update' | 'delete';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: RegistrationResponse & { responseContent?: string };
  /** The response content, parsed. */
  readonly content: ClientInformation & ErrorResponse;
  /** The client in the body. */
  readonly client: Client;
}

export interface Registered {
  readonly clientId: number;
  readonly token: string;
  readonly information: ClientInformation;
  readonly client: Client;
}

/** Path of a registration call. */
export function pathOf(operation: Operation, serviceId: number | string = SERVICE_ID): string {
  return `/api/${serviceId}/client/registration${operation === 'register' ? '' : `/${operation}`}`;
}

/** The headers of every valid API call. */
export const HEADERS = { authorization: `Bearer ${ACCESS_TOKEN}`, 'content-type': 'application/json' } as const;

/**
 * Starts the same server as `main.ts` on a free port. Unless the environment names a store, the server uses a new one on the
 * engine that the tests run on.
 */
export async function startServer(environment: Record<string, string> = {}): Promise<TestServer> {
  const store = await newStore();
  const config = Config.from({
    PORT: '0',
    ...store.environment,
    BOOTSTRAP_SERVICE_ID: String(SERVICE_ID),
    BOOTSTRAP_ACCESS_TOKEN: ACCESS_TOKEN,
    LOG_LEVEL: 'silent',
    ...environment,
  });
  const app = await createApp(config);
  await createEverythingService(app, config);
  await start(app, config);
  const { port } = addressOf(app);
  const baseUrl = `http://${config.host}:${port}`;
  const database = app.get(Database);

  const call = async (operation: Operation, body: unknown, headers: Record<string, string> = {}): Promise<Answer> => {
    const response = await fetch(`${baseUrl}${pathOf(operation)}`, {
      method: 'POST',
      headers: { ...HEADERS, ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    const parsed = (await response.json()) as Answer['body'];
    const content = JSON.parse(parsed.responseContent ?? '{}') as Answer['content'];
    const { client = {} as Client } = parsed as { client?: Client };
    return { status: response.status, headers: response.headers, body: parsed, content, client };
  };

  const expecting = (action: string, response: Answer): Answer => {
    if (response.body.action !== action) throw new Error(`Expected ${action}: ${JSON.stringify(response.body)}`);
    return response;
  };

  return {
    app,
    baseUrl,
    managementUrl: app.get(ManagementServer).url ?? baseUrl,
    call,
    register: async (metadata = { client_name: 'My Dynamic Client' }) => {
      const { client, content } = expecting(
        'CREATED',
        await call('register', { json: typeof metadata === 'string' ? metadata : JSON.stringify(metadata) }),
      );
      return { clientId: client.clientId, token: content.registration_access_token, information: content, client };
    },
    get: async ({ clientId, token }) => expecting('OK', await call('get', { clientId, token })),
    update: async ({ clientId, token }, metadata) => {
      const json = JSON.stringify({ client_id: String(clientId), ...metadata });
      return expecting('UPDATED', await call('update', { clientId, token, json }));
    },
    send: (request) => send(baseUrl, { path: pathOf('register'), headers: HEADERS, ...request }),
    storedClients: () => database.read({ sql: 'SELECT * FROM client ORDER BY service_id, client_id', values: [] }),
    stored: async (clientId) => {
      const [row] = await database.read({ sql: 'SELECT * FROM client WHERE client_id = $1', values: [clientId] });
      return row;
    },
    changeStored: async (clientId, change) => {
      for (const [column, value] of Object.entries(change)) {
        await database.write({
          sql: `UPDATE client SET ${column} = $1 WHERE client_id = $2`,
          values: [value, clientId],
        });
      }
    },
    configure: async (changes = {}) => {
      const services = app.get(ServiceStore);
      const current = await services.find(SERVICE_ID);
      if (current === undefined) throw new Error('The service is gone.');
      const modifiedAt = Math.max(Date.now(), current.modifiedAt + 1);
      const service: Service = { ...everythingService(SERVICE_ID, 1, current.createdAt), modifiedAt, ...changes };
      if (!(await services.replace(current, service, SYSTEM))) throw new Error('The service was changed meanwhile.');
    },
    addService: async (service, token) => {
      if (!(await createService(storeOf(app), service, token, SYSTEM))) throw new Error('The service exists.');
    },
    callerWith: async (...accessRights) => {
      const token = newToken();
      await app
        .get(ApiAccessTokenStore)
        .insert({ tokenHash: hashToken(token), serviceId: SERVICE_ID, accessRights, createdAt: Date.now() }, SYSTEM);
      return { ...HEADERS, authorization: `Bearer ${token}` };
    },
    amend: async (clientId, changes) => {
      const clients = app.get(ClientStore);
      const client = await clients.find(SERVICE_ID, clientId);
      if (client === undefined) throw new Error(`There is no client ${clientId}.`);
      const { version, modifiedAt } = client;
      await clients.replace(
        client,
        { ...client, version: version + 1, modifiedAt: modifiedAt + 1, ...changes },
        SYSTEM,
      );
    },
    close: async () => {
      await app.close();
      await store.drop();
    },
  };
}

/** Creates the first service of an empty store instead of the server, whose first service does not support everything. */
async function createEverythingService(app: NestFastifyApplication, config: Config): Promise<void> {
  const store = storeOf(app);
  if (!(await isEmpty(store.database))) return;
  const { bootstrapServiceId = SERVICE_ID, bootstrapAccessToken = ACCESS_TOKEN } = config;
  const service = everythingService(bootstrapServiceId, 1, Date.now());
  const tokenHash = hashToken(bootstrapAccessToken);
  await createService(store, service, { tokenHash, serviceId: undefined, accessRights: ['ADMIN'] }, SYSTEM);
}
