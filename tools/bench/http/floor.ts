/**
 * What the API costs at least: bare Fastify on the same store, with so many clients to begin with: `floor.ts <clients>`, configured
 * by the environment as the server is. It keeps clients as durably as the server, and answers as much, but always the same: it
 * judges nothing, authenticates nobody, converts nothing and logs nothing.
 */
import type { CreatedResponse, FoundResponse, UpdatedResponse } from '@clientele/model/metadata';
import fastify from 'fastify';
import type { ClientProperties, StoredClient } from '../../../apps/server/src/clients/client.ts';
import { builtServer } from '../built-server.ts';
import { aClient, insertClients } from '../store/clients.ts';
import { answerBenchmark } from './child.ts';
import { openFloorStore } from './floor-store.ts';
import { SERVICE_ID } from './server-process.ts';

const server = await builtServer();
const config = server.Config.from(process.env);
const store = await openFloorStore(server, config);

const find = async (clientId: string): Promise<StoredClient> => {
  const client = await store.find(SERVICE_ID, Number(clientId));
  if (client === undefined) throw new Error('There is no such client.');
  return client;
};
const services = new server.ServiceStore(store.database);
await server.prepareFirstStart(config, services);
await insertClients(store, Number(process.argv[2]));
const sample = aClient(0);
const service = await services.find(SERVICE_ID);
if (service === undefined) throw new Error('There is no service.');
const configurationEndpoint = new server.PublicUrls(config).clientConfigurationEndpoint(service);
const presented = { service, client: sample, token: 'x'.repeat(43), configurationEndpoint };
const created = JSON.parse(server.created(presented).text) as CreatedResponse;
const found = JSON.parse(server.found(presented).text) as FoundResponse;
const updated = JSON.parse(server.updated(presented).text) as UpdatedResponse;
const deleted = server.deleted();

const propertiesIn = (json: string): ClientProperties =>
  Object.assign(JSON.parse(json) as ClientProperties, { dynamicallyRegistered: true });

const app = fastify();
app.post<{ Body: { json: string } }>('/api/:serviceId/client/registration', async ({ body: { json } }) => {
  const now = Date.now();
  const client = { ...sample, createdAt: now, modifiedAt: now, properties: propertiesIn(json) };
  let clientId = server.newClientId(now);
  // Another client may have the same ID, as in the server.
  while (!(await store.insert({ ...client, clientId }))) clientId = server.newClientId(now);
  // The caller goes on with the client that it is told of.
  const responseContent = created.responseContent.replaceAll(String(sample.clientId), String(clientId));
  return { ...created, responseContent };
});
app.post<{ Body: { clientId: string } }>('/api/:serviceId/client/registration/get', async ({ body: { clientId } }) => {
  const { properties } = await find(clientId);
  return properties.dynamicallyRegistered ? found : undefined;
});
app.post<{ Body: { clientId: string; json: string } }>(
  '/api/:serviceId/client/registration/update',
  async ({ body: { clientId, json } }) => {
    if (!(await store.update(SERVICE_ID, Number(clientId), propertiesIn(json))))
      throw new Error('There is no such client.');
    return updated;
  },
);
app.post<{ Body: { clientId: string } }>(
  '/api/:serviceId/client/registration/delete',
  async ({ body: { clientId } }) => {
    if (!(await store.delete(await find(clientId)))) throw new Error('There is no such client.');
    return deleted;
  },
);
await app.listen({ port: 0, host: '127.0.0.1' });
answerBenchmark(app.server);
