import { ClientAdministrationDto } from '@clientele/model';
import { toClient, type Client, type ClientDifference, type ClientPreview } from '@clientele/model/metadata';
import { declaredNames } from '../src/http/envelope.pipe.ts';
import { ADMINISTERED } from './support/administered.ts';
import { logOf } from './support/audit.ts';
import { everyMember, FIELD_NAMES, propertyOf, sampleOf } from './support/samples.ts';
import { HEADERS, SERVICE_ID, startServer, type Registered, type TestServer } from './support/server.ts';

const CLIENT = { clientName: 'Static', redirectUris: ['https://static.example.org/cb'] };
const MERGE_PATCH = { 'content-type': 'application/merge-patch+json' };

let server: TestServer;

beforeAll(async () => {
  server = await startServer();
});

afterAll(() => server.close());

type Body = Client & { resultCode?: string; resultMessage?: string };
type Headers = Readonly<Record<string, string>>;

const raw = async (method: string, path: string, text?: string, headers: Headers = {}) => {
  const response = await fetch(`${server.baseUrl}/api/${SERVICE_ID}/client/${path}`, {
    method,
    headers: { ...HEADERS, ...headers },
    ...(text !== undefined && { body: text }),
  });
  const received = await response.text();
  const etag = response.headers.get('etag') ?? '';
  return { status: response.status, etag, body: (received === '' ? {} : JSON.parse(received)) as Body };
};
const call = (method: string, path: string, body?: unknown, headers?: Headers) =>
  raw(method, path, body === undefined ? undefined : JSON.stringify(body), headers);
const at = (operation: string, identifier: string | number) => `${operation}/${encodeURIComponent(identifier)}`;
const get = (identifier: string | number) => call('GET', at('get', identifier));
const put = (identifier: string, client: object, headers?: Headers) =>
  call('PUT', encodeURIComponent(identifier), client, headers);
const update = (identifier: string | number, client: unknown, headers?: Headers) =>
  call('POST', at('update', identifier), client, headers);
const patch = (identifier: string | number, changes: unknown, headers?: Headers) =>
  call('PATCH', at('update', identifier), changes, { ...MERGE_PATCH, ...headers });
const preview = async (identifier: string, client: object, headers?: Headers) => {
  const { status, body } = await call('POST', at('preview', identifier), client, headers);
  return { status, body: body as unknown as ClientPreview & { resultCode?: string; resultMessage?: string } };
};
const credentials = async (clientId: number) => {
  const { secrets, registration_access_token_hash } = (await server.stored(clientId))!;
  return { secrets, registration_access_token_hash };
};

let last = 0;
/** An identifier that no other test uses. */
const fresh = (prefix = 'client-') => `${prefix}${++last}`;
const created = async (client: object = CLIENT) => (await call('POST', 'create', client)).body;

describe('POST client/update', () => {
  it('replaces everything but the secret, also under the canonical client_id', async () => {
    const id = fresh();
    await put(id, { ...CLIENT, notes: 'old', logoUri: 'https://a.example/logo', clientSecret: 'a-secret' });

    const { status, etag, body } = await update(id, { clientName: 'New', clientSecret: 'another', clientId: 5 });

    expect(status).toBe(200);
    expect(etag).not.toBe('');
    expect(body).toMatchObject({ clientName: 'New', clientSecret: 'a-secret', canonicalClientId: id });
    for (const property of ['notes', 'logoUri', 'redirectUris']) expect(body).not.toHaveProperty(property);
    expect((await get(id)).body).toEqual(body);
  });

  it('never creates, respects If-Match, and changes expired and locked clients', async () => {
    const id = fresh();
    expect((await update(id, CLIENT)).status).toBe(404);
    const { etag, body } = await put(id, CLIENT);
    expect((await update(id, { ...CLIENT, expiresAt: 1_000_000_000_000 }, { 'if-match': etag })).status).toBe(200);
    expect((await update(id, CLIENT, { 'if-match': etag })).status).toBe(412);
    await server.amend(body.clientId, { administration: { locked: true, expiresAt: 1_000_000_000_000 } });
    expect((await update(id, { ...CLIENT, locked: false })).body).toMatchObject({ locked: true });
    expect((await get(id)).status).toBe(200);
  });

  it('refuses what PUT refuses', async () => {
    const { clientId } = await created();
    expect((await update(clientId, [])).body.resultMessage).toContain('a JSON object is expected');
    expect((await update(clientId, { redirectUris: ['no uri'] })).body.resultMessage).toContain('] redirectUris[0]:');
    expect((await update(clientId, { redirect_uris: [] })).body.resultMessage).toContain('use redirectUris');
  });
});

