import { logOf } from './support/audit.ts';
import { at, CLIENT, clientCallsOf, fresh } from './support/client-calls.ts';
import { everyMember } from './support/samples.ts';
import { startServer, type TestServer } from './support/server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startServer();
});

afterAll(() => server.close());

const { raw, call, create, get, put, update, patch } = clientCallsOf(() => server);

describe('client/extension/requestable_scopes', () => {
  const scopes = (method: string, operation: string, id: string | number, body?: unknown) =>
    call(method, at(`extension/requestable_scopes/${operation}`, id), body);

  it.each(['POST', 'PUT'])('sets and removes the limit with %s, and changes nothing else', async (method) => {
    const { clientId } = await server.register({ ...everyMember(), scope: 'read write' });
    const before = await server.stored(clientId);
    expect((await scopes('GET', 'get', clientId)).body).toEqual({});

    for (const requestableScopes of [['read'], []]) {
      expect((await scopes(method, 'update', clientId, { requestableScopes })).body).toEqual({ requestableScopes });
      expect((await scopes('GET', 'get', clientId)).body).toEqual({ requestableScopes });
      expect((await get(clientId)).body.extension).toMatchObject({ requestableScopes, requestableScopesEnabled: true });
      const { status, body } = await call('POST', 'resolve', { clientId: String(clientId) });
      expect([status, (body.metadata as { scope: string }).scope]).toEqual([200, requestableScopes.join(' ')]);
    }
    expect((await scopes(method, 'update', clientId, { requestableScopes: null })).body).toEqual({});
    expect((await scopes('GET', 'get', clientId)).body).toEqual({});
    const after = await server.stored(clientId);
    for (const column of ['metadata', 'secrets', 'registration_access_token_hash', 'administration'])
      expect([column, after?.[column]]).toEqual([column, before?.[column]]);
  });

  it('writes nothing if the limit stays the same, and deletes it', async () => {
    const { clientId } = await create({ ...CLIENT, notes: 'kept' });
    expect((await scopes('DELETE', 'delete', clientId)).status).toBe(204);
    await scopes('POST', 'update', clientId, { requestableScopes: ['a'] });
    await scopes('POST', 'update', clientId, { requestableScopes: ['a'] });
    expect((await scopes('DELETE', 'delete', clientId)).status).toBe(204);
    expect((await scopes('DELETE', 'delete', clientId)).status).toBe(204);

    const entries = await logOf(server).entries(clientId);
    expect(entries.map(({ differences }) => differences).slice(1)).toEqual([
      [{ member: 'requestableScopes', after: ['a'] }],
      [{ member: 'requestableScopes', before: ['a'] }],
    ]);
    expect((await get(clientId)).body.notes).toBe('kept');
  });

  it('shows the registered scope if the service makes it the limit', async () => {
    await server.configure({ dcrScopeUsedAsRequestable: true });
    const { clientId } = await server.register({ scope: 'read write' });
    expect((await scopes('GET', 'get', clientId)).body).toEqual({ requestableScopes: ['read', 'write'] });
    await server.configure();
  });

  it.each([
    [[], 'A128201'],
    ['x', 'A128201'],
    [null, 'A128201'],
    [{ scopes: ['a'] }, 'A001204'],
    [{ requestableScopes: 'a' }, 'A128202'],
    [{ requestableScopes: { a: 1 } }, 'A128202'],
    [{ requestableScopes: ['a', 1] }, 'A128203'],
    [{ requestableScopes: [null] }, 'A128203'],
    [{ requestableScopes: ['a b'] }, 'A001204'],
    [{ requestableScopes: Array.from({ length: 101 }, (_each, n) => `s${n}`) }, 'A001204'],
  ])('refuses %j with %s', async (body, resultCode) => {
    const { clientId } = await create();
    for (const method of ['POST', 'PUT']) {
      const refused = await scopes(method, 'update', clientId, body);
      expect([refused.status, refused.body.resultCode]).toEqual([400, resultCode]);
    }
    expect((await scopes('GET', 'get', clientId)).body).toEqual({});
  });

  it('returns 404 for an unknown client', async () => {
    for (const [method, operation] of [
      ['GET', 'get'],
      ['POST', 'update'],
      ['DELETE', 'delete'],
    ] as const)
      expect((await scopes(method, operation, 'nobody', method === 'POST' ? {} : undefined)).status).toBe(404);
  });
});

