import { Clientele, type Clients, type ClientFilters, type ListOptions } from '@clientele/client';
import { CLIENT, clientCallsOf, fresh } from './support/client-calls.ts';
import { ACCESS_TOKEN, SERVICE_ID, startServer, type TestServer } from './support/server.ts';

describe('the clients of the SDK', () => {
  let server: TestServer;
  let clients: Clients;

  beforeAll(async () => {
    server = await startServer();
    ({ clients } = new Clientele({ baseUrl: server.baseUrl, serviceId: SERVICE_ID, accessToken: ACCESS_TOKEN }));
  });

  afterAll(() => server.close());

  const { get } = clientCallsOf(() => server);

  /** Creates a client under a new identifier. */
  const created = async (properties: object = {}) => {
    const id = fresh('sdk-');
    const client = await clients.put(id, { ...CLIENT, ...properties }, { ifNoneMatch: '*' });
    return { id, client };
  };
  const listed = async (filters: ClientFilters, options?: ListOptions) => {
    const ids: unknown[] = [];
    for await (const client of clients.list(filters, options)) {
      expect(client).not.toHaveProperty('clientSecret');
      ids.push(client.canonicalClientId);
    }
    return ids;
  };

  it('list finds clients by filters over several pages, and listPage one page', async () => {
    const before = Date.now();
    const ids: string[] = [];
    for (const [index, tier] of ['gold', 'gold', 'tin', 'gold', 'gold', 'gold'].entries()) {
      const properties = {
        clientName: `Listed ${9 - index}`,
        redirectUris: ['https://listed.example/cb'],
        attributes: [{ key: 'tier', value: tier }],
        softwareId: `software & ${tier}`,
        developer: 'listed developer',
      };
      ids.push((await created(properties)).id);
    }
    const gold = ids.filter((_id, index) => index !== 2);
    await clients.lock(gold[1]!);

    for (const filters of [{ attribute: 'tier=gold' }, { softwareId: 'software & gold' }])
      expect(await listed(filters, { pageSize: 2 })).toEqual(gold);
    expect(await listed({ redirectHost: 'listed.example' }, { pageSize: 1 })).toEqual(ids);
    expect(await listed({ redirectUri: 'https://listed.example/cb', createdAfter: before })).toEqual(ids);
    expect(await listed({ developer: 'listed developer', createdBefore: before })).toEqual([]);
    expect(await listed({ clientName: 'lIsted ' }, { pageSize: 4 })).toEqual([...ids].reverse());
    expect(await listed({ attribute: 'tier=gold', locked: true, source: 'static' })).toEqual([gold[1]]);
    expect(await listed({ attribute: 'tier=gold', locked: false }, { pageSize: 3 })).toHaveLength(4);
    expect(await listed({ identifier: ids[0] })).toEqual([ids[0]]);
    expect(await listed({ identifier: 'none' })).toEqual([]);
    expect(await listed({}, { pageSize: 2 })).toEqual(ids);

    const first = await clients.listPage({ limit: 2 });
    expect(first).toMatchObject({ clients: [{ canonicalClientId: ids[0] }, {}], totalCount: 6 });
    const last = await clients.listPage({ limit: 10, after: first.next });
    expect(last.clients.map(({ canonicalClientId }) => canonicalClientId)).toEqual(ids.slice(2));
    expect(last).not.toHaveProperty('next');
    await expect(clients.listPage({ limit: 1_001 })).rejects.toMatchObject({ name: 'ApiError', status: 400 });
  });

  it('patch changes the named properties of the version of ifMatch', async () => {
    const { id } = await created({ notes: 'old' });
    const { response } = await clients.get(id).withResponse();
    const ifMatch = response.headers.get('etag');

    const patched = await clients.patch(id, { notes: null, extension: { accessTokenDuration: 60 } }, { ifMatch });

    expect(patched).toMatchObject({ ...CLIENT, extension: { accessTokenDuration: 60 } });
    expect(patched).not.toHaveProperty('notes');
    await expect(clients.patch(id, { notes: 'lost' }, { ifMatch })).rejects.toMatchObject({
      name: 'ApiError',
      status: 412,
      resultCode: 'A001108',
    });
    expect((await get(id)).body).toEqual(patched);
    await expect(clients.patch(id, { clientId: 1 })).rejects.toMatchObject({ status: 400 });
  });

  it('update replaces an existing client, but not its secret', async () => {
    const { id, client } = await created({ clientUri: 'https://old.example.org/' });

    const updated = await clients.update(id, { ...CLIENT, clientName: 'Updated', clientSecret: 'ignored' });

    expect(updated).toMatchObject({ clientName: 'Updated', clientSecret: client.clientSecret });
    expect(updated).not.toHaveProperty('clientUri');
    await expect(clients.update('none', CLIENT)).rejects.toMatchObject({ status: 404, resultCode: 'A001218' });
  });

  it('preview says what put does, with the entity tag that put needs', async () => {
    const { id } = await created();
    const changed = { ...CLIENT, clientName: 'Changed' };

    const preview = await clients.preview(id, changed);

    expect(preview).toEqual({
      outcome: 'changed',
      etag: expect.any(String) as string,
      differences: [{ member: 'client_name', before: CLIENT.clientName, after: 'Changed' }],
    });
    expect((await get(id)).body).toMatchObject(CLIENT);
    await clients.put(id, changed, { ifMatch: preview.etag! });
    expect(await clients.preview(id, changed)).toMatchObject({ outcome: 'unchanged', differences: [] });
    await expect(clients.put(id, CLIENT, { ifMatch: preview.etag! })).rejects.toMatchObject({ status: 412 });
    expect(await clients.preview('new-one', changed)).toMatchObject({ outcome: 'created' });
    expect(await listed({ identifier: 'new-one' })).toEqual([]);
  });

  it('sets, gets and deletes the requestable scopes', async () => {
    const { id } = await created();

    expect(await clients.getRequestableScopes(id)).toBeUndefined();
    expect(await clients.setRequestableScopes(id, ['read', 'write'])).toEqual(['read', 'write']);
    expect(await clients.getRequestableScopes(id)).toEqual(['read', 'write']);
    expect(await clients.setRequestableScopes(id, [])).toEqual([]);
    expect(await clients.getRequestableScopes(id)).toEqual([]);
    await clients.deleteRequestableScopes(id);
    expect(await clients.getRequestableScopes(id)).toBeUndefined();
  });

  it('refreshSecret and updateSecret replace the secret', async () => {
    const { id, client } = await created();
    const action = async (clientSecret: string) => (await clients.verifySecret({ clientId: id, clientSecret })).action;

    const refreshed = await clients.refreshSecret(id, { overlap: 3600, lifetime: 7200 });

    expect(refreshed).toMatchObject({ oldClientSecret: client.clientSecret });
    expect(refreshed.expiresAt - refreshed.overlapEndsAt!).toBe(3600);
    const { newClientSecret } = refreshed;
    expect([await action(client.clientSecret!), await action(newClientSecret)]).toEqual(['OK', 'OK']);
    expect(await clients.updateSecret(id, { clientSecret: 'my-secret' })).toMatchObject({
      newClientSecret: 'my-secret',
      oldClientSecret: newClientSecret,
      expiresAt: 0,
    });
    expect([await action(newClientSecret), await action('my-secret')]).toEqual(['INVALID', 'OK']);
    await expect(clients.updateSecret(id, { clientSecret: 'ä' })).rejects.toMatchObject({ resultCode: 'A149601' });
  });

  it('refreshRegistrationAccessToken replaces the token of a client that registered itself', async () => {
    const { clientId, token } = await server.register();

    const { registrationAccessToken, registrationClientUri } = await clients.refreshRegistrationAccessToken(clientId);

    expect(registrationClientUri).toContain(String(clientId));
    const actionOf = async (bearer: string) => (await server.call('get', { clientId, token: bearer })).body.action;
    expect([await actionOf(token), await actionOf(registrationAccessToken)]).toEqual(['UNAUTHORIZED', 'OK']);
    const { id } = await created();
    await expect(clients.refreshRegistrationAccessToken(id)).rejects.toMatchObject({ resultCode: 'A215303' });
  });
});