describe('PATCH client/update', () => {
  it('changes only what it names', async () => {
    const { clientId } = await created({
      ...CLIENT,
      notes: 'old',
      developer: 'alice',
      extension: { accessTokenDuration: 60, idTokenDuration: 30 },
      attributes: [{ key: 'a', value: '1' }],
    });
    const before = await get(clientId);

    const { status, etag, body } = await patch(clientId, {
      notes: null,
      clientUri: 'https://a.example/',
      extension: { accessTokenDuration: 90, idTokenDuration: null },
      attributes: [{ key: 'b', value: '2' }],
    });

    expect([status, etag === before.etag]).toEqual([200, false]);
    const { notes: _notes, ...others } = before.body;
    expect(body).toEqual({
      ...others,
      clientUri: 'https://a.example/',
      extension: { accessTokenDuration: 90 },
      attributes: [{ key: 'b', value: '2' }],
      modifiedAt: body.modifiedAt,
    });
    expect((await get(clientId)).body).toEqual(body);
  });

  it('takes application/json too, and no other type; no other call takes a merge patch', async () => {
    const { clientId } = await created();
    const json = { 'content-type': 'application/json' };
    expect((await patch(clientId, { notes: '1' }, json)).body.notes).toBe('1');
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await patch(clientId, {}, form)).status).toBe(415);
    expect((await call('POST', 'create', CLIENT, MERGE_PATCH)).status).toBe(415);
    expect((await update(clientId, CLIENT, MERGE_PATCH)).status).toBe(415);
  });

  it('keeps the values that a Client cannot express', async () => {
    const { clientId } = await server.register({ default_max_age: 0, id_token_signed_response_alg: 'Ed25519' });
    expect((await patch(clientId, { notes: 'x' })).body.notes).toBe('x');
    expect((await server.stored(clientId))?.metadata).toMatch(
      /"default_max_age":0.*"Ed25519"|"Ed25519".*"default_max_age":0/,
    );
  });

  it('changes a client that registered the default flow without redirect URIs, but no further flow', async () => {
    const { clientId } = await server.register();
    expect((await patch(clientId, { clientName: 'New' })).body.clientName).toBe('New');
    const refused = await patch(clientId, {
      grantTypes: ['AUTHORIZATION_CODE', 'IMPLICIT'],
      responseTypes: ['CODE', 'TOKEN'],
    });
    expect(refused.body.resultMessage).toContain('redirectUris');
  });

  it('changes nothing if it is empty or repeats what is shown, also if the service no longer supports a value', async () => {
    const { clientId } = await server.register(everyMember());
    const before = await get(clientId);
    const { clientSecret: _secret, ...shown } = before.body;
    await server.configure({ supportedGrantTypes: ['IMPLICIT'] });

    for (const changes of [{}, shown, { locked: false }, { extension: {} }, { developer: null }]) {
      const { status, body } = await patch(clientId, changes);
      expect([status, body.modifiedAt]).toEqual([200, before.body.modifiedAt]);
    }
    expect((await patch(clientId, { notes: 'x' })).status).toBe(400);
    await server.configure();
    expect((await logOf(server).entries(clientId)).map(({ action }) => action)).toEqual(['client.created']);
  });

  it.each([
    [{ locked: true }, 'locked'],
    [{ locked: null }, 'locked'],
    [{ clientId: 5 }, 'clientId'],
    [{ modifiedAt: 1 }, 'modifiedAt'],
    [{ clientSource: 'DYNAMIC_REGISTRATION' }, 'clientSource'],
    [{ clientIdAliasEnabled: true }, 'clientIdAliasEnabled'],
    [{ clientSecret: 'x' }, 'clientSecret'],
    [{ clientSecret: null }, 'clientSecret'],
    [{ softwareStatement: null }, 'softwareStatement'],
    [{ redirect_uris: [] }, 'redirect_uris'],
    [{ clientNaem: 'x' }, 'clientNaem'],
    [{ toString: 'x' }, 'toString'],
    [{ extension: { unknown: 1 } }, 'extension.unknown'],
    [{ extension: 'x' }, 'extension'],
    [{ notes: 5 }, 'notes'],
    [{ clientType: 'PUBLIC' }, 'clientType'],
    [[], 'a JSON object'],
    [null, 'a JSON object'],
    ['x', 'a JSON object'],
    [JSON.parse('{"constructor":{"prototype":1}}'), ''],
    [JSON.parse('{"extension":{"constructor":1}}'), 'constructor'],
    [JSON.parse('{"prototype":1}'), 'prototype'],
  ])('refuses %j with HTTP 400, naming the fault, and changes nothing', async (changes, named) => {
    const { clientId } = await created();
    const before = await server.stored(clientId);

    const { status, body } = await patch(clientId, changes);

    expect(status).toBe(400);
    expect(body.resultMessage).toContain(named);
    expect(await server.stored(clientId)).toEqual(before);
  });

  it.each([
    '{"__proto__":{"locked":true}}',
    `{"notes":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}`,
    `${'['.repeat(50_000)}${']'.repeat(50_000)}`,
    '{"notes":',
    '',
  ])('refuses a text that could do harm', async (text) => {
    const { clientId } = await created();
    expect((await raw('PATCH', at('update', clientId), text, MERGE_PATCH)).status).toBe(400);
    expect(({} as { locked?: boolean }).locked).toBeUndefined();
  });

  it('refuses a body beyond the limit, and bytes that are not UTF-8', async () => {
    const { clientId } = await created();
    expect((await patch(clientId, { notes: 'x'.repeat(700_000) })).status).toBe(413);
    const response = await fetch(`${server.baseUrl}/api/${SERVICE_ID}/client/${at('update', clientId)}`, {
      method: 'PATCH',
      headers: { ...HEADERS, ...MERGE_PATCH },
      body: new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]),
    });
    expect(response.status).toBe(400);
  });

  it('derives clientType from tokenAuthMethod', async () => {
    const { clientId } = await created();

    const toPublic = await patch(clientId, { tokenAuthMethod: 'NONE' });
    expect(toPublic.body).toMatchObject({ clientType: 'PUBLIC' });
    expect(toPublic.body).not.toHaveProperty('clientSecret');
    const toConfidential = await patch(clientId, { tokenAuthMethod: 'CLIENT_SECRET_POST' });
    expect(toConfidential.body).toMatchObject({ clientType: 'CONFIDENTIAL' });
    expect(toConfidential.body.clientSecret).toHaveLength(86);
    expect((await patch(clientId, { tokenAuthMethod: null })).body.tokenAuthMethod).toBe('CLIENT_SECRET_BASIC');
  });

  it('does not take away the alias by which the client is addressed', async () => {
    const [id, alias] = [fresh(), fresh('alias-')];
    await put(id, { ...CLIENT, clientIdAlias: alias });

    for (const clientIdAlias of [null, fresh('alias-')])
      expect((await patch(alias, { clientIdAlias })).body.resultMessage).toContain(alias);
    expect((await patch(alias, { notes: 'x' })).body).toMatchObject({ clientIdAlias: alias, notes: 'x' });
    expect((await patch(id, { clientIdAlias: null })).body).not.toHaveProperty('clientIdAlias');
    expect((await patch(alias, { notes: 'y' })).status).toBe(404);
  });

  it('succeeds once if 50 callers patch the same version', async () => {
    const { clientId } = await created();
    const { etag } = await get(clientId);

    const responses = await Promise.all(
      Array.from({ length: 50 }, (_each, n) => patch(clientId, { notes: `${n}` }, { 'if-match': etag })),
    );

    expect(responses.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 49 }, () => 412)]);
    const changed = responses.find(({ status }) => status === 200);
    expect((await get(clientId)).body).toEqual(changed?.body);
  });

  it('loses nothing if 50 callers patch different properties at once', async () => {
    const { clientId } = await created();
    const { clientIdAlias: _alias, extension, ...administered } = ADMINISTERED;
    const { requestableScopes: _scopes, requestableScopesEnabled: _enabled, ...durations } = extension;
    const uris = ['clientUri', 'logoUri', 'tosUri', 'policyUri', 'loginUri', 'informationUri', 'organizationUri'];
    const texts = ['clientName', 'softwareId', 'softwareVersion', 'organizationName', 'description'];
    const flags = ['authTimeRequired', 'parRequired', 'dpopRequired', 'mtlsEndpointAliasesUsed', 'bcUserCodeRequired'];
    const patches = [
      ...Object.entries(administered).map(([name, value]) => ({ [name]: value })),
      ...Object.entries(durations).map(([name, value]) => ({ extension: { [name]: value } })),
      ...uris.map((name) => ({ [name]: `https://a.example/${name}` })),
      ...texts.map((name) => ({ [name]: `the ${name}` })),
      ...flags.map((name) => ({ [name]: true })),
      { backchannelLogoutUri: 'https://a.example/logout' },
      { defaultMaxAge: 60 },
      { tlsClientCertificateBoundAccessTokens: true },
      { redirectUris: ['https://a.example/cb'] },
      { contacts: ['a@example.org'] },
    ].slice(0, 50);

    const responses = await Promise.all(patches.map((each) => patch(clientId, each)));

    expect(responses.map(({ status }) => status)).toEqual(Array.from({ length: 50 }, () => 200));
    const { body } = await get(clientId);
    for (const each of patches) expect(body).toMatchObject(each);
    const actions = (await logOf(server).entries(clientId)).map(({ action }) => action);
    expect(actions.filter((action) => action === 'client.updated')).toHaveLength(50);
  });
});