describe('the requestable scopes in a Client', () => {
  const scopes = ['a', 'b'];

  it('are refused if they would not limit the client and nothing says so', async () => {
    const id = fresh();
    const { body } = await put(id, CLIENT);
    const change = { extension: { requestableScopes: scopes } };
    for (const refused of [
      await call('POST', 'create', { ...CLIENT, ...change }),
      await put(id, { ...CLIENT, ...change }),
      await update(id, { ...CLIENT, ...change }),
      await patch(id, change),
    ]) {
      expect(refused.status).toBe(400);
      expect(refused.body.resultMessage).toContain('requestableScopesEnabled');
    }
    expect((await get(id)).body).toEqual(body);
  });

  it('limit the client with true, and become its registered scope with false', async () => {
    const { clientId } = await create({
      ...CLIENT,
      extension: { requestableScopes: scopes, requestableScopesEnabled: true },
    });
    expect((await patch(clientId, { extension: { requestableScopes: ['c'] } })).body.extension).toEqual({
      requestableScopes: ['c'],
      requestableScopesEnabled: true,
    });
    const registered = await create({
      ...CLIENT,
      extension: { requestableScopes: scopes, requestableScopesEnabled: false },
    });
    expect(JSON.parse(String((await server.stored(registered.clientId))?.metadata))).toMatchObject({ scope: 'a b' });
    expect(registered.extension).toEqual({ requestableScopes: scopes, requestableScopesEnabled: false });
  });
});

describe("Authlete's calls for grants", () => {
  const grant = (method: string, path: string, body?: unknown) => call(method, path, body);
  const form = { 'content-type': 'application/x-www-form-urlencoded' };

  it('list no authorizations', async () => {
    const empty = { start: 3, end: 3, subject: 'john', totalCount: 0, clients: [] };
    for (const response of [
      await grant('GET', 'authorization/get/list?subject=john&start=3&end=9'),
      await grant('GET', 'authorization/get/list/john?start=3'),
      await grant('GET', 'authorization/get/list/john?subject=john&start=3'),
      await grant('POST', 'authorization/get/list', { subject: 'john', start: 3, end: 9 }),
      await raw('POST', 'authorization/get/list', 'subject=john&start=3', form),
    ])
      expect([response.status, response.body]).toEqual([200, empty]);
  });

  it.each([
    ['', 'A136206'],
    ['?subject=', 'A136206'],
    ['?subject=a&subject=b', 'A136206'],
    ['?subject=a&start=x', 'A136201'],
    ['?subject=a&start=-1', 'A136202'],
    ['?subject=a&end=1.5', 'A136203'],
    ['?subject=a&end=-1', 'A136204'],
    ['/a?subject=b', 'A001204'],
  ])('refuse the list %s with %s', async (parameters, resultCode) => {
    const { status, body } = await grant('GET', `authorization/get/list${parameters}`);
    expect([status, body.resultCode]).toEqual([400, resultCode]);
  });

  it('change nothing, and say so, for a client that exists and a subject', async () => {
    const { clientId } = await create();
    const before = await server.stored(clientId);
    const body = { subject: 'john' };
    const forms = (noun: string, operation: string, method: string, id: string | number) => [
      grant(method, `${noun}/${operation}/${id}?subject=john`),
      grant(method, `${noun}/${operation}/${id}/john?subject=john`),
      grant('POST', `${noun}/${operation}/${id}`, body),
      raw('POST', `${noun}/${operation}/${id}`, 'subject=john', form),
    ];
    const all = (id: string | number) => [
      ...forms('authorization', 'delete', 'DELETE', id),
      ...forms('granted_scopes', 'get', 'GET', id),
      ...forms('granted_scopes', 'delete', 'DELETE', id),
      grant('POST', `authorization/update/${id}`, { ...body, scopes: ['a'] }),
      raw('POST', `authorization/update/${id}`, 'subject=john&scopes=a%20b', form),
    ];

    const codes = (await Promise.all(all(clientId))).map(
      ({ status, body: { resultCode } }) => `${status} ${resultCode}`,
    );
    const each = (code: string) => Array.from({ length: 4 }, () => `200 ${code}`);
    expect(codes).toEqual([...each('A137001'), ...each('A139001'), ...each('A140001'), '200 A138001', '200 A138001']);
    for (const { status } of await Promise.all(all('nobody'))) expect(status).toBe(404);
    expect(await server.stored(clientId)).toEqual(before);
    for (const [method, path] of [
      ['DELETE', 'authorization/delete'],
      ['GET', 'granted_scopes/get'],
      ['DELETE', 'granted_scopes/delete'],
      ['POST', 'authorization/update'],
    ] as const)
      expect((await grant(method, `${path}/${clientId}`, method === 'POST' ? {} : undefined)).body.resultCode).toBe(
        'A136206',
      );
    expect((await grant('POST', `authorization/update/${clientId}`, { ...body, scopes: [1] })).status).toBe(400);
  });
});
