import { Database } from '../src/database/database.ts';
import { matching } from './support/matchers.ts';
import { MINIMAL, type ProtocolAnswer, protocolOf } from './support/protocol.ts';
import { startServer, type TestServer } from './support/server.ts';

describe('the protocol plane while the store cannot be written', () => {
  let server: TestServer;
  let protocol: ReturnType<typeof protocolOf>;

  beforeAll(async () => {
    server = await startServer();
    protocol = protocolOf(server);
  });

  afterAll(() => server.close());

  const setReadOnly = (on: boolean) =>
    server.app.get(Database).read({ sql: `PRAGMA query_only = ${on ? 'ON' : 'OFF'}`, values: [] });

  const expectUnavailable = ({ status, headers, body }: ProtocolAnswer): void => {
    expect(status).toBe(503);
    expect(headers['retry-after']).toBe('1');
    expect(headers['cache-control']).toBe('no-store');
    expect(headers).not.toHaveProperty('www-authenticate');
    expect(body).toEqual({ error: 'temporarily_unavailable', error_description: matching(/Nothing was changed/) });
  };

  it('returns 503 for a valid token and 401 for a wrong token, and recovers afterwards', async () => {
    const { body } = await protocol.register({ ...MINIMAL, client_name: 'My Client' });
    const { client_id: id, registration_access_token: token } = body;
    await setReadOnly(true);
    try {
      expectUnavailable(await protocol.register(MINIMAL));
      expectUnavailable(await protocol.register(MINIMAL, { 'idempotency-key': 'some-key' }));
      expectUnavailable(await protocol.update(id, token, { ...MINIMAL, client_id: id }));
      expectUnavailable(await protocol.delete(id, token));
      expect((await protocol.read(id, token)).body).toEqual(body);
      expect((await protocol.update(id, 'wrong', { ...MINIMAL, client_id: id })).status).toBe(401);
    } finally {
      await setReadOnly(false);
    }

    expect((await protocol.register(MINIMAL, { 'idempotency-key': 'some-key' })).status).toBe(201);
    expect((await protocol.delete(id, token)).status).toBe(204);
  });
});
