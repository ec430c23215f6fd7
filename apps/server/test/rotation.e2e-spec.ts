import { ClientStore } from '../src/clients/client-store.ts';
import { Database } from '../src/database/database.ts';
import { hashToken } from '../src/crypto/token.ts';
import { MINIMAL, protocolOf } from './support/protocol.ts';
import { SERVICE_ID, startServer, type TestServer } from './support/server.ts';

const METADATA = { ...MINIMAL, client_name: 'My Client' };
const GRACE = { registrationAccessTokenRotated: true, registrationAccessTokenGracePeriod: 3600 };

describe('rotation of the registration access token (RFC 7592 section 5)', () => {
  let server: TestServer;
  let protocol: ReturnType<typeof protocolOf>;

  beforeAll(async () => {
    server = await startServer();
    protocol = protocolOf(server);
  });

  afterAll(() => server.close());

  const registerClient = async (): Promise<{ id: string; token: string }> => {
    const { body } = await protocol.register(METADATA);
    return { id: body.client_id, token: body.registration_access_token };
  };
  const update = (id: string, token: string) => protocol.update(id, token, { ...METADATA, client_id: id });
  const rotate = async (id: string, token: string): Promise<string> => {
    const { status, body } = await update(id, token);
    expect(status).toBe(200);
    expect(body.registration_access_token).not.toBe(token);
    return body.registration_access_token;
  };
  const readStatus = async (id: string, token: string): Promise<number> => (await protocol.read(id, token)).status;
  const endGracePeriod = (id: string) =>
    server.app.get(Database).write({
      sql: 'UPDATE client SET previous_token_until = $2 WHERE client_id = $1',
      values: [Number(id), Date.now()],
    });

  it('is disabled by default: an update does not change the token', async () => {
    await server.configure();
    const { id, token } = await registerClient();

    expect((await update(id, token)).body.registration_access_token).toBe(token);
    expect(await readStatus(id, token)).toBe(200);
  });

  describe('without a grace period', () => {
    beforeEach(() => server.configure({ registrationAccessTokenRotated: true }));

    it('every update issues a new token and invalidates the previous token at once', async () => {
      const { id, token } = await registerClient();
      const second = await rotate(id, token);
      const third = await rotate(id, second);

      expect([await readStatus(id, token), await readStatus(id, second), await readStatus(id, third)]).toEqual([
        401, 401, 200,
      ]);
    });

    it('a read issues no new token (section 2.1)', async () => {
      const { id, token } = await registerClient();

      expect((await protocol.read(id, token)).body.registration_access_token).toBe(token);
    });

    it('a refused update issues no new token', async () => {
      const { id, token } = await registerClient();

      expect((await protocol.update(id, token, METADATA)).status).toBe(400);
      expect(await readStatus(id, token)).toBe(200);
    });

    it('only one of many concurrent updates succeeds, and its token is valid', async () => {
      const { id, token } = await registerClient();

      const responses = await Promise.all(Array.from({ length: 20 }, () => update(id, token)));

      const succeeded = responses.filter(({ status }) => status === 200);
      expect(succeeded).toHaveLength(1);
      expect(responses.filter(({ status }) => status === 401)).toHaveLength(19);
      expect(await readStatus(id, succeeded[0]!.body.registration_access_token)).toBe(200);
    });

    it('an update on the API plane also returns a new token', async () => {
      const client = await server.register(METADATA);
      const { content } = await server.update(client, METADATA);

      expect(content.registration_access_token).not.toBe(client.token);
      await expect(server.get({ ...client, token: content.registration_access_token })).resolves.toBeDefined();
      await expect(server.get(client)).rejects.toThrow('A215307');
    });
  });

  describe('with a grace period', () => {
    beforeEach(() => server.configure(GRACE));

    it('the previous token can read and update during the grace period, and is invalid after it', async () => {
      const { id, token } = await registerClient();
      const second = await rotate(id, token);
      expect([await readStatus(id, token), await readStatus(id, second)]).toEqual([200, 200]);
      const third = await rotate(id, token);
      expect([await readStatus(id, token), await readStatus(id, second), await readStatus(id, third)]).toEqual([
        200, 401, 200,
      ]);

      await endGracePeriod(id);

      expect([await readStatus(id, token), await readStatus(id, third)]).toEqual([401, 200]);
      expect((await update(id, token)).status).toBe(401);
      expect((await protocol.delete(id, token)).status).toBe(401);
      expect((await protocol.delete(id, third)).status).toBe(204);
    });

    it('another use of the previous token does not extend the grace period', async () => {
      const { id, token } = await registerClient();
      await rotate(id, token);
      const clients = server.app.get(ClientStore);
      const first = await clients.find(SERVICE_ID, Number(id));
      await rotate(id, token);
      const second = await clients.find(SERVICE_ID, Number(id));

      const previousOf = (client: typeof first) => client!.credentials.registrationAccessToken!.previous;
      expect(previousOf(second)).toEqual(previousOf(first));
    });

    it('only one previous token is valid', async () => {
      const { id, token } = await registerClient();
      const second = await rotate(id, token);
      const third = await rotate(id, second);

      expect([await readStatus(id, token), await readStatus(id, second), await readStatus(id, third)]).toEqual([
        401, 200, 200,
      ]);
    });

    it('many concurrent updates with the previous token all succeed, and one new token remains valid', async () => {
      const { id, token } = await registerClient();

      const responses = await Promise.all(Array.from({ length: 20 }, () => update(id, token)));

      expect(responses.map(({ status }) => status)).toEqual(Array(20).fill(200));
      const tokens = responses.map(({ body }) => body.registration_access_token);
      const statuses = await Promise.all(tokens.map((each) => readStatus(id, each)));
      expect(statuses.filter((status) => status === 200)).toHaveLength(1);
      expect(await readStatus(id, token)).toBe(200);
    });

    it('both tokens are stored only as hashes', async () => {
      const { id, token } = await registerClient();
      const second = await rotate(id, token);

      const row = JSON.stringify(await server.stored(Number(id)));

      for (const each of [token, second]) {
        expect(row).not.toContain(each);
        expect(row).toContain(hashToken(each));
      }
    });

    it('the API returns neither the previous token nor its hash', async () => {
      const client = await server.register(METADATA);
      const { text } = await server.send({
        path: `/api/${SERVICE_ID}/client/registration/update`,
        body: JSON.stringify({
          clientId: client.clientId,
          token: client.token,
          json: `{"client_id":"${client.clientId}"}`,
        }),
      });

      expect(text).not.toContain('previousToken');
      expect(text).not.toContain(hashToken(client.token));
    });
  });
});