describe('the credentials', () => {
  let registered: Registered;
  beforeAll(async () => {
    registered = await server.register(everyMember());
  });

  const UNCHANGED = ['tokenAuthMethod', 'jwks'];
  it.each(FIELD_NAMES.filter((name) => !UNCHANGED.includes(propertyOf(name))))(
    'stay the same if %s changes by any call',
    async (name) => {
      const { clientId } = registered;
      const before = await credentials(clientId);
      const changes = toClient({ ...sampleOf(name), token_endpoint_auth_method: 'client_secret_basic' });
      const authenticated = name === 'token_endpoint_auth_signing_alg' ? { tokenAuthMethod: 'CLIENT_SECRET_JWT' } : {};
      const client = {
        redirectUris: CLIENT.redirectUris,
        ...changes,
        ...authenticated,
        extension: { ...changes.extension, requestableScopesEnabled: false },
      };

      for (const response of [
        await update(clientId, { ...client, clientSecret: 'another' }),
        await patch(clientId, { notes: name }),
        await put(String(clientId), client),
      ])
        expect([response.status, response.body.resultMessage]).toEqual([200, undefined]);

      expect(await credentials(clientId)).toEqual(before);
    },
  );

  it.each(Object.keys(ADMINISTERED))('stay the same if %s changes by any call', async (name) => {
    const { clientId } = registered;
    const before = await credentials(clientId);
    const change = { [name]: ADMINISTERED[name as keyof typeof ADMINISTERED] };

    for (const response of [
      await patch(clientId, change),
      await update(clientId, { ...CLIENT, ...change }),
      await put(String(clientId), CLIENT),
    ])
      expect([response.status, response.body.resultMessage]).toEqual([200, undefined]);

    expect(await credentials(clientId)).toEqual(before);
    await server.get(registered);
  });

  it('are tested with every property that only administrators set', () => {
    const derived = ['clientType', 'customMetadata'];
    expect(Object.keys(ADMINISTERED).sort()).toEqual(
      declaredNames(ClientAdministrationDto)
        .filter((name) => !derived.includes(name))
        .sort(),
    );
  });
});

