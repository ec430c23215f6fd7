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

  const registered = async (): Promise<{ id: string; token: string }> => {
    const { body } = await protocol.register(METADATA);
    return { id: body.client_id, token: body.registration_access_token };
  };
  const update = (id: string, token: string) => protocol.update(id, token, { ...METADATA, client_id: id });
  const rotated = async (id: string, token: string): Promise<string> => {
    const { status, body } = await update(id, token);
    expect(status).toBe(200);
    expect(body.registration_access_token).not.toBe(token);
    return body.registration_access_token;
  };
  const read = async (id: string, token: string): Promise<number> => (await protocol.read(id, token)).status;
  const endGrace = (id: string) =>
    server.app.get(Database).write({
      sql: 'UPDATE client SET previous_token_until = $2 WHERE client_id = $1',
      values: [Number(id), Date.now()],
    });

  it('is off: an update leaves the token as it is', async () => {
    await server.configure();
    const { id, token } = await registered();

    expect((await update(id, token)).body.registration_access_token).toBe(token);
    expect(await read(id, token)).toBe(200);
  });

  describe('without a grace period', () => {
    beforeEach(() => server.configure({ registrationAccessTokenRotated: true }));

    it('gives a new token with every update, and the one before is worthless at once', async () => {
      const { id, token } = await registered();
      const second = await rotated(id, token);
      const third = await rotated(id, second);

      expect([await read(id, token), await read(id, second), await read(id, third)]).toEqual([401, 401, 200]);
    });

    it('reading gives no new one (section 2.1)', async () => {
      const { id, token } = await registered();

      expect((await protocol.read(id, token)).body.registration_access_token).toBe(token);
    });

    it('an update that is refused gives no new one', async () => {
      const { id, token } = await registered();

      expect((await protocol.update(id, token, METADATA)).status).toBe(400);
      expect(await read(id, token)).toBe(200);
    });

    it('of many updates at the same time one is carried out, and its token is the one that counts', async () => {
      const { id, token } = await registered();

      const answers = await Promise.all(Array.from({ length: 20 }, () => update(id, token)));

      const winners = answers.filter(({ status }) => status === 200);
      expect(winners).toHaveLength(1);
      expect(answers.filter(({ status }) => status === 401)).toHaveLength(19);
      expect(await read(id, winners[0]!.body.registration_access_token)).toBe(200);
    });

    it('the update of the API plane answers with the new token, too', async () => {
      const client = await server.register(METADATA);
      const { content } = await server.update(client, METADATA);

      expect(content.registration_access_token).not.toBe(client.token);
      await expect(server.get({ ...client, token: content.registration_access_token })).resolves.toBeDefined();
      await expect(server.get(client)).rejects.toThrow('A215307');
    });
  });

  describe('with a grace period', () => {
    beforeEach(() => server.configure(GRACE));

    it('the token before still reads, updates and deletes while it lasts, and not after', async () => {
      const { id, token } = await registered();
      const second = await rotated(id, token);
      expect([await read(id, token), await read(id, second)]).toEqual([200, 200]);
      const third = await rotated(id, token);
      expect([await read(id, token), await read(id, second), await read(id, third)]).toEqual([200, 401, 200]);

      await endGrace(id);

      expect([await read(id, token), await read(id, third)]).toEqual([401, 200]);
      expect((await update(id, token)).status).toBe(401);
      expect((await protocol.delete(id, token)).status).toBe(401);
      expect((await protocol.delete(id, third)).status).toBe(204);
    });

    it('is not made longer by using the token before again', async () => {
      const { id, token } = await registered();
      await rotated(id, token);
      const clients = server.app.get(ClientStore);
      const first = await clients.find(SERVICE_ID, Number(id));
      await rotated(id, token);
      const second = await clients.find(SERVICE_ID, Number(id));

      expect(second!.previousToken).toEqual(first!.previousToken);
    });

    it('only the one token before counts', async () => {
      const { id, token } = await registered();
      const second = await rotated(id, token);
      const third = await rotated(id, second);

      expect([await read(id, token), await read(id, second), await read(id, third)]).toEqual([401, 200, 200]);
    });

    it('of many updates at the same time, all with the token before, the last one leaves the one new token', async () => {
      const { id, token } = await registered();

      const answers = await Promise.all(Array.from({ length: 20 }, () => update(id, token)));

      expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
      const tokens = answers.map(({ body }) => body.registration_access_token);
      const statuses = await Promise.all(tokens.map((each) => read(id, each)));
      expect(statuses.filter((status) => status === 200)).toHaveLength(1);
      expect(await read(id, token)).toBe(200);
    });

    it('keeps only hashes', async () => {
      const { id, token } = await registered();
      const second = await rotated(id, token);

      const row = JSON.stringify(await server.stored(Number(id)));

      for (const each of [token, second]) {
        expect(row).not.toContain(each);
        expect(row).toContain(hashToken(each));
      }
    });

    it('shows nothing of either to the API', async () => {
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
