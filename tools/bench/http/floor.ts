/**
 * What the API costs at least: bare Fastify on the same store, configured by the environment as the server is, where the server
 * has registered a client before. It looks up and keeps clients as the server does, as durably, and answers as much as the
 * server does, but always the same: it judges nothing, authenticates nobody, converts nothing and logs nothing.
 */
import fastify from 'fastify';
import type { ClientProperties, StoredClient } from '../../../apps/server/src/store/client-store.ts';
import { builtServer } from '../built-server.ts';
import { answerBenchmark } from './child.ts';
import { SERVICE_ID } from './server-process.ts';

const server = await builtServer();
const config = server.Config.from(process.env);
if (config.database.engine !== 'sqlite') throw new Error('The floor is measured on SQLite.');
const database = await server.SqliteDatabase.open(config.database.path);
const clients = new server.SqlClientStore(database, new server.SecretEncryption(server.loadEncryptionKeys(config)));

const find = async (clientId: string): Promise<StoredClient> => {
  const client = await clients.find(SERVICE_ID, Number(clientId));
  if (client === undefined) throw new Error('There is no such client.');
  return client;
};
const [row] = await database.read({ sql: 'SELECT client_id FROM client LIMIT 1', values: [] });
const sample: StoredClient = { ...(await find(String(row?.client_id))) };
const service = await new server.ServiceStore(database).find(SERVICE_ID);
if (service === undefined) throw new Error('There is no service.');
const configurationEndpoint = new server.PublicUrls(config).clientConfigurationEndpoint(service);
const presented = { service, client: sample, token: 'x'.repeat(43), configurationEndpoint };
const created = server.created(presented);
const found = server.found(presented);
const updated = server.updated(presented);

const propertiesIn = (json: string): ClientProperties =>
  Object.assign(JSON.parse(json) as ClientProperties, { dynamicallyRegistered: true });

const app = fastify();
app.post<{ Body: { json: string } }>('/api/:serviceId/client/registration', async ({ body: { json } }) => {
  const now = Date.now();
  const properties = propertiesIn(json);
  await clients.insert({ ...sample, clientId: server.newClientId(now), createdAt: now, modifiedAt: now, properties });
  return created;
});
app.post<{ Body: { clientId: string } }>('/api/:serviceId/client/registration/get', async ({ body: { clientId } }) => {
  const { properties } = await find(clientId);
  return properties.dynamicallyRegistered ? found : undefined;
});
app.post<{ Body: { clientId: string; json: string } }>(
  '/api/:serviceId/client/registration/update',
  async ({ body: { clientId, json } }) => {
    const { clientId: id, version } = await find(clientId);
    const properties = propertiesIn(json);
    await clients.replace({ ...sample, clientId: id, version: version + 1, modifiedAt: Date.now(), properties });
    return updated;
  },
);
await app.listen({ port: 0, host: '127.0.0.1' });
answerBenchmark(app.server);
