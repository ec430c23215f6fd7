import { randomUUID } from 'node:crypto';
import { IdempotentRegistrations } from '../src/protocol/idempotent-registrations.ts';
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
      await server.configure({ initialAccessTokenRequired: true });
      token = await initialAccessToken(100);
    });

    it('the same request gets the same answer again, and there is one client', async () => {
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

    it('the same request many times at once is one client: 201 with one answer, or 409 while it is under way', async () => {
      const key = randomUUID();
      const count = await clients();

      const answers = await Promise.all(Array.from({ length: 20 }, () => register(key, METADATA, token)));

      expect(await clients()).toBe(count + 1);
      const texts = answers.filter(({ status }) => status === 201).map(({ text }) => text);
      expect(texts.length).toBeGreaterThanOrEqual(1);
      expect(new Set(texts).size).toBe(1);
      for (const { status, headers } of answers.filter((answer) => answer.status !== 201)) {
        expect([status, headers['retry-after']]).toEqual([409, '1']);
      }
      expect((await register(key, METADATA, token)).text).toBe(texts[0]);
    });

    it('another body with the same key is 422, and registers nobody', async () => {
      const key = randomUUID();
      await register(key, METADATA, token);
      const count = await clients();

      const { status, body } = await register(key, { ...METADATA, client_name: 'Another' }, token);

      expect([status, body.error]).toEqual([422, 'invalid_request']);
      expect(await clients()).toBe(count);
    });

    it('the answer is had again when the token is used up; the key of another token is another', async () => {
      const [one, other] = [await initialAccessToken(1), await initialAccessToken(1)];
      const key = randomUUID();

      const first = await register(key, METADATA, one);
      expect(first.status).toBe(201);
      expect((await register(key, METADATA, one)).text).toBe(first.text);
      expect((await register(key)).status).toBe(401);
      expect((await register(key, METADATA, { authorization: 'Bearer made-up' })).status).toBe(401);
      expect((await register(key, METADATA, other)).body.client_id).not.toBe(first.body.client_id);
    });

    it('a single use is used once by the same request many times at once', async () => {
      const single = await initialAccessToken(1);
      const key = randomUUID();

      const answers = await Promise.all(Array.from({ length: 10 }, () => register(key, METADATA, single)));

      expect(new Set(answers.filter(({ status }) => status === 201).map(({ text }) => text)).size).toBe(1);
      for (const { status } of answers) expect([201, 409]).toContain(status);
    });

    it('at rest the answer is encrypted, and the key a hash', async () => {
      const key = randomUUID();
      const { body } = await register(key, METADATA, token);

      const stored = JSON.stringify(await rows());

      for (const secret of [key, body.client_secret!, body.registration_access_token, body.client_id]) {
        expect(stored).not.toContain(secret);
      }
    });

    it('the answer is bound to its key: in another row it cannot be read', async () => {
      const key = randomUUID();
      const source = await rowOf(() => register(randomUUID(), METADATA, token));
      const target = await rowOf(() => register(key, METADATA, token));
      await server.app.get(Database).write({
        sql: 'UPDATE idempotent_registration SET response = $2 WHERE key_hash = $1',
        values: [target.key_hash!, source.response!],
      });

      expect((await register(key, METADATA, token)).status).toBe(500);
    });

    it('a key that was used without a token is unknown: what was recorded of it is not revealed', async () => {
      const key = randomUUID();
      await server.configure();
      const first = await register(key);
      await server.configure({ initialAccessTokenRequired: true });

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
      // The same request can have no other response: repeating it is no use.
      expect(headers['retry-after']).toBeUndefined();
      const { client_id: id, client_secret: secret, registration_access_token: token } = first.body;
      for (const credential of [id, secret!, token]) expect(text).not.toContain(credential);
    };

    it('a repeated key is 409 without credentials, and there is one client', async () => {
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
      'with %s, which anybody can make up, a repeated key gets neither the answer of another caller nor its own',
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

    it('an initial access token that the service does not require gives no right to an answer', async () => {
      const token = await initialAccessToken(1);
      const key = randomUUID();
      const first = await register(key, METADATA, token);

      expectConflict(await register(key, METADATA, token), first);
    });

    it('another body with the same key is 422, and registers nobody', async () => {
      const key = randomUUID();
      await register(key);
      const count = await clients();

      const { status, body } = await register(key, { ...METADATA, client_name: 'Another' });

      expect([status, body.error]).toEqual([422, 'invalid_request']);
      expect(await clients()).toBe(count);
    });

    it('the same request many times at once is one client: 201 once, 409 otherwise', async () => {
      const key = randomUUID();
      const count = await clients();

      const answers = await Promise.all(Array.from({ length: 20 }, () => register(key)));

      expect(await clients()).toBe(count + 1);
      const [first, ...others] = answers.filter(({ status }) => status === 201);
      expect(others).toEqual([]);
      for (const answer of answers) if (answer !== first) expectConflict(answer, first!);
    });

    it('different bodies with one key at once are one client', async () => {
      const key = randomUUID();
      const count = await clients();

      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, i) => register(key, { ...METADATA, client_name: `${i}` })),
      );

      expect(await clients()).toBe(count + 1);
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
      expect(answers.filter(({ status }) => status === 422)).toHaveLength(19);
    });

    it('no answer is stored', async () => {
      const row = await rowOf(() => register(randomUUID()));
      const owner = ownerOf(IDEMPOTENT_REGISTRATION_TABLE, row);

      expect(server.app.get(SecretEncryption).decrypt(String(row.response), owner)).toBe('');
    });
  });

  it('a request that was refused can be corrected under the same key', async () => {
    const key = randomUUID();

    expect((await register(key, { ...METADATA, client_name: 1 })).status).toBe(400);
    expect((await register(key)).status).toBe(201);
  });

  it('another key, and no key, is another client', async () => {
    const ids = new Set<string>();
    for (const answer of [
      await register(randomUUID()),
      await register(randomUUID()),
      await protocol.register(METADATA),
    ]) {
      ids.add(answer.body.client_id);
    }
    expect(ids.size).toBe(3);
  });

  it.each(['', 'ä', 'x'.repeat(256)])('a key %j that is none is 400', async (key) => {
    const { status, body } = await register(Buffer.from(key).toString('latin1'));

    expect([status, body.error]).toEqual([400, 'invalid_request']);
  });

  it('is forgotten after a day, and swept', async () => {
    const key = randomUUID();
    const first = await register(key);
    await server.app.get(Database).write({
      sql: 'UPDATE idempotent_registration SET expires_at = $1',
      values: [Date.now()],
    });

    const second = await register(key);
    expect(second.status).toBe(201);
    expect(second.body.client_id).not.toBe(first.body.client_id);

    await server.app.get(IdempotentRegistrations).sweep();
    expect(await rows()).toHaveLength(1);
    await server.app.get(IdempotentRegistrations).sweep(Date.now() + DAY - 60_000);
    expect(await rows()).toHaveLength(1);
    await server.app.get(IdempotentRegistrations).sweep(Date.now() + DAY);
    expect(await rows()).toHaveLength(0);
  });
});
