import { randomUUID } from 'node:crypto';
import { IdempotentRegistrations } from '../src/protocol/idempotent-registrations.ts';
import { Database } from '../src/store/database.ts';
import { protocolOf } from './support/protocol.ts';
import { HEADERS, SERVICE_ID, startServer, type TestServer } from './support/server.ts';

const METADATA = { client_name: 'My Client' };
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
  const initialAccessToken = async (uses: number): Promise<Record<string, string>> => {
    const path = `/api/${SERVICE_ID}/initial_access_token/create`;
    const { text } = await server.send({ path, headers: HEADERS, body: JSON.stringify({ uses }) });
    return { authorization: `Bearer ${(JSON.parse(text) as { initialAccessToken: string }).initialAccessToken}` };
  };

  it('the same request gets the same answer again, and there is one client', async () => {
    const key = randomUUID();
    const first = await register(key);
    const count = await clients();
    const second = await register(key);

    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.text).toBe(first.text);
    expect([second.headers.etag, second.headers.location]).toEqual([first.headers.etag, first.headers.location]);
    expect(await clients()).toBe(count);
    expect((await protocol.read(first.body.client_id, second.body.registration_access_token)).status).toBe(200);
  });

  it('another body with the same key is 422, and registers nobody', async () => {
    const key = randomUUID();
    await register(key);
    const count = await clients();

    const { status, body } = await register(key, { ...METADATA, client_name: 'Another' });

    expect([status, body.error]).toEqual([422, 'invalid_request']);
    expect(await clients()).toBe(count);
  });

  it('the same request many times at once is one client: 201 with one answer, or 409 while it is under way', async () => {
    const key = randomUUID();
    const count = await clients();

    const answers = await Promise.all(Array.from({ length: 20 }, () => register(key)));

    expect(await clients()).toBe(count + 1);
    const texts = answers.filter(({ status }) => status === 201).map(({ text }) => text);
    expect(texts.length).toBeGreaterThanOrEqual(1);
    expect(new Set(texts).size).toBe(1);
    for (const { status, headers } of answers.filter((answer) => answer.status !== 201)) {
      expect([status, headers['retry-after']]).toEqual([409, '1']);
    }
    expect((await register(key)).text).toBe(texts[0]);
  });

  it('different bodies with one key at once are one client', async () => {
    const key = randomUUID();
    const count = await clients();

    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => register(key, { client_name: `${i}` })));

    expect(await clients()).toBe(count + 1);
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 422)).toHaveLength(19);
  });

  it('a request that was refused can be corrected under the same key', async () => {
    const key = randomUUID();

    expect((await register(key, { client_name: 1 })).status).toBe(400);
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

  it('the answer is had again with an initial access token that it used up; the key of another token is another', async () => {
    await server.configure({ initialAccessTokenRequired: true });
    const [one, other] = [await initialAccessToken(1), await initialAccessToken(1)];
    const key = randomUUID();

    const first = await register(key, METADATA, one);
    expect(first.status).toBe(201);
    expect((await register(key, METADATA, one)).text).toBe(first.text);
    expect((await register(key)).status).toBe(401);
    expect((await register(key, METADATA, other)).body.client_id).not.toBe(first.body.client_id);
  });

  it('a single use is used once by the same request many times at once', async () => {
    await server.configure({ initialAccessTokenRequired: true });
    const token = await initialAccessToken(1);
    const key = randomUUID();

    const answers = await Promise.all(Array.from({ length: 10 }, () => register(key, METADATA, token)));

    expect(new Set(answers.filter(({ status }) => status === 201).map(({ text }) => text)).size).toBe(1);
    for (const { status } of answers) expect([201, 409]).toContain(status);
  });

  it.each(['', 'ä', 'x'.repeat(256)])('a key %j that is none is 400', async (key) => {
    const { status, body } = await register(Buffer.from(key).toString('latin1'));

    expect([status, body.error]).toEqual([400, 'invalid_request']);
  });

  it('at rest the answer is encrypted, and the key a hash', async () => {
    const key = randomUUID();
    const { body } = await register(key);

    const stored = JSON.stringify(await rows());

    for (const secret of [key, body.client_secret!, body.registration_access_token, body.client_id]) {
      expect(stored).not.toContain(secret);
    }
  });

  it('the answer is bound to its key: in another row it cannot be read', async () => {
    const [one, other] = [randomUUID(), randomUUID()];
    await register(one);
    const before = await rows();
    await register(other);
    const added = (await rows()).find(({ key_hash: hash }) => !before.some((row) => row.key_hash === hash))!;
    await server.app.get(Database).write({
      sql: 'UPDATE idempotent_registration SET answer = $2 WHERE key_hash = $1',
      values: [added.key_hash!, before[0]!.answer!],
    });

    expect((await register(other)).status).toBe(500);
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
