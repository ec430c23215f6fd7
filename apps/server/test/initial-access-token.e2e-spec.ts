import { everythingService } from './support/everything-service.ts';
import { Database } from '../src/database/database.ts';
import { hashToken } from '../src/crypto/token.ts';
import { any, matching } from './support/matchers.ts';
import { MINIMAL, protocolOf } from './support/protocol.ts';
import { ACCESS_TOKEN, HEADERS, SERVICE_ID, startServer, type TestServer } from './support/server.ts';

interface InitialAccessToken {
  readonly id: number;
  readonly initialAccessToken: string;
  readonly uses: number;
  readonly usesLeft: number;
  readonly lastUsedAt?: number;
  readonly createdAt: number;
  readonly expiresAt: number;
}

interface Page {
  readonly initialAccessTokens: InitialAccessToken[];
  readonly next?: number;
}

const BASE = `/api/${SERVICE_ID}/initial_access_token`;
const OTHER_SERVICE_ID = SERVICE_ID + 1;

describe('initial access tokens', () => {
  let server: TestServer;
  let protocol: ReturnType<typeof protocolOf>;

  beforeAll(async () => {
    server = await startServer();
    protocol = protocolOf(server);
    await server.addService(
      { ...everythingService(OTHER_SERVICE_ID, 2, Date.now()), protocolRegistration: 'INITIAL_ACCESS_TOKEN' },
      { tokenHash: hashToken('may-use'), serviceId: SERVICE_ID, accessRights: ['USE_SERVICE'] },
    );
  });

  afterAll(() => server.close());
  beforeEach(() => server.configure({ protocolRegistration: 'INITIAL_ACCESS_TOKEN' }));

  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = HEADERS) => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    return protocol.send(method, path, text === undefined ? { authorization: headers.authorization } : headers, text);
  };
  const create = async (grant: object = {}): Promise<InitialAccessToken> => {
    const { status, text } = await call('POST', `${BASE}/create`, grant);
    expect(status).toBe(201);
    return JSON.parse(text) as InitialAccessToken;
  };
  const list = async (query = ''): Promise<Page> => {
    const { status, text } = await call('GET', `${BASE}/get/list${query}`);
    expect(status).toBe(200);
    return JSON.parse(text) as Page;
  };
  const registerWith = (token: string) => protocol.register(MINIMAL, { authorization: `Bearer ${token}` });
  const register = async (token: string) => (await registerWith(token)).status;
  const expire = (id: number) =>
    server.app.get(Database).write({
      sql: 'UPDATE initial_access_token SET expires_at = $2 WHERE token_id = $1',
      values: [id, Date.now()],
    });

  describe('in the API', () => {
    it('create returns 201 with a token, by default for one client and one day', async () => {
      const before = Date.now();
      const token = await create();

      expect(token).toEqual({
        id: any(Number),
        initialAccessToken: matching(/^[\w-]{43}$/),
        createdAt: any(Number),
        expiresAt: token.createdAt + 86_400_000,
        uses: 1,
        usesLeft: 1,
      });
      expect(token.createdAt).toBeGreaterThanOrEqual(before);
      expect(await create({ uses: 7, expiresIn: 60, label: 'CI' })).toMatchObject({
        uses: 7,
        usesLeft: 7,
        label: 'CI',
      });
    });

    it.each([
      { uses: 0 },
      { uses: -1 },
      { uses: 1.5 },
      { uses: '1' },
      { uses: 1_000_001 },
      { expiresIn: 0 },
      { expiresIn: 315_360_001 },
      { expiresIn: 'x' },
      { label: '' },
      { label: 'x'.repeat(201) },
      { label: 1 },
      { label: 'a\0b' },
      { label: 'a\ud800' },
    ])('create with %j returns 400 and names the property', async (grant) => {
      const { status, text } = await call('POST', `${BASE}/create`, grant);

      expect(status).toBe(400);
      expect(text).toContain(Object.keys(grant)[0]);
    });

    it('list returns pages in the order of creation, without token values', async () => {
      const created: number[] = [];
      for (let i = 0; i < 5; i++) created.push((await create({ label: `${i}` })).id);
      const ids: number[] = [];
      let page = await list('?limit=2');
      for (;;) {
        expect(page.initialAccessTokens.length).toBeLessThanOrEqual(2);
        for (const token of page.initialAccessTokens) {
          ids.push(token.id);
          expect(Object.keys(token)).not.toContain('initialAccessToken');
          expect(JSON.stringify(token)).not.toMatch(/hash/i);
        }
        if (page.next === undefined) break;
        page = await list(`?limit=2&after=${page.next}`);
      }

      expect(ids).toEqual(ids.toSorted((a, b) => a - b));
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids).toEqual(expect.arrayContaining(created));
      expect((await list('?limit=1000')).initialAccessTokens.map(({ id }) => id)).toEqual(ids);
    });

    it.each(['?limit=0', '?limit=1001', '?limit=x', '?limit=', '?after=x', '?after=-1', '?limit=1&limit=2'])(
      'list with %s returns 400',
      async (query) => {
        expect((await call('GET', `${BASE}/get/list${query}`)).status).toBe(400);
      },
    );

    it('delete returns 204 and revokes the token at once, or 404 for an unknown token', async () => {
      const { id, initialAccessToken } = await create();

      expect((await call('DELETE', `${BASE}/delete/${id}`)).status).toBe(204);

      expect(await register(initialAccessToken)).toBe(401);
      for (const unknownId of [id, 1, 'x', 0]) {
        const { status, text } = await call('DELETE', `${BASE}/delete/${unknownId}`);
        expect([status, (JSON.parse(text) as { resultCode: string }).resultCode]).toEqual([404, 'A001207']);
      }
    });

    it.each([
      ['POST', `${BASE}/create`],
      ['GET', `${BASE}/get/list`],
      ['DELETE', `${BASE}/delete/1`],
    ])('%s %s requires the right CREATE_CLIENT', async (method, path) => {
      const { status } = await call(method, path, method === 'POST' ? {} : undefined, {
        ...HEADERS,
        authorization: 'Bearer may-use',
      });
      expect(status).toBe(403);
    });

    it('only the hash of a token is stored', async () => {
      const { initialAccessToken } = await create();

      const rows = await server.app.get(Database).read({ sql: 'SELECT * FROM initial_access_token', values: [] });

      expect(JSON.stringify(rows)).not.toContain(initialAccessToken);
      expect(JSON.stringify(rows)).toContain(hashToken(initialAccessToken));
    });
  });

  describe('a token of a service that requires one (RFC 7591 section 3)', () => {
    it('registers no more clients than it allows', async () => {
      const { id, initialAccessToken } = await create({ uses: 2 });

      expect(await register(initialAccessToken)).toBe(201);
      expect(await register(initialAccessToken)).toBe(201);
      expect(await register(initialAccessToken)).toBe(401);
      expect((await list('?limit=1000')).initialAccessTokens.find((token) => token.id === id)).toMatchObject({
        uses: 2,
        usesLeft: 0,
        lastUsedAt: any(Number),
      });
    });

    it('registers exactly 5 clients with 5 uses and 50 concurrent registrations', async () => {
      const { initialAccessToken } = await create({ uses: 5 });
      const before = (await server.storedClients()).length;

      const statuses = await Promise.all(Array.from({ length: 50 }, () => register(initialAccessToken)));

      expect(statuses.filter((status) => status === 201)).toHaveLength(5);
      expect(statuses.filter((status) => status === 401)).toHaveLength(45);
      expect(await server.storedClients()).toHaveLength(before + 5);
    });

    it('is not used up by a refused registration', async () => {
      const { initialAccessToken } = await create();

      expect((await protocol.register('[', { authorization: `Bearer ${initialAccessToken}` })).status).toBe(400);

      expect(await register(initialAccessToken)).toBe(201);
    });

    it('is refused with the same response for every reason (RFC 6750 section 3.1)', async () => {
      const expired = await create();
      await expire(expired.id);
      const usedUp = await create();
      await register(usedUp.initialAccessToken);
      const { clientId: _clientId, token: registrationAccessToken } = await (async () => {
        await server.configure();
        const client = await server.register();
        await server.configure({ protocolRegistration: 'INITIAL_ACCESS_TOKEN' });
        return client;
      })();
      const before = (await server.storedClients()).length;

      const texts = new Set<string>();
      for (const token of [
        expired.initialAccessToken,
        usedUp.initialAccessToken,
        registrationAccessToken,
        ACCESS_TOKEN,
        'x',
      ]) {
        const { status, headers, body, text } = await registerWith(token);
        expect([status, body.error]).toEqual([401, 'invalid_token']);
        expect(headers['www-authenticate']).toBe('Bearer realm="Clientele", error="invalid_token"');
        texts.add(text);
      }
      const none = await protocol.register(MINIMAL);
      expect([none.status, none.headers['www-authenticate']]).toEqual([401, 'Bearer realm="Clientele"']);
      texts.add(none.text);
      texts.add((await protocol.register('[')).text);

      expect(texts.size).toBe(1);
      expect(await server.storedClients()).toHaveLength(before);
    });

    it('is not valid for another service', async () => {
      const { initialAccessToken } = await create();

      const path = `/connect/${OTHER_SERVICE_ID}/register`;
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${initialAccessToken}` };
      expect((await protocol.send('POST', path, headers, JSON.stringify(MINIMAL))).status).toBe(401);
      expect(await register(initialAccessToken)).toBe(201);
    });

    it('cannot manage clients (RFC 7592 section 1.2)', async () => {
      const { initialAccessToken } = await create({ uses: 2 });
      const { body } = await registerWith(initialAccessToken);

      expect((await protocol.read(body.client_id, initialAccessToken)).status).toBe(401);
    });

    it('is required on the API plane as the parameter token if initialAccessTokenRequired is set, on this plane alone', async () => {
      const { id, initialAccessToken } = await create();
      expect((await server.call('register', { json: '{}' })).body.action).toBe('CREATED');

      await server.configure({ initialAccessTokenRequired: true });
      expect((await protocol.register(MINIMAL)).status).toBe(201);

      const none = await server.call('register', { json: '{}' });
      expect(none.body).toMatchObject({ action: 'UNAUTHORIZED', resultCode: 'A206301' });
      expect(none.content).toEqual({
        error: 'invalid_token',
        error_description: 'The initial access token is not valid.',
      });
      const empty = await server.call('register', { json: '{}', token: '' });
      expect(empty.body).toMatchObject({ action: 'UNAUTHORIZED', resultCode: 'A206301' });
      const wrong = await server.call('register', { json: '{}', token: 'wrong' });
      expect(wrong.body).toMatchObject({ action: 'UNAUTHORIZED', resultCode: 'A206302' });
      const right = await server.call('register', { json: '{}', token: initialAccessToken });
      expect(right.body.action).toBe('CREATED');
      expect(right.client).toMatchObject({ initialAccessTokenId: id });
    });

    it('is stored with the client by its ID, which the client application does not receive', async () => {
      const { id, initialAccessToken } = await create();
      const { body } = await registerWith(initialAccessToken);
      const { client_id: clientId, registration_access_token: token } = body;
      expect(JSON.stringify(body)).not.toContain(String(id));

      await protocol.update(clientId, token, { ...MINIMAL, client_id: clientId, client_name: 'New' });

      const { client } = await server.call('get', { clientId, token });
      expect(client).toMatchObject({ clientName: 'New', initialAccessTokenId: id });
    });
  });

  describe('tokens of a service that requires none', () => {
    beforeEach(() => server.configure());

    it('are not required, checked or used up', async () => {
      const { initialAccessToken } = await create();

      expect((await protocol.register(MINIMAL)).status).toBe(201);
      expect(await register('wrong')).toBe(201);
      expect(await register(initialAccessToken)).toBe(201);
      await server.configure({ protocolRegistration: 'INITIAL_ACCESS_TOKEN' });
      expect(await register(initialAccessToken)).toBe(201);
    });
  });
});
