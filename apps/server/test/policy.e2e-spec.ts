import { startServer, type Answer, type TestServer } from './support/server.ts';

const redirect_uris = ['https://client.example.org/callback'];

/** The settings decide over HTTP as they do in the model, which has the tests of each. */
describe('the settings of a service', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startServer();
  });

  beforeEach(() => server.configure());

  afterAll(() => server.close());

  const register = (metadata: object): Promise<Answer> => server.call('register', { json: JSON.stringify(metadata) });

  it('refuse what a strict service does not support, and nothing is stored', async () => {
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

  it('refuse an update as they do a registration, and change nothing', async () => {
    const { clientId, token } = await server.register();
    await server.configure({ supportedScopes: [{ name: 'read', defaultEntry: false }] });
    const before = await server.stored(clientId);

    const json = JSON.stringify({ client_id: String(clientId), scope: 'read admin' });
    const { body } = await server.call('update', { clientId, token, json });

    expect(body).toMatchObject({ action: 'BAD_REQUEST', resultCode: 'A031201' });
    expect(await server.stored(clientId)).toEqual(before);
  });

  it('leave a client that is registered as it is, until it is updated', async () => {
    const client = await server.register({ scope: 'admin' });
    await server.configure({ supportedScopes: [] });

    expect((await server.get(client)).content.scope).toBe('admin');
  });

  it('drop unsupported values from lists where the service narrows (RFC 7591 section 2)', async () => {
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
  ])('are defaults: with supportedTokenAuthMethods %j it is %s', async (supportedTokenAuthMethods, method) => {
    await server.configure({ supportedTokenAuthMethods });

    const { content } = await register({});

    expect(content.token_endpoint_auth_method).toBe(method);
    expect(Object.hasOwn(content, 'client_secret')).toBe(method !== 'none');
  });

  it('name the scopes of a client that names none', async () => {
    const scopes = { openid: true, profile: false, email: true };
    await server.configure({
      supportedScopes: Object.entries(scopes).map(([name, defaultEntry]) => ({ name, defaultEntry })),
    });

    expect((await server.register({})).information.scope).toBe('openid email');
  });

  it('take extension grants, which Authlete’s Client cannot express (RFC 6749 section 4.5)', async () => {
    const grant_types = ['authorization_code', 'urn:example:grant'];
    await server.configure({ supportedGrantTypes: ['AUTHORIZATION_CODE', 'urn:example:grant'] });

    const client = await server.register({ redirect_uris, grant_types });
    const found = await server.get(client);

    expect(found.content.grant_types).toEqual(grant_types);
    expect(found.client.grantTypes).toEqual(['AUTHORIZATION_CODE']);
  });

  it('choose what a client leaves to the server, and the list is nowhere in the answers', async () => {
    const list = 'token_endpoint_auth_methods_supported';
    await server.configure({ supportedTokenAuthMethods: ['CLIENT_SECRET_JWT', 'PRIVATE_KEY_JWT'] });

    const client = await server.register({ [list]: ['client_secret_post', 'none', 'client_secret_jwt'] });
    const found = await server.get(client);

    expect(client.information.token_endpoint_auth_method).toBe('client_secret_jwt');
    expect(JSON.stringify([client, found])).not.toContain(list);
  });

  it.each([true, false])('limit a client to its scope or not, by dcrScopeUsedAsRequestable: %j', async (used) => {
    await server.configure({ dcrScopeUsedAsRequestable: used });

    const { content, client } = await register({ scope: 'read write' });
    const silent = await register({});

    expect(content.scope).toBe('read write');
    expect(client.extension).toEqual({ requestableScopes: ['read', 'write'], requestableScopesEnabled: used });
    expect(silent.client).not.toHaveProperty('extension');
  });

  describe('name custom client metadata', () => {
    const custom = { department: 'Ünï', nested: { a: [1, null, { b: true }] }, count: 0, off: false };

    beforeEach(() => server.configure({ supportedCustomClientMetadata: Object.keys(custom) }));

    it('that is stored as it was sent and returned', async () => {
      const client = await server.register({ client_name: 'Client', ...custom });
      const { content, client: found } = await server.get(client);

      expect(client.information).toMatchObject(custom);
      expect(content).toEqual(client.information);
      expect(JSON.parse(found.customMetadata as string)).toEqual(custom);
    });

    it('that comes back digit by digit', async () => {
      const json = '{"count":9007199254740993}';
      const { body } = await server.call('register', { json });

      expect(body.action).toBe('CREATED');
      expect(body.responseContent).toContain('"count":9007199254740993');
    });

    it('that an update replaces, drops, and keeps if the response is sent back', async () => {
      const client = await server.register(custom);

      const kept = await server.update(client, client.information);
      const replaced = await server.update(client, { department: 'Another' });
      const dropped = await server.update(client, { department: null, nested: '' });

      expect(kept.content).toEqual(client.information);
      expect(replaced.content).toMatchObject({ department: 'Another' });
      expect(JSON.parse(replaced.client.customMetadata as string)).toEqual({ department: 'Another' });
      for (const name of Object.keys(custom)) expect(dropped.content).not.toHaveProperty(name);
      expect(dropped.client).not.toHaveProperty('customMetadata');
    });

    it('and nothing else is stored', async () => {
      const { content, client } = await register({ another: 'x', 'department#ja': 'x', Department: 'x' });

      expect(client).not.toHaveProperty('customMetadata');
      for (const name of ['another', 'department#ja', 'Department']) expect(content).not.toHaveProperty([name]);
    });
  });
});