describe('client/preview', () => {
  const SECRET = { clientSecret: 'a-secret-of-mine' };
  const BASE = { ...CLIENT, ...SECRET, notes: 'old', logoUri: 'https://a.example/logo' };

  it.each<[string, object]>([
    ['nothing', BASE],
    ['a name', { ...BASE, clientName: 'Other' }],
    ['an omitted property', { ...CLIENT, ...SECRET, notes: 'old' }],
    ['an alias', { ...BASE, clientIdAlias: 'alias-of-preview' }],
    ['administration', { ...BASE, notes: 'new', pkceRequired: true, resources: [] }],
    [
      'extension',
      { ...BASE, extension: { requestableScopes: ['a'], requestableScopesEnabled: true, idTokenDuration: 5 } },
    ],
    ['a secret', { ...BASE, clientSecret: 'another-secret-of-mine' }],
    ['a client without a secret', { ...CLIENT, tokenAuthMethod: 'NONE' }],
    ['names in languages', { ...BASE, clientNames: [{ tag: 'ja', value: 'x' }] }],
    [
      'a long value',
      { ...BASE, redirectUris: Array.from({ length: 100 }, (_each, n) => `https://a.example/${n}/${'x'.repeat(50)}`) },
    ],
    [
      'long differences',
      {
        ...BASE,
        clientUri: `https://a.example/${'x'.repeat(1900)}`,
        policyUri: `https://a.example/${'x'.repeat(1900)}`,
        tosUri: `https://a.example/${'x'.repeat(1900)}`,
        initiateLoginUri: `https://a.example/${'x'.repeat(1900)}`,
        logoUri: `https://a.example/${'x'.repeat(1900)}`,
      },
    ],
  ])('says what PUT then does to %s', async (_what, client) => {
    const id = fresh();
    const { body } = await put(id, BASE);
    const before = await server.stored(body.clientId);

    const previewed = await preview(id, client);

    expect(await server.stored(body.clientId)).toEqual(before);
    expect(previewed.status).toBe(200);
    const changed = await put(id, client, { 'if-match': previewed.body.etag! });
    expect(changed.status).toBe(200);
    const updates = (await logOf(server).entries(body.clientId)).filter(({ action }) => action === 'client.updated');
    expect(updates).toHaveLength(previewed.body.outcome === 'changed' ? 1 : 0);
    expect(previewed.body.differences).toEqual(updates[0]?.differences ?? []);
    expect(JSON.stringify(previewed)).not.toContain('secret-of-mine');
  });

  it('names a changed secret, and has a digest of a value that is too long for the log', async () => {
    const id = fresh();
    await put(id, BASE);
    const uris = Array.from({ length: 100 }, (_each, n) => `https://a.example/${n}/${'x'.repeat(50)}`);

    const { body } = await preview(id, { ...BASE, clientSecret: 'another', redirectUris: uris });

    expect(body.differences).toEqual([
      {
        member: 'redirect_uris',
        before: CLIENT.redirectUris,
        afterSha256: expect.stringMatching(/^[\w-]{43}$/) as string,
      },
      { member: 'client_secret' },
    ]);
  });

  it('has every member of a client that would be created, and creates none', async () => {
    const id = fresh();
    const count = (await server.storedClients()).length;
    const client = { ...BASE, clientIdAlias: fresh('alias-'), pkceRequired: true };

    const { body: previewed } = await preview(id, client);

    expect(await server.storedClients()).toHaveLength(count);
    const { body } = await put(id, client);
    const [entry] = await logOf(server).entries(body.clientId);
    const others: ClientDifference[] = [
      { member: 'canonical', after: id },
      { member: 'alias', after: client.clientIdAlias },
      { member: 'notes', after: 'old' },
      { member: 'properties', after: { pkceRequired: true } },
      { member: 'client_secret' },
    ];
    expect(previewed).toEqual({ outcome: 'created', differences: [...entry!.differences, ...others] });
  });

  it('refuses what PUT refuses', async () => {
    const [id, other, alias] = [fresh(), fresh(), fresh('alias-')];
    await put(id, { ...CLIENT, clientIdAlias: alias });
    await put(other, CLIENT);
    const caller = await server.callerWith('MODIFY_CLIENT');

    for (const [identifier, client, headers] of [
      [id, { redirectUris: ['no uri'] }],
      [id, { extension: { requestableScopes: ['a'] } }],
      [id, { ...CLIENT, tokenAuthMethod: 'NONE', clientSecret: 'third' }],
      [alias, { ...CLIENT, clientIdAlias: fresh('alias-') }],
      [other, { ...CLIENT, clientIdAlias: alias }],
      [fresh(), { ...CLIENT, clientIdAlias: alias }],
      [fresh(), CLIENT, caller],
      ['preview', CLIENT],
      ['987654321', CLIENT],
    ] as const) {
      const refused = await put(identifier, client, headers);
      expect(refused.status).toBeGreaterThanOrEqual(400);
      expect(await preview(identifier, client, headers)).toEqual({ status: refused.status, body: refused.body });
    }
  });
});

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
    const { clientId } = await created({ ...CLIENT, notes: 'kept' });
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
    [{ requestableScopes: 'a' }, 'A128202'],
    [{ requestableScopes: { a: 1 } }, 'A128202'],
    [{ requestableScopes: ['a', 1] }, 'A128203'],
    [{ requestableScopes: [null] }, 'A128203'],
    [{ requestableScopes: ['a b'] }, 'A001204'],
    [{ requestableScopes: Array.from({ length: 101 }, (_each, n) => `s${n}`) }, 'A001204'],
  ])('refuses %j with %s', async (body, resultCode) => {
    const { clientId } = await created();
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
    const { clientId } = await created({
      ...CLIENT,
      extension: { requestableScopes: scopes, requestableScopesEnabled: true },
    });
    expect((await patch(clientId, { extension: { requestableScopes: ['c'] } })).body.extension).toEqual({
      requestableScopes: ['c'],
      requestableScopesEnabled: true,
    });
    const registered = await created({
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
    const { clientId } = await created();
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
