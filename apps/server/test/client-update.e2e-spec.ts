import { jest } from '@jest/globals';
import { ClientAdministrationDto } from '@clientele/model';
import { toClient } from '@clientele/model/metadata';
import { ClientStore } from '../src/clients/client-store.ts';
import { declaredNames } from '../src/http/converted.ts';
import { ADMINISTERED } from './support/administered.ts';
import { logOf } from './support/audit.ts';
import { at, CLIENT, clientCallsOf, fresh, MERGE_PATCH } from './support/client-calls.ts';
import { everyMember, FIELD_NAMES, propertyOf, sampleOf } from './support/samples.ts';
import { HEADERS, SERVICE_ID, startServer, type Registered, type TestServer } from './support/server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startServer();
});

afterAll(() => server.close());

const { raw, call, create, get, put, update, patch } = clientCallsOf(() => server);

describe('POST client/update', () => {
  it('replaces everything but the secret, also under the canonical client_id', async () => {
    const id = fresh();
    await put(id, { ...CLIENT, notes: 'old', logoUri: 'https://a.example/logo', clientSecret: 'a-secret' });

    const { status, etag, body } = await update(id, { clientName: 'New', clientSecret: 'another', clientId: 5 });

    expect(status).toBe(200);
    expect(etag).not.toBe('');
    expect(body).toMatchObject({ clientName: 'New', clientSecret: 'a-secret', canonicalClientId: id });
    for (const property of ['logoUri', 'redirectUris']) expect(body).not.toHaveProperty(property);
    expect((await get(id)).body).toEqual(body);
  });

  it('never creates, respects If-Match, and changes expired and locked clients', async () => {
    const id = fresh();
    expect((await update(id, CLIENT)).status).toBe(404);
    const { etag, body } = await put(id, CLIENT);
    expect((await update(id, { ...CLIENT, expiresAt: 1_000_000_000_000 }, { 'if-match': etag })).status).toBe(200);
    expect((await update(id, CLIENT, { 'if-match': etag })).status).toBe(412);
    await server.amend(body.clientId, { administration: { locked: true, expiresAt: 1_000_000_000_000 } });
    expect((await update(id, { ...CLIENT, locked: false, expiresAt: null })).body).toMatchObject({ locked: true });
    expect((await get(id)).status).toBe(200);
  });

  it('refuses what PUT refuses', async () => {
    const { clientId } = await create();
    expect((await update(clientId, [])).body.resultMessage).toContain('a JSON object is expected');
    expect((await update(clientId, { redirectUris: ['no uri'] })).body.resultMessage).toContain('] redirectUris[0]:');
    expect((await update(clientId, { redirect_uris: [] })).body.resultMessage).toContain('use redirectUris');
  });
});

describe('PATCH client/update', () => {
  it('changes only what it names', async () => {
    const { clientId } = await create({
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
    const { clientId } = await create();
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

  it('changes a client that registered many scopes', async () => {
    const scope = Array.from({ length: 1000 }, (_each, n) => String.fromCharCode(0x61 + (n % 26))).join(' ');
    const { clientId } = await server.register({ scope });
    expect((await patch(clientId, { notes: 'x' })).body.notes).toBe('x');
    const found = await get(clientId);
    expect((await update(clientId, found.body)).etag).toBe(found.etag);
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
    const { clientId } = await create();
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
    const { clientId } = await create();
    expect((await raw('PATCH', at('update', clientId), text, MERGE_PATCH)).status).toBe(400);
    expect(({} as { locked?: boolean }).locked).toBeUndefined();
  });

  it('refuses a body beyond the limit, and bytes that are not UTF-8', async () => {
    const { clientId } = await create();
    expect((await patch(clientId, { notes: 'x'.repeat(700_000) })).status).toBe(413);
    const response = await fetch(`${server.baseUrl}/api/${SERVICE_ID}/client/${at('update', clientId)}`, {
      method: 'PATCH',
      headers: { ...HEADERS, ...MERGE_PATCH },
      body: new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]),
    });
    expect(response.status).toBe(400);
  });

  it('derives clientType from tokenAuthMethod', async () => {
    const { clientId } = await create();

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
    const { clientId } = await create();
    const { etag } = await get(clientId);

    const responses = await Promise.all(
      Array.from({ length: 50 }, (_each, n) => patch(clientId, { notes: `${n}` }, { 'if-match': etag })),
    );

    expect(responses.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 49 }, () => 412)]);
    const changed = responses.find(({ status }) => status === 200);
    expect((await get(clientId)).body).toEqual(changed?.body);
  });

  it('refuses what makes the properties that only administrators set too long, and changes nothing', async () => {
    const { clientId } = await create();
    const long = 'x'.repeat(2000);
    const attributes = Array.from({ length: 50 }, (_each, n) => ({ key: `${n}`, value: long }));
    expect((await patch(clientId, { attributes })).status).toBe(200);
    const before = await get(clientId);
    const scopes = Array.from({ length: 20 }, () => long);

    const extension = { requestableScopesEnabled: true, requestableScopes: scopes };
    for (const { status, body } of [
      await patch(clientId, { trustChain: scopes }),
      await patch(clientId, { extension }),
      await call('POST', `extension/requestable_scopes/update/${clientId}`, { requestableScopes: scopes }),
    ]) {
      expect([status, body.resultCode]).toEqual([400, 'A001204']);
      expect((body as { resultMessage?: string }).resultMessage).toContain('of which "attributes" has');
    }
    expect((await get(clientId)).body).toEqual(before.body);
    await call('POST', `lock_flag/update/${clientId}`, { clientLocked: true });
    expect((await get(clientId)).body.locked).toBe(true);
  });

  it('loses nothing if 50 callers patch different properties at once', async () => {
    const { clientId } = await create();
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

    const replace = jest.spyOn(server.app.get(ClientStore), 'replace');
    const responses = await Promise.all(patches.map((each) => patch(clientId, each)));

    expect(responses.map(({ status }) => status)).toEqual(Array.from({ length: 50 }, () => 200));
    expect(replace).toHaveBeenCalledTimes(50);
    replace.mockRestore();
    const { body } = await get(clientId);
    for (const each of patches) expect(body).toMatchObject(each);
    const actions = (await logOf(server).entries(clientId)).map(({ action }) => action);
    expect(actions.filter((action) => action === 'client.updated')).toHaveLength(50);
  });
});

describe('the credentials', () => {
  const credentials = async (clientId: number) => {
    const { secrets, registration_access_token_hash } = (await server.stored(clientId))!;
    return { secrets, registration_access_token_hash };
  };

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
        await put(String(clientId), CLIENT),
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
