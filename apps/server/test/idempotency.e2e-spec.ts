import { randomUUID } from 'node:crypto';
import { InitialAccessTokenStore } from '../src/access/initial-access-token-store.ts';
import { SYSTEM } from '../src/changes/change.ts';
import { hashToken } from '../src/crypto/token.ts';
import { ExpiredRows } from '../src/database/expired-rows.ts';
import { IDEMPOTENT_REGISTRATION_TABLE } from '../src/protocol/protocol-tables.ts';
import { ownerOf } from '../src/database/table.ts';
import { Database } from '../src/database/database.ts';
import { SecretEncryption } from '../src/crypto/secret-encryption.ts';
import { MINIMAL, protocolOf, type ProtocolAnswer } from './support/protocol.ts';
import { HEADERS, SERVICE_ID, startServer, type TestServer } from './support/server.ts';

const METADATA = { ...MINIMAL, client_name: 'My Client' };
const DAY = 24 * 60 * 60 * 1000;

describe('Idempotency-Key (draft-ietf-httpapi-idempotency-key-header section 2)', () => {
  let server: TestServer;
  let protocol: ReturnType<typeof protocolOf>;

  beforeAll(async () => {
    server = await startServer();
    protocol = protocolOf(server);
  });

  afterAll(() => server.close());
  afterEach(() => server.configure());

  const rows = () => server.app.get(Database).read({ sql: 'SELECT * FROM idempotent_registration', values: [] });
  const clients = async () => (await server.storedClients()).length;
  const register = (key: string, metadata: unknown = METADATA, headers: Record<string, string> = {}) =>
    protocol.register(metadata, { 'idempotency-key': key, ...headers });
  /** The row that a registration adds. */
  const rowOf = async (registration: () => Promise<unknown>) => {
    const before = new Set((await rows()).map(({ key_hash: hash }) => hash));
    await registration();
    return (await rows()).find(({ key_hash: hash }) => !before.has(hash))!;
  };
  const initialAccessToken = async (uses: number): Promise<Record<string, string>> => {
    const path = `/api/${SERVICE_ID}/initial_access_token/create`;
    const { text } = await server.send({ path, headers: HEADERS, body: JSON.stringify({ uses }) });
    return { authorization: `Bearer ${(JSON.parse(text) as { initialAccessToken: string }).initialAccessToken}` };
  };

  describe('with an initial access token that the service requires', () => {
    let token: Record<string, string>;

    beforeEach(async () => {
      await server.configure({ protocolRegistration: 'INITIAL_ACCESS_TOKEN' });
      token = await initialAccessToken(100);
    });

    it('a repeated request returns the same response, and registers one client', async () => {
      const key = randomUUID();
      const first = await register(key, METADATA, token);
      const count = await clients();
      const second = await register(key, METADATA, token);

      expect([first.status, second.status]).toEqual([201, 201]);
      expect(second.text).toBe(first.text);
      expect([second.headers.etag, second.headers.location]).toEqual([first.headers.etag, first.headers.location]);
      expect(await clients()).toBe(count);
      expect((await protocol.read(first.body.client_id, second.body.registration_access_token)).status).toBe(200);
    });

    it('concurrent identical requests register one client: 201 with one response, or 409 while in progress', async () => {
      const key = randomUUID();
      const count = await clients();

      const responses = await Promise.all(Array.from({ length: 20 }, () => register(key, METADATA, token)));

      expect(await clients()).toBe(count + 1);
      const texts = responses.filter(({ status }) => status === 201).map(({ text }) => text);
      expect(texts.length).toBeGreaterThanOrEqual(1);
      expect(new Set(texts).size).toBe(1);
      for (const { status, headers } of responses.filter((response) => response.status !== 201)) {
        expect([status, headers['retry-after']]).toEqual([409, '1']);
      }
      expect((await register(key, METADATA, token)).text).toBe(texts[0]);
    });

    it('another body with the same key returns 422, and registers no client', async () => {
      const key = randomUUID();
      await register(key, METADATA, token);
      const count = await clients();

      const { status, body } = await register(key, { ...METADATA, client_name: 'Another' }, token);

      expect([status, body.error]).toEqual([422, 'invalid_request']);
      expect(await clients()).toBe(count);
    });

    it('a key is bound to its token, and stays valid after the token is used up', async () => {
      const [one, other] = [await initialAccessToken(1), await initialAccessToken(1)];
      const key = randomUUID();

      const first = await register(key, METADATA, one);
      expect(first.status).toBe(201);
      expect((await register(key, METADATA, one)).text).toBe(first.text);
      expect((await register(key)).status).toBe(401);
      expect((await register(key, METADATA, { authorization: 'Bearer made-up' })).status).toBe(401);
      expect((await register(key, METADATA, other)).body.client_id).not.toBe(first.body.client_id);
    });

    it('a revoked token returns no response again, and does not reveal that there is one', async () => {
      const revoked = await initialAccessToken(100);
      const key = randomUUID();
      expect((await register(key, METADATA, revoked)).status).toBe(201);
      const tokens = server.app.get(InitialAccessTokenStore);
      const hash = hashToken(revoked.authorization!.replace('Bearer ', ''));
      const stored = await tokens.findByHash(SERVICE_ID, hash);
      await tokens.delete(SERVICE_ID, stored!.id, SYSTEM);
      const count = await clients();

      const answers = [await register(key, METADATA, revoked), await register(key, MINIMAL, revoked)];

      for (const { status, body } of answers) expect([status, body]).toMatchObject([401, { error: 'invalid_token' }]);
      expect(await clients()).toBe(count);
    });

    it('concurrent identical requests use a token once', async () => {
      const single = await initialAccessToken(1);
      const key = randomUUID();

      const responses = await Promise.all(Array.from({ length: 10 }, () => register(key, METADATA, single)));

      expect(new Set(responses.filter(({ status }) => status === 201).map(({ text }) => text)).size).toBe(1);
      for (const { status } of responses) expect([201, 409]).toContain(status);
    });

    it('the stored response is encrypted, and the stored key is a hash', async () => {
      const key = randomUUID();
      const { body } = await register(key, METADATA, token);

      const stored = JSON.stringify(await rows());

      for (const secret of [key, body.client_secret!, body.registration_access_token, body.client_id]) {
        expect(stored).not.toContain(secret);
      }
    });

    it('a stored response cannot be decrypted in the row of another key', async () => {
      const key = randomUUID();
      const source = await rowOf(() => register(randomUUID(), METADATA, token));
      const target = await rowOf(() => register(key, METADATA, token));
      await server.app.get(Database).write({
        sql: 'UPDATE idempotent_registration SET response = $2 WHERE key_hash = $1',
        values: [target.key_hash!, source.response!],
      });

      expect((await register(key, METADATA, token)).status).toBe(500);
    });

    it('a key that was used without a token reveals nothing about its registration', async () => {
      const key = randomUUID();
      await server.configure();
      const first = await register(key);
      await server.configure({ protocolRegistration: 'INITIAL_ACCESS_TOKEN' });

      expect((await register(key)).status).toBe(401);
      expect((await register(key, { ...METADATA, client_name: 'Another' })).status).toBe(401);
      expect((await register(key, METADATA, { authorization: 'Bearer 127.0.0.1' })).status).toBe(401);
      const second = await register(key, METADATA, token);
      expect(second.status).toBe(201);
      expect(second.body.client_id).not.toBe(first.body.client_id);
    });
  });

  describe('without an initial access token', () => {
    const expectConflict = ({ status, body, text, headers }: ProtocolAnswer, first: ProtocolAnswer) => {
      expect([status, body.error]).toEqual([409, 'invalid_request']);
      expect(body.error_description).toMatch(/succeeded before.*without the key, or with another key/);
      // A retry of the same request cannot succeed.
      expect(headers['retry-after']).toBeUndefined();
      const { client_id: id, client_secret: secret, registration_access_token: token } = first.body;
      for (const credential of [id, secret!, token]) expect(text).not.toContain(credential);
    };

    it('a repeated key returns 409 without credentials, and registers one client', async () => {
      const key = randomUUID();
      const first = await register(key);
      const count = await clients();

      expectConflict(await register(key), first);

      expect(first.status).toBe(201);
      expect(await clients()).toBe(count);
      expect((await protocol.register(METADATA)).status).toBe(201);
      expect((await register(randomUUID())).status).toBe(201);
    });

    it.each(['Bearer 127.0.0.1', 'Bearer made-up', 'Bearer no', 'Basic bWU6bWU='])(
      'a repeated key returns 409 with the invalid credentials %s',
      async (authorization) => {
        const key = randomUUID();
        const first = await register(key);
        expectConflict(await register(key, METADATA, { authorization }), first);

        const other = randomUUID();
        const second = await register(other, METADATA, { authorization });
        expect(second.status).toBe(201);
        expectConflict(await register(other, METADATA, { authorization }), second);
        expectConflict(await register(other), second);
      },
    );

    it('a repeated key returns 409 with an initial access token that the service does not require', async () => {
      const token = await initialAccessToken(1);
      const key = randomUUID();
      const first = await register(key, METADATA, token);

      expectConflict(await register(key, METADATA, token), first);
    });

    it('another body with the same key returns 422, and registers no client', async () => {
      const key = randomUUID();
      await register(key);
      const count = await clients();

      const { status, body } = await register(key, { ...METADATA, client_name: 'Another' });

      expect([status, body.error]).toEqual([422, 'invalid_request']);
      expect(await clients()).toBe(count);
    });

    it('concurrent identical requests register one client: 201 once, otherwise 409', async () => {
      const key = randomUUID();
      const count = await clients();

      const responses = await Promise.all(Array.from({ length: 20 }, () => register(key)));

      expect(await clients()).toBe(count + 1);
      const [first, ...others] = responses.filter(({ status }) => status === 201);
      expect(others).toEqual([]);
      for (const response of responses) if (response !== first) expectConflict(response, first!);
    });

    it('concurrent different bodies with one key register one client', async () => {
      const key = randomUUID();
      const count = await clients();

      const responses = await Promise.all(
        Array.from({ length: 20 }, (_, i) => register(key, { ...METADATA, client_name: `${i}` })),
      );

      expect(await clients()).toBe(count + 1);
      expect(responses.filter(({ status }) => status === 201)).toHaveLength(1);
      expect(responses.filter(({ status }) => status === 422)).toHaveLength(19);
    });

    it('no response is stored', async () => {
      const row = await rowOf(() => register(randomUUID()));
      const owner = ownerOf(IDEMPOTENT_REGISTRATION_TABLE, row);

      expect(server.app.get(SecretEncryption).decrypt(String(row.response), owner)).toBe('');
    });
  });

  it('a refused request can be corrected with the same key', async () => {
    const key = randomUUID();

    expect((await register(key, { ...METADATA, client_name: 1 })).status).toBe(400);
    expect((await register(key)).status).toBe(201);
  });

  it('requests with another key or no key register other clients', async () => {
    const ids = new Set<string>();
    for (const response of [
      await register(randomUUID()),
      await register(randomUUID()),
      await protocol.register(METADATA),
    ]) {
      ids.add(response.body.client_id);
    }
    expect(ids.size).toBe(3);
  });

  it.each(['', 'ä', 'x'.repeat(256)])('an invalid key %j returns 400', async (key) => {
    const { status, body } = await register(Buffer.from(key).toString('latin1'));

    expect([status, body.error]).toEqual([400, 'invalid_request']);
  });

  it('a key expires after a day, and is deleted', async () => {
    const key = randomUUID();
    const first = await register(key);
    await server.app.get(Database).write({
      sql: 'UPDATE idempotent_registration SET expires_at = $1',
      values: [Date.now()],
    });

    const second = await register(key);
    expect(second.status).toBe(201);
    expect(second.body.client_id).not.toBe(first.body.client_id);

    await server.app.get(ExpiredRows).sweep();
    expect(await rows()).toHaveLength(1);
    await server.app.get(ExpiredRows).sweep(Date.now() + DAY - 60_000);
    expect(await rows()).toHaveLength(1);
    await server.app.get(ExpiredRows).sweep(Date.now() + DAY);
    expect(await rows()).toHaveLength(0);

    await register(key);
    await server.app.get(ExpiredRows).sweep(Date.now() - DAY + 60_000);
    expect(await rows()).toHaveLength(1);
    // A clock that was ahead stored the record.
    await server.app.get(ExpiredRows).sweep(Date.now() - DAY - 60_000);
    expect(await rows()).toHaveLength(0);
  });
});
