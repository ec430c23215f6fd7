import { randomBytes } from 'node:crypto';
import { jest } from '@jest/globals';
import { ClientStore } from '../src/clients/client-store.ts';
import { Database } from '../src/database/database.ts';
import { SecretEncryption } from '../src/crypto/secret-encryption.ts';
import { hashToken } from '../src/crypto/token.ts';
import { MINIMAL, protocolOf } from './support/protocol.ts';
import { HEADERS, SERVICE_ID, startServer, type TestServer } from './support/server.ts';

const METADATA = { ...MINIMAL, client_name: 'My Client' };
const [KEY, OTHER_KEY] = [randomBytes(32), randomBytes(32)];
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
      expect(await rotate(id, token)).toBe(second);
      expect([await readStatus(id, token), await readStatus(id, second)]).toEqual([200, 200]);

      await endGracePeriod(id);

      expect([await readStatus(id, token), await readStatus(id, second)]).toEqual([401, 200]);
      expect((await update(id, token)).status).toBe(401);
      expect((await protocol.delete(id, token)).status).toBe(401);
      expect((await protocol.delete(id, second)).status).toBe(204);
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

    it('many concurrent updates with one token all succeed, and every returned token is valid', async () => {
      const { id, token } = await registerClient();

      const responses = await Promise.all(Array.from({ length: 20 }, () => update(id, token)));

      expect(responses.map(({ status }) => status)).toEqual(Array(20).fill(200));
      const tokens = responses.map(({ body }) => body.registration_access_token);
      const statuses = await Promise.all(tokens.map((each) => readStatus(id, each)));
      expect(statuses).toEqual(Array(20).fill(200));
      expect(await readStatus(id, token)).toBe(200);
    });

    it('every token in a response is valid when updates with different tokens and settings are concurrent', async () => {
      const { id, token } = await registerClient();
      const second = await rotate(id, token);
      const names = Array.from({ length: 20 }, (_, i) => `Name ${i}`);
      const responses = await Promise.all(
        names.map((client_name) => protocol.update(id, token, { ...METADATA, client_id: id, client_name })),
      );

      expect(responses.map(({ status }) => status)).toEqual(Array(20).fill(200));
      expect(new Set(responses.map(({ body }) => body.registration_access_token))).toEqual(new Set([second]));
      expect(await readStatus(id, second)).toBe(200);
    });

    it('an update with the previous token that changes nothing returns the next token', async () => {
      const { id, token } = await registerClient();
      const second = await rotate(id, token);
      const { version } = (await server.stored(Number(id)))!;

      expect(await rotate(id, token)).toBe(second);
      expect((await server.stored(Number(id)))!.version).toBe(version);
    });

    it('a token that was replaced is never issued again', async () => {
      const { id, token } = await registerClient();
      const issued = [token];
      for (let i = 0; i < 5; i++) issued.push(await rotate(id, issued.at(-1)!));
      expect(new Set(issued).size).toBe(issued.length);
      for (const old of issued.slice(0, -2)) expect((await update(id, old)).status).toBe(401);

      const [previous = '', current = ''] = issued.slice(-2);
      const path = `/api/${SERVICE_ID}/client/registration_access_token/refresh/${id}`;
      const { text } = await server.send({ path, headers: HEADERS, body: '{}' });
      const { registrationAccessToken } = JSON.parse(text) as { registrationAccessToken: string };
      expect([(await update(id, previous)).status, (await update(id, current)).status]).toEqual([401, 401]);
      expect([...issued, registrationAccessToken]).not.toContain(await rotate(id, registrationAccessToken));
    });

    it('the next token is derived from the presented one with the key of the server', async () => {
      const { id, token } = await registerClient();
      const keys = server.app.get(SecretEncryption);
      const derive = jest.spyOn(keys, 'derive');
      const second = await rotate(id, token);
      const [arguments_] = derive.mock.calls;
      derive.mockRestore();

      expect(arguments_![1]).toContain(token);
      expect(keys.derive(...arguments_!)).toEqual([second]);
      expect(new SecretEncryption([KEY]).derive(...arguments_!)).not.toContain(second);
    });

    it('a repeated update returns the same token after another key became the first one', async () => {
      const { id, token } = await registerClient();
      const keys = server.app.get(SecretEncryption);
      const before = new SecretEncryption([KEY]);
      const after = new SecretEncryption([OTHER_KEY, KEY]);
      const derive = jest.spyOn(keys, 'derive').mockImplementation((...of) => before.derive(...of));
      const second = await rotate(id, token);
      derive.mockImplementation((...of) => after.derive(...of));
      expect(await rotate(id, token)).toBe(second);
      derive.mockRestore();
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
