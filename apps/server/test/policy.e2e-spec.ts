import { startServer, type Answer, type TestServer } from './support/server.ts';

const redirect_uris = ['https://client.example.org/callback'];

/** Examples over HTTP. The tests of the model cover each setting. */
describe('settings of a service that affect client metadata', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startServer();
  });

  beforeEach(() => server.configure());

  afterAll(() => server.close());

  const register = (metadata: object): Promise<Answer> => server.call('register', { json: JSON.stringify(metadata) });

  it('a strict service refuses unsupported values and stores nothing', async () => {
    await server.configure({ supportedGrantTypes: ['AUTHORIZATION_CODE', 'REFRESH_TOKEN'] });
    const before = await server.storedClients();

    const { status, body, content } = await register({
      redirect_uris,
      grant_types: ['authorization_code', 'password'],
    });

    expect(status).toBe(200);
    expect(body).toMatchObject({ action: 'BAD_REQUEST', resultCode: 'A031201' });
    expect(content.error).toBe('invalid_client_metadata');
    expect(content.error_description).toContain('use one of authorization_code, refresh_token');
    expect(await server.storedClients()).toEqual(before);
  });

  it('a strict service refuses unsupported values in an update and changes nothing', async () => {
    const { clientId, token } = await server.register();
    await server.configure({ supportedScopes: [{ name: 'read', defaultEntry: false }] });
    const before = await server.stored(clientId);

    const json = JSON.stringify({ client_id: String(clientId), scope: 'read admin' });
    const { body } = await server.call('update', { clientId, token, json });

    expect(body).toMatchObject({ action: 'BAD_REQUEST', resultCode: 'A031201' });
    expect(await server.stored(clientId)).toEqual(before);
  });

  it('a change of the settings does not change registered clients', async () => {
    const client = await server.register({ scope: 'admin' });
    await server.configure({ supportedScopes: [] });

    expect((await server.get(client)).content.scope).toBe('admin');
  });

  it('a service that narrows removes unsupported values from lists (RFC 7591 section 2)', async () => {
    await server.configure({ supportedAcrs: ['one', 'two'], unsupportedValues: 'NARROW' });

    const client = await server.register({ default_acr_values: ['one', 'three', 'two'] });
    const found = await server.get(client);
    const updated = await server.update(client, { default_acr_values: ['three', 'two'] });

    expect(client.information.default_acr_values).toEqual(['one', 'two']);
    expect(found.content.default_acr_values).toEqual(['one', 'two']);
    expect(updated.content.default_acr_values).toEqual(['two']);
  });

  it.each([
    [['CLIENT_SECRET_POST', 'NONE'], 'client_secret_post'],
    [['NONE'], 'none'],
  ])(
    'with supportedTokenAuthMethods %j, the default authentication method is %s',
    async (supportedTokenAuthMethods, method) => {
      await server.configure({ supportedTokenAuthMethods });

      const { content } = await register({});

      expect(content.token_endpoint_auth_method).toBe(method);
      expect(Object.hasOwn(content, 'client_secret')).toBe(method !== 'none');
    },
  );

  it('a client without scope gets the default scopes of the service', async () => {
    const scopes = { openid: true, profile: false, email: true };
    await server.configure({
      supportedScopes: Object.entries(scopes).map(([name, defaultEntry]) => ({ name, defaultEntry })),
    });

    expect((await server.register({})).information.scope).toBe('openid email');
  });

  it('extension grants are accepted, and only Authlete’s Client omits them (RFC 6749 section 4.5)', async () => {
    const grant_types = ['authorization_code', 'urn:example:grant'];
    await server.configure({ supportedGrantTypes: ['AUTHORIZATION_CODE', 'urn:example:grant'] });

    const client = await server.register({ redirect_uris, grant_types });
    const found = await server.get(client);

    expect(found.content.grant_types).toEqual(grant_types);
    expect(found.client.grantTypes).toEqual(['AUTHORIZATION_CODE']);
  });

  it('the server chooses a supported method from the list of the client, and responses omit the list', async () => {
    const list = 'token_endpoint_auth_methods_supported';
    await server.configure({ supportedTokenAuthMethods: ['CLIENT_SECRET_JWT', 'PRIVATE_KEY_JWT'] });

    const client = await server.register({ [list]: ['client_secret_post', 'none', 'client_secret_jwt'] });
    const found = await server.get(client);

    expect(client.information.token_endpoint_auth_method).toBe('client_secret_jwt');
    expect(JSON.stringify([client, found])).not.toContain(list);
  });

  it.each([true, false])(
    'dcrScopeUsedAsRequestable %j decides whether a client is limited to its scope',
    async (used) => {
      await server.configure({ dcrScopeUsedAsRequestable: used });

      const { content, client } = await register({ scope: 'read write' });
      const withoutScope = await register({});

      expect(content.scope).toBe('read write');
      expect(client.extension).toEqual({ requestableScopes: ['read', 'write'], requestableScopesEnabled: used });
      expect(withoutScope.client).not.toHaveProperty('extension');
    },
  );

  describe('custom client metadata', () => {
    const custom = { department: 'Ünï', nested: { a: [1, null, { b: true }] }, count: 0, off: false };

    beforeEach(() => server.configure({ supportedCustomClientMetadata: Object.keys(custom) }));

    it('is stored and returned unchanged', async () => {
      const client = await server.register({ client_name: 'Client', ...custom });
      const { content, client: found } = await server.get(client);

      expect(client.information).toMatchObject(custom);
      expect(content).toEqual(client.information);
      expect(JSON.parse(found.customMetadata as string)).toEqual(custom);
    });

    it('preserves all digits of a large number', async () => {
      const json = '{"count":9007199254740993}';
      const { body } = await server.call('register', { json });

      expect(body.action).toBe('CREATED');
      expect(body.responseContent).toContain('"count":9007199254740993');
    });

    it('is replaced or deleted by an update, and unchanged if the client sends the response back', async () => {
      const client = await server.register(custom);

      const unchanged = await server.update(client, client.information);
      const replaced = await server.update(client, { department: 'Another' });
      const deleted = await server.update(client, { department: null, nested: '' });

      expect(unchanged.content).toEqual(client.information);
      expect(replaced.content).toMatchObject({ department: 'Another' });
      expect(JSON.parse(replaced.client.customMetadata as string)).toEqual({ department: 'Another' });
      for (const name of Object.keys(custom)) expect(deleted.content).not.toHaveProperty(name);
      expect(deleted.client).not.toHaveProperty('customMetadata');
    });

    it('excludes members that the service does not allow', async () => {
      const { content, client } = await register({ another: 'x', 'department#ja': 'x', Department: 'x' });

      expect(client).not.toHaveProperty('customMetadata');
      for (const name of ['another', 'department#ja', 'Department']) expect(content).not.toHaveProperty([name]);
    });
  });
});
