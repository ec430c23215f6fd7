import { jest } from '@jest/globals';
import { Clientele, type Clients, type ClientFilters, type ListOptions } from '@clientele/client';
import { CLIENT, clientCallsOf, fresh } from './support/client-calls.ts';
import { ACCESS_TOKEN, SERVICE_ID, startServer, type TestServer } from './support/server.ts';

describe('the SDK', () => {
  let server: TestServer;
  let clientele: Clientele;
  let clients: Clients;

  beforeAll(async () => {
    server = await startServer();
    clientele = callerWith(ACCESS_TOKEN, SERVICE_ID);
    ({ clients } = clientele);
  });

  afterAll(() => server.close());

  const callerWith = (accessToken: string, serviceId?: number) =>
    new Clientele({ baseUrl: server.baseUrl, serviceId, accessToken });
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

  it('services are created, listed, changed, replaced and deleted, also in exactly one version', async () => {
    const { services } = callerWith(ACCESS_TOKEN);
    const { data, response } = await services
      .create({ serviceName: 'Mine', unusedRegistrationLifetime: 60 })
      .withResponse();
    const { apiKey } = data;
    const ifMatch = response.headers.get('etag');

    await Promise.all([
      services.patch(apiKey, { issuer: 'https://as.example.org' }),
      services.patch(apiKey, { supportedAcrs: ['a'], unusedRegistrationLifetime: null }),
    ]);

    const changed = { serviceName: 'Mine', issuer: 'https://as.example.org', supportedAcrs: ['a'] };
    const found = await services.get(apiKey).withResponse();
    expect(found.data).toMatchObject({ ...changed, unusedRegistrationLifetime: 0 });
    for (const call of [
      services.patch(apiKey, { serviceName: 'Lost' }, { ifMatch }),
      services.update(apiKey, { serviceName: 'Lost' }, { ifMatch }),
      services.delete(apiKey, { ifMatch }),
    ])
      await expect(call).rejects.toMatchObject({ name: 'ApiError', status: 412, resultCode: 'A001108' });
    const condition = { ifMatch: found.response.headers.get('etag') };
    const parallel = await Promise.allSettled([
      services.patch(apiKey, { serviceName: 'A' }, condition),
      services.patch(apiKey, { serviceName: 'B' }, condition),
    ]);
    expect(parallel.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);

    expect(await services.configuration(apiKey)).toMatchObject({ issuer: 'https://as.example.org' });
    expect(await services.jwks(apiKey)).toEqual({ keys: [] });
    const ids: number[] = [];
    for await (const service of services.list()) ids.push(service.apiKey);
    expect(ids.sort()).toEqual([SERVICE_ID, apiKey].sort());
    expect(await services.listPage({ start: 1, end: 9 })).toMatchObject({ start: 1, end: 2, totalCount: 2 });
    await expect(services.create({ serviceNane: 'x' })).rejects.toMatchObject({ status: 400, resultCode: 'A001204' });
    expect(await services.update(apiKey, { serviceName: 'Replaced' })).not.toHaveProperty('supportedAcrs');
    await services.delete(apiKey);
    await expect(services.get(apiKey)).rejects.toMatchObject({ status: 404 });
  });

  it('API access tokens are created and listed, and refused once they are revoked or expired', async () => {
    for (const accessTokens of [clientele.accessTokens, clientele.services.accessTokens]) {
      const create = () => accessTokens.create({ accessRights: ['VIEW_SERVICE'], label: 'Mine', expiresIn: 60 });
      const [revoked, expired] = [await create(), await create()];
      const { apiAccessToken: _token, ...shown } = revoked;
      expect(await accessTokens.list()).toContainEqual(shown);

      const read = ({ apiAccessToken }: typeof revoked) => callerWith(apiAccessToken).services.get(SERVICE_ID);
      expect([await read(revoked), await read(expired)]).toMatchObject([{ apiKey: SERVICE_ID }, {}]);
      await accessTokens.delete(revoked.id);
      await expect(read(revoked)).rejects.toMatchObject({ status: 401, resultCode: 'A172101' });
      expect(await read(expired)).toMatchObject({ apiKey: SERVICE_ID });
      const clock = jest.spyOn(Date, 'now').mockReturnValue(expired.expiresAt!);
      await expect(read(expired)).rejects.toMatchObject({ status: 401, resultCode: 'A172101' });
      clock.mockRestore();

      await expect(accessTokens.delete(revoked.id)).rejects.toMatchObject({ status: 404, resultCode: 'A172102' });
      await expect(accessTokens.create({ accessRights: ['ALL'] })).rejects.toMatchObject({ status: 400 });
    }
  });

  it('initial access tokens are created, listed over several pages, used and revoked', async () => {
    const settings = { dynamicRegistrationSupported: true, initialAccessTokenRequired: true };
    const { apiKey } = await clientele.services.create(settings);
    const { initialAccessTokens, registration } = callerWith(ACCESS_TOKEN, apiKey);
    const used = await initialAccessTokens.create({ uses: 2, label: 'A partner' });
    const others = [await initialAccessTokens.create(), await initialAccessTokens.create({ expiresIn: 60 })];
    const actionWith = async (token: string) => (await registration.register({ metadata: {}, token })).action;

    expect([await actionWith(used.initialAccessToken), await actionWith('wrong')]).toEqual(['CREATED', 'BAD_REQUEST']);
    const listed: [number, number][] = [];
    for await (const { id, usesLeft } of initialAccessTokens.list({ pageSize: 1 })) listed.push([id, usesLeft]);
    expect(listed).toEqual([[used.id, 1], ...others.map(({ id }) => [id, 1])]);
    const page = await initialAccessTokens.listPage({ after: used.id, limit: 1 });
    expect(page).toMatchObject({ initialAccessTokens: [{ id: others[0]!.id }], next: others[0]!.id });

    await initialAccessTokens.delete(used.id);
    expect(await actionWith(used.initialAccessToken)).toBe('BAD_REQUEST');
    await expect(initialAccessTokens.delete(used.id)).rejects.toMatchObject({ status: 404 });
    await clientele.services.delete(apiKey);
  });
});
