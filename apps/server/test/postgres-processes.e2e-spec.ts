import { randomBytes } from 'node:crypto';
import type { CreatedApiAccessToken } from '@clientele/model/metadata';
import { postgresUrl } from './support/engine.ts';
import { createDatabase } from './support/postgres.ts';
import { ACCESS_TOKEN, SERVICE_ID, startServer, type TestServer } from './support/server.ts';

describe('two servers on one PostgreSQL', () => {
  let here: TestServer;
  let there: TestServer;
  let drop: () => Promise<void>;

  beforeAll(async () => {
    const database = await createDatabase(postgresUrl());
    const environment = {
      DATABASE_URL: database.url,
      AUTO_MIGRATE: 'true',
      ENCRYPTION_KEY: randomBytes(32).toString('base64url'),
    };
    here = await startServer(environment);
    there = await startServer(environment);
    ({ drop } = database);
  });

  afterAll(async () => {
    await here.close();
    await there.close();
    await drop();
  });

  it('apply a change of the service to the next call on the other server', async () => {
    for (let round = 0; round < 20; round++) {
      const on = round % 2 === 0;
      await here.configure({ dynamicRegistrationSupported: on });

      const { body } = await there.call('register', { json: '{}' });

      expect(body.action).toBe(on ? 'CREATED' : 'BAD_REQUEST');
    }
    await here.configure();
  });

  it('refuse an API access token that the other one has revoked from the next call', async () => {
    const call = async ({ baseUrl }: TestServer, method: string, path: string, token: string, body?: object) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const response = await fetch(`${baseUrl}/api/${SERVICE_ID}/api_access_token/${path}`, {
        method,
        headers,
        ...(body && { body: JSON.stringify(body) }),
      });
      return { status: response.status, text: await response.text() };
    };
    for (let round = 0; round < 5; round++) {
      const { text } = await call(here, 'POST', 'create', ACCESS_TOKEN, { accessRights: ['ADMIN'] });
      const { id, apiAccessToken } = JSON.parse(text) as CreatedApiAccessToken;
      expect((await call(there, 'GET', 'get/list', apiAccessToken)).status).toBe(200);

      expect((await call(here, 'DELETE', `delete/${id}`, ACCESS_TOKEN)).status).toBe(204);

      expect((await call(there, 'GET', 'get/list', apiAccessToken)).status).toBe(401);
    }
  });

  it('read and update the clients of each other', async () => {
    const client = await here.register({ client_name: 'Registered here' });

    await there.update(client, { client_name: 'Updated there' });
    await here.update(client, { client_name: 'Updated here' });

    expect((await there.get(client)).content.client_name).toBe('Updated here');
    expect(await there.stored(client.clientId)).toMatchObject({ version: 3 });
  });

  it('lose no concurrent update of one client', async () => {
    const client = await here.register();
    const { clientId, token } = client;
    const jsonOf = (i: number) => JSON.stringify({ client_id: String(clientId), client_name: `Updated ${i}` });

    const responses = await Promise.all(
      Array.from({ length: 60 }, (_, i) =>
        (i % 2 === 0 ? here : there).call('update', { clientId, token, json: jsonOf(i) }),
      ),
    );

    expect(responses.map(({ body }) => body.action)).toEqual(responses.map(() => 'UPDATED'));
    expect(await here.stored(clientId)).toMatchObject({ version: 61 });
  });
});
