import { jest } from '@jest/globals';
import { Database } from '../src/database/database.ts';
import { UnusedRegistrations } from '../src/registration/unused-registrations.ts';
import { logOf } from './support/audit.ts';
import { protocolOf } from './support/protocol.ts';
import { HEADERS, SERVICE_ID, startServer, type TestServer } from './support/server.ts';

const SECONDS_OF_A_DAY = 86_400;

describe('the limits of a day', () => {
  let server: TestServer;
  let protocol: ReturnType<typeof protocolOf>;

  beforeAll(async () => {
    server = await startServer({ OPEN_REGISTRATIONS_PER_DAY: '3', UPDATES_PER_CLIENT_PER_DAY: '2' });
    protocol = protocolOf(server);
  });

  afterAll(() => server.close());

  it('refuse more updates by one client, on both planes, and change nothing', async () => {
    const registered = await server.register({ redirect_uris: ['https://client.example.org/0'] });
    const metadataOf = (n: number) => ({ redirect_uris: [`https://client.example.org/${n}`] });
    await server.update(registered, metadataOf(1));
    // An update that changes nothing does not count.
    await server.update(registered, metadataOf(1));
    await server.update(registered, metadataOf(2));
    const before = await server.stored(registered.clientId);
    const { clientId, token } = registered;
    const id = String(clientId);

    const ofApi = await server.call('update', {
      clientId,
      token,
      json: JSON.stringify({ client_id: id, ...metadataOf(3) }),
    });
    const ofProtocol = await protocol.update(clientId, token, { client_id: id, ...metadataOf(3) });

    expect(ofApi.status).toBe(429);
    expect(ofApi.body).toEqual({
      resultCode: 'A001106',
      resultMessage:
        '[A001106] The limit of 2 updates a day by one client is reached. Nothing was changed; repeat the call after Retry-After seconds.',
    });
    expect(Number(ofApi.headers.get('retry-after'))).toBeLessThanOrEqual(SECONDS_OF_A_DAY);
    expect(Number(ofApi.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(ofProtocol.status).toBe(429);
    expect(ofProtocol.body.error).toBe('temporarily_unavailable');
    expect(Number(ofProtocol.headers['retry-after'])).toBeGreaterThan(0);
    expect(await server.stored(clientId)).toEqual(before);
    await server.get(registered);
  });

  it('allow updates again on the next day, and updates by other clients', async () => {
    const registered = await server.register();
    for (const name of ['1', '2']) await server.update(registered, { client_name: name });
    const row = await server.stored(registered.clientId);
    await server.changeStored(registered.clientId, { update_day: Number(row?.update_day) - 1 });

    await server.update(registered, { client_name: '3' });
    await server.update(await server.register(), { client_name: '1' });

    expect(await server.stored(registered.clientId)).toMatchObject({ update_day: row?.update_day, update_count: 1 });
  });

  it('refuse more registrations without a token on the protocol plane, exactly, and no others', async () => {
    const responses = await Promise.all(Array.from({ length: 8 }, () => protocol.register()));

    expect(responses.filter(({ status }) => status === 201)).toHaveLength(3);
    const refused = responses.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(5);
    for (const { body, headers } of refused) {
      expect(body).toEqual({
        error: 'temporarily_unavailable',
        error_description:
          '[A001105] The limit of 3 registrations a day without an initial access token is reached. Nothing was changed; repeat the call after Retry-After seconds.',
      });
      expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    }
    await server.register();
  });

  it('count again on the next day, and after a clock that was ahead, but not if another server is a day ahead', async () => {
    const database = server.app.get(Database);
    const changeDay = (days: number) =>
      database.write({ sql: 'UPDATE open_operation_count SET day = day + $1, operations = 3', values: [days] });
    for (const [days, status] of [
      [-1, 201],
      [2, 201],
      [1, 429],
    ] as const) {
      await changeDay(days);
      expect((await protocol.register()).status).toBe(status);
    }
  });

  it('create and change nothing on either plane while the clock is wrong', async () => {
    const client = await server.register();
    const before = await server.storedClients();
    const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.UTC(2090, 0, 1));
    try {
      const ofApi = await server.call('register', { json: '{}' });
      expect(ofApi.status).toBe(503);
      expect(ofApi.headers.get('retry-after')).toBe('1');
      expect(ofApi.body).toMatchObject({ resultCode: 'A001110', action: 'INTERNAL_SERVER_ERROR' });
      expect(ofApi.content.error).toBe('server_error');
      const ofProtocol = await protocol.register();
      expect(ofProtocol.status).toBe(503);
      expect(ofProtocol.headers['retry-after']).toBe('1');
      expect(ofProtocol.body).toEqual({
        error: 'temporarily_unavailable',
        error_description: ofApi.content.error_description,
      });
      const update = { clientId: client.clientId, token: client.token, json: JSON.stringify(client.information) };
      expect(await server.call('update', update)).toMatchObject({ status: 503, body: { resultCode: 'A001110' } });
      const settings = { method: 'PATCH', headers: HEADERS, body: '{"serviceName":"Later"}' };
      const ofService = await fetch(`${server.baseUrl}/api/${SERVICE_ID}/service/update`, settings);
      expect([ofService.status, await ofService.json()]).toMatchObject([503, { resultCode: 'A001110' }]);
      const read = await fetch(`${server.baseUrl}/api/${SERVICE_ID}/client/get/${client.clientId}`, {
        headers: HEADERS,
      });
      expect(read.status).toBe(200);
      const readiness = await fetch(`${server.baseUrl}/health/ready`);
      expect(await readiness.json()).toMatchObject({ reasons: { clock: 'The clock of this machine is wrong.' } });
    } finally {
      clock.mockRestore();
    }
    expect(await server.storedClients()).toEqual(before);
  });
});

describe('the limit of the updates by clients without an initial access token', () => {
  it('holds for all of them together on the protocol plane, and for no other update', async () => {
    const server = await startServer({ OPEN_UPDATES_PER_DAY: '3' });
    const protocol = protocolOf(server);
    const clients = await Promise.all([1, 2].map(() => server.register()));
    const update = ({ clientId, token }: (typeof clients)[number], name: string) =>
      protocol.update(clientId, token, {
        client_id: String(clientId),
        client_name: name,
        redirect_uris: ['https://client.example.org/cb'],
      });

    const responses = await Promise.all(
      clients.flatMap((client) => ['1', '2', '3'].map((name) => update(client, name))),
    );

    expect(responses.filter(({ status }) => status === 200)).toHaveLength(3);
    const refused = responses.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(3);
    expect(refused[0]?.body.error_description).toBe(
      '[A001107] The limit of 3 updates a day by all clients without an initial access token is reached. Nothing was changed; repeat the call after Retry-After seconds.',
    );
    await server.update(clients[0]!, { client_name: 'through the authorization server' });
    await server.close();
  });
});

describe('a registration that nobody uses', () => {
  const LIFETIME = 3600;
  let server: TestServer;
  let protocol: ReturnType<typeof protocolOf>;

  beforeAll(async () => {
    server = await startServer();
    protocol = protocolOf(server);
  });

  afterAll(() => server.close());

  const sweep = (seconds: number) => server.app.get(UnusedRegistrations).sweep(Date.now() + seconds * 1000);
  const register = async () => {
    const { body } = await protocol.register();
    return { id: Number(body.client_id), token: body.registration_access_token };
  };

  it('is deleted after the time of its service, with an entry of the server in the log', async () => {
    await server.configure({ unusedRegistrationLifetime: LIFETIME });
    const { id } = await register();

    expect(await sweep(LIFETIME - 60)).toBe(0);
    expect(await sweep(LIFETIME + 60)).toBe(1);

    expect(await server.stored(id)).toBeUndefined();
    const entries = await logOf(server).entries(id);
    expect(entries.at(-1)).toMatchObject({ action: 'client.deleted', actor: { type: 'system' } });
    expect(await logOf(server).problems()).toEqual([]);
  });

  it('stays if the clock was set forward', async () => {
    await server.configure({ unusedRegistrationLifetime: LIFETIME });
    const { id } = await register();

    const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + LIFETIME * 2000);
    const deleted = await server.app.get(UnusedRegistrations).sweep();
    clock.mockRestore();

    expect(deleted).toBe(0);
    expect(await server.stored(id)).toBeDefined();
    expect(await sweep(LIFETIME + 60)).toBe(1);
  });

  it('stays if its service sets no time, or after it was read, updated or looked up', async () => {
    await server.configure();
    const [unused, read, updated, resolved] = [await register(), await register(), await register(), await register()];
    expect(await sweep(LIFETIME * 1000)).toBe(0);

    await server.configure({ unusedRegistrationLifetime: LIFETIME });
    await protocol.read(read.id, read.token);
    await protocol.update(updated.id, updated.token, {
      client_id: String(updated.id),
      redirect_uris: ['https://client.example.org/other'],
    });
    await fetch(`${server.baseUrl}/api/${SERVICE_ID}/client/resolve`, {
      method: 'POST',
      headers: HEADERS,
      body: JSON.stringify({ clientId: String(resolved.id) }),
    });
    expect(await sweep(LIFETIME * 1000)).toBe(1);

    const stored = (await server.storedClients()).map(({ client_id }) => Number(client_id));
    expect(stored).not.toContain(unused.id);
    expect(stored).toEqual(expect.arrayContaining([read.id, updated.id, resolved.id]));
  });

  it('stays if it was registered with an initial access token', async () => {
    await server.configure({ unusedRegistrationLifetime: LIFETIME, protocolRegistration: 'INITIAL_ACCESS_TOKEN' });
    const created = await protocol.send(
      'POST',
      `/api/${SERVICE_ID}/initial_access_token/create`,
      { authorization: 'Bearer an-api-access-token-for-all-tests', 'content-type': 'application/json' },
      '{}',
    );
    const { initialAccessToken } = created.body as unknown as { initialAccessToken: string };
    const { status } = await protocol.register(undefined, { authorization: `Bearer ${initialAccessToken}` });

    expect(status).toBe(201);
    expect(await sweep(LIFETIME * 1000)).toBe(0);
  });
});
