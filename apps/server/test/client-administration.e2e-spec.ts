import type { Client } from '@clientele/model/metadata';
import { PATH_WORDS } from '../src/clients/identifier-problem.ts';
import { logOf } from './support/audit.ts';
import { protocolOf } from './support/protocol.ts';
import { everyMember } from './support/samples.ts';
import { HEADERS, SERVICE_ID, startServer, type TestServer } from './support/server.ts';

const CLIENT = { clientName: 'Static', redirectUris: ['https://static.example.org/cb'] };

let server: TestServer;

beforeAll(async () => {
  server = await startServer();
});

afterAll(() => server.close());

type Body = Client & {
  resultCode?: string;
  resultMessage?: string;
  findings?: { members: string[]; message: string }[];
};

const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
  const response = await fetch(`${server.baseUrl}/api/${SERVICE_ID}/client/${path}`, {
    method,
    headers: { ...HEADERS, ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const etag = response.headers.get('etag') ?? '';
  return { status: response.status, etag, text, body: (text === '' ? {} : JSON.parse(text)) as Body };
};
const create = (client: object) => call('POST', 'create', client);
const put = (identifier: string, client: object, headers?: Record<string, string>) =>
  call('PUT', encodeURIComponent(identifier), client, headers);
const get = (identifier: string | number) => call('GET', `get/${encodeURIComponent(identifier)}`);
const lock = (identifier: string | number, clientLocked: boolean) =>
  call('POST', `lock_flag/update/${encodeURIComponent(identifier)}`, { clientLocked });
const remove = (identifier: string | number, headers?: Record<string, string>) =>
  call('DELETE', `delete/${encodeURIComponent(identifier)}`, undefined, headers);
const verify = async (identifier: string, clientSecret: string) =>
  (await call('POST', `secret/verify/${encodeURIComponent(identifier)}`, { clientSecret })).body as unknown as {
    action: string;
  };

let last = 0;
/** An identifier that no other test uses. */
const fresh = (prefix = 'client-') => `${prefix}${++last}`;

describe('client/create', () => {
  it('creates a client with the defaults of a registration and a secret', async () => {
    const { status, etag, body } = await create(CLIENT);

    expect(status).toBe(200);
    expect(etag).not.toBe('');
    expect(body).toMatchObject({
      ...CLIENT,
      tokenAuthMethod: 'CLIENT_SECRET_BASIC',
      clientSource: 'STATIC_REGISTRATION',
      dynamicallyRegistered: false,
      locked: false,
    });
    expect(body.clientSecret).toHaveLength(86);
    expect((await get(body.clientId)).body).toEqual(body);
    const entries = await logOf(server).entries(body.clientId);
    expect(entries).toMatchObject([{ action: 'client.created', actor: { type: 'api_access_token' } }]);
  });

  it('stores what only administrators set, and gives no secret to a public client', async () => {
    const administered = {
      developer: 'alice',
      attributes: [{ key: 'tier', value: 'gold' }],
      resources: ['https://api.example.org/'],
      notes: 'Created for the migration.',
      pkceRequired: true,
      fapiModes: ['FAPI2_SECURITY'],
      extension: { requestableScopes: ['a', 'b'], requestableScopesEnabled: true, accessTokenDuration: 600 },
    };

    const { body } = await create({ ...CLIENT, clientType: 'PUBLIC', clientIdAlias: fresh(), ...administered });

    expect(body).toMatchObject({ tokenAuthMethod: 'NONE', clientType: 'PUBLIC', ...administered });
    expect(body.clientSecret).toBeUndefined();
  });

  it('ignores what only the server sets, and null', async () => {
    const { status, body } = await create({
      ...CLIENT,
      clientId: 5,
      clientSecret: 'x',
      locked: true,
      number: 3,
      logoUri: null,
    });

    expect(status).toBe(200);
    expect(body).toMatchObject({ locked: false, number: 0 });
    expect([body.clientId, body.clientSecret]).not.toEqual([5, 'x']);
  });

  it('does not depend on whether clients may register themselves', async () => {
    await server.configure({ dynamicRegistrationSupported: false, softwareStatementRequired: true });
    expect((await create(CLIENT)).status).toBe(200);
    await server.configure();
  });

  it.each<[object, string, string]>([
    [{ redirectUris: ['http://a.example/#x'] }, 'redirectUris[0]', 'redirect_uris[0]'],
    [{ redirectUris: 'https://a.example/cb' }, 'redirectUris', 'redirect_uris'],
    [{ grantTypes: ['NO_SUCH'] }, 'grantTypes[0]', 'grant_types[0]'],
    [{ tokenAuthMethod: 'NO_SUCH' }, 'tokenAuthMethod', 'token_endpoint_auth_method'],
    [{ jwks: 'no json' }, 'jwks', 'jwks'],
    [{ jwks: '{}' }, 'jwks', 'jwks'],
    [{ defaultMaxAge: 'x' }, 'defaultMaxAge', 'default_max_age'],
  ])('refuses the metadata %j with HTTP 400, the property and the member', async (change, property, member) => {
    const { status, body } = await create({ ...CLIENT, ...change });

    expect(status).toBe(400);
    expect(body.resultMessage).toContain(`] ${property}:`);
    expect(body.resultMessage).toMatch(new RegExp(`^\\[${body.resultCode}\\]`));
    expect(body.findings?.[0]?.members).toContain(member);
  });

  it('names every refused member', async () => {
    const { body } = await create({ redirectUris: ['no uri'], clientUri: 'no uri', policyUri: 'no uri' });

    expect(body.findings?.map(({ members }) => members[0])).toEqual(['redirect_uris[0]', 'client_uri', 'policy_uri']);
  });

  it.each<[unknown, string]>([
    [[], 'a JSON object is expected'],
    [{ pkceRequired: 'yes' }, 'pkceRequired'],
    [{ attributes: [{ key: 'a' }] }, 'value'],
    [{ notes: 'a\0b' }, 'notes: has the control character U+0000 at position 1'],
    [{ developer: 'a\ud800' }, 'developer: has half of a surrogate pair'],
    [{ trustChain: ['a', '\udc00'] }, 'trustChain[1]: has half'],
    [{ attributes: [{ key: '\0', value: 'a' }] }, 'attributes[0].key: has the control character'],
    [{ resources: ['https://a.example/', 'no uri'] }, 'resources: "no uri"'],
    [{ resources: ['https://a.example/#x'] }, 'resources: has a fragment'],
    [{ extension: 'x' }, 'extension'],
    [{ extension: [{ accessTokenDuration: 5 }] }, 'extension'],
    [{ extension: JSON.parse('{"constructor":1}') as object }, 'constructor'],
    [{ fapiModes: Array.from({ length: 9 }, () => 'FAPI2_SECURITY') }, 'fapiModes'],
    [{ attributes: Array.from({ length: 20_000 }, () => ({ key: 'a', value: 'b' })) }, 'attributes'],
    [
      {
        clientNames: [
          { tag: 'ja', value: 'a' },
          { tag: 'ja', value: 'b' },
        ],
      },
      'clientNames',
    ],
    [{ clientNames: 'x' }, 'clientNames'],
    [{ clientNames: Array.from({ length: 101 }, (_each, n) => ({ tag: `a-${n}`, value: 'x' })) }, 'clientNames'],
    [{ clientType: 'PUBLIC', tokenAuthMethod: 'PRIVATE_KEY_JWT' }, 'tokenAuthMethod'],
    [{ customMetadata: 'x' }, 'customMetadata'],
    [{ customMetadata: '{"unknown":1}' }, 'unknown'],
    [{ customMetadata: '{"client_name":"x"}' }, 'client_name'],
    [{ clientIdAlias: '12345' }, '12345'],
    [{ clientType: 'CONFIDENTIAL', tokenAuthMethod: 'NONE' }, 'tokenAuthMethod'],
    [{ clientType: 'CONFIDENTIAL', tokenAuthMethod: 'none' }, 'tokenAuthMethod'],
    [{ redirect_uris: ['https://a.example/cb'] }, 'use redirectUris'],
    [{ expiresAt: 1_795_803_433 }, 'milliseconds'],
    [{ extension: { requestableScopes: ['a b'], requestableScopesEnabled: true } }, 'requestableScopes'],
    [{ clientIdAlias: 'with space' }, 'with space'],
    [{ clientIdAlias: '.' }, '"."'],
    [{ clientIdAlias: '..' }, '".."'],
  ])('refuses the body %j with HTTP 400, naming the fault', async (body, named) => {
    const before = (await server.storedClients()).length;

    const refused = await create(Array.isArray(body) ? body : { ...CLIENT, ...(body as object) });

    expect(refused.status).toBe(400);
    expect(refused.body.resultMessage).toContain(named);
    expect(await server.storedClients()).toHaveLength(before);
  });

  it('refuses each word that paths of calls have where others have an identifier', async () => {
    const { paths } = (await (await fetch(`${server.baseUrl}/openapi.json`)).json()) as { paths: object };
    const parts = Object.keys(paths).map((path) => path.split('/'));
    const words = parts.flatMap((path) => {
      const place = path.indexOf('{clientIdentifier}');
      const isBeside = (other: string[]) => path.slice(0, place).every((part, n) => part === other[n]);
      return place < 0 ? [] : parts.filter(isBeside).map((other) => other[place] ?? '');
    });

    expect(new Set(words)).toEqual(new Set(['{clientIdentifier}', ...PATH_WORDS]));
    for (const word of PATH_WORDS) {
      const refused = await create({ ...CLIENT, clientIdAlias: word });
      expect(refused.body.resultMessage).toContain(`"${word}"`);
      expect(refused.status).toBe(400);
    }
  });

  it.each(['redirectUris', 'clientName', 'jwks', 'authorizationDetailsTypes'])(
    'refuses %s with too many levels of nesting, also inside a text',
    async (property) => {
      const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
      for (const value of [deep, JSON.stringify(`{"keys":${deep}}`)]) {
        const response = await fetch(`${server.baseUrl}/api/${SERVICE_ID}/client/create`, {
          method: 'POST',
          headers: HEADERS,
          body: `{"redirectUris":["https://a.example/"],"${property}":${value}}`,
        });
        expect(response.status).toBe(400);
      }
    },
  );

  it('accepts customMetadata with whitespace, and names its fault', async () => {
    await server.configure({ supportedCustomClientMetadata: ['x'] });
    expect((await create({ ...CLIENT, customMetadata: ' {"x" : 1}\n' })).body.customMetadata).toBe('{"x":1}');
    const refused = await create({ ...CLIENT, customMetadata: '{"x":1,"x":2}' });
    expect(refused.body.resultMessage).toContain('contains the member "x" more than once');
    await server.configure();
  });

  it('refuses a form, whose values are only strings, as PUT does', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const id = fresh();
    await put(id, CLIENT);

    expect((await call('POST', 'create', CLIENT, form)).status).toBe(415);
    expect((await put(id, {}, form)).status).toBe(415);
    expect((await get(id)).body).toMatchObject(CLIENT);
  });

  it('refuses an alias that is in use, and names it', async () => {
    const clientIdAlias = fresh();
    await create({ ...CLIENT, clientIdAlias });

    const { status, body } = await create({ ...CLIENT, clientIdAlias });

    expect([status, body.resultCode]).toEqual([400, 'A123603']);
    expect(body.resultMessage).toContain(clientIdAlias);
  });
});

describe('PUT client/{identifier}', () => {
  it.each(['https://client.example.org/metadata?a=b', 'my-client', 'mailto:x@example.org'])(
    'creates and replaces the client %s',
    async (identifier) => {
      const created = await put(identifier, { ...CLIENT, clientSecret: 'a-secret-of-mine' });
      const replaced = await put(identifier, { ...CLIENT, clientName: 'Replaced' });

      expect([created.status, replaced.status]).toEqual([200, 200]);
      expect(replaced.body).toMatchObject({ clientId: created.body.clientId, clientName: 'Replaced' });
      expect(await verify(identifier, 'a-secret-of-mine')).toEqual({ action: 'OK', expiresAt: 0 });
      const resolved = await call('POST', 'resolve', { clientId: identifier });
      expect(resolved.body).toMatchObject({
        action: 'OK',
        metadata: { client_id: identifier, client_name: 'Replaced' },
      });
      // The secret was chosen by a person, so it has no digest.
      expect(resolved.text).toContain('"secrets":[{"createdAt"');
    },
  );

  it('changes nothing if the client is put as it was got, for every member and a value that Client cannot express', async () => {
    const registered = await server.register({
      ...everyMember(),
      default_max_age: 0,
      id_token_signed_response_alg: 'Ed25519',
    });
    const before = await server.stored(registered.clientId);
    const got = await get(registered.clientId);

    const { status, etag, body } = await put(String(registered.clientId), got.body);

    expect([status, etag]).toEqual([200, got.etag]);
    expect(body).toEqual(got.body);
    const { last_used_at: _used, ...after } = (await server.stored(registered.clientId))!;
    expect({ ...before, ...after }).toEqual(before);
  });

  it('keeps the registration access token and the lock of a dynamic client', async () => {
    const registered = await server.register();
    await server.amend(registered.clientId, { administration: { locked: true, notes: 'old' } });

    const { body } = await put(String(registered.clientId), { ...CLIENT, notes: 'new' });
    expect(body).toMatchObject({ ...CLIENT, locked: true, notes: 'new', dynamicallyRegistered: true });
    await lock(registered.clientId, false);
    await server.get(registered);
  });

  it('does not take away the alias by which the client is addressed, because a repetition would create another client', async () => {
    const [id, clientIdAlias] = [fresh(), fresh('alias-')];
    const { body: created } = await put(id, { ...CLIENT, clientIdAlias });

    const refused = await put(clientIdAlias, { ...CLIENT, clientIdAlias: fresh('alias-') });
    expect(refused.status).toBe(400);
    expect(refused.body.resultMessage).toContain(clientIdAlias);
    expect((await put(clientIdAlias, { ...CLIENT, clientIdAlias })).body.clientId).toBe(created.clientId);
    expect((await put(id, CLIENT)).status).toBe(200);
    expect((await get(clientIdAlias)).status).toBe(404);
  });

  it('counts as a use of a registration, which is then not deleted as unused', async () => {
    const { clientId } = await server.register();
    expect((await server.stored(clientId))?.unused_since).not.toBeNull();

    await put(String(clientId), { ...CLIENT, notes: 'approved' });

    expect((await server.stored(clientId))?.unused_since).toBeNull();
  });

  it('replaces an omitted property by its default', async () => {
    const id = fresh();
    await put(id, {
      ...CLIENT,
      logoUri: 'https://a.example/logo',
      pkceRequired: true,
      developer: 'alice',
      clientIdAlias: fresh(),
    });

    const { body } = await put(id, CLIENT);

    expect(body).toMatchObject({ pkceRequired: false });
    for (const property of ['logoUri', 'developer', 'clientIdAlias']) expect(body).not.toHaveProperty(property);
  });

  it('replaces the secret only by another one, and refuses one that the client does not need', async () => {
    const id = fresh();
    await put(id, { ...CLIENT, clientSecret: 'first' });
    const { etag } = await get(id);
    expect((await put(id, { ...CLIENT, clientSecret: 'first' })).etag).toBe(etag);
    await put(id, { ...CLIENT, clientSecret: 'second' });

    expect([(await verify(id, 'first')).action, (await verify(id, 'second')).action]).toEqual(['INVALID', 'OK']);
    const refused = await put(id, { ...CLIENT, tokenAuthMethod: 'NONE', clientSecret: 'third' });
    expect([refused.status, refused.body.resultCode]).toEqual([400, 'A149603']);
    expect(refused.text).not.toContain('third');
  });

  it('finds the client again that was put under its alias', async () => {
    const clientIdAlias = fresh('alias-');
    const id = fresh();
    const { body } = await put(id, { ...CLIENT, clientIdAlias });

    for (const notes of ['1', '2'])
      expect((await put(clientIdAlias, { ...CLIENT, notes })).body).toMatchObject({
        clientId: body.clientId,
        canonicalClientId: id,
        clientIdAlias,
      });
  });

  it('refuses a short secret that a symmetric algorithm uses as its key', async () => {
    for (const change of [{ tokenAuthMethod: 'CLIENT_SECRET_JWT' }, { idTokenSignAlg: 'HS256' }]) {
      const { status, body } = await put(fresh(), { ...CLIENT, ...change, clientSecret: 'x'.repeat(31) });
      expect([status, body.resultCode]).toEqual([400, 'A149601']);
      expect((await put(fresh(), { ...CLIENT, ...change, clientSecret: 'x'.repeat(32) })).status).toBe(200);
    }
  });

  it('refuses a symmetric algorithm that would use a short secret of the client as its key', async () => {
    const id = fresh();
    await put(id, { ...CLIENT, clientSecret: 'short' });

    for (const change of [{ tokenAuthMethod: 'CLIENT_SECRET_JWT' }, { idTokenSignAlg: 'HS256' }])
      expect(await put(id, { ...CLIENT, ...change })).toMatchObject({ status: 400, body: { resultCode: 'A149601' } });
    expect((await put(id, { ...CLIENT, idTokenSignAlg: 'HS256', clientSecret: 'x'.repeat(32) })).status).toBe(200);
    expect((await put(id, { ...CLIENT, tokenAuthMethod: 'CLIENT_SECRET_JWT' })).status).toBe(200);
  });

  it('renews an expired secret that is given again', async () => {
    const id = fresh();
    const { body } = await put(id, { ...CLIENT, clientSecret: 'again' });
    const expired = { id: 1, value: 'again', generated: false, createdAt: 1, expiresAt: 2 };
    await server.amend(body.clientId, { credentials: { secrets: [expired] } });

    expect((await put(id, { ...CLIENT, clientSecret: 'again' })).body.clientSecret).toBe('again');
    expect(await verify(id, 'again')).toEqual({ action: 'OK', expiresAt: 0 });
  });

  it('refuses to create under digits, a word of a path, or what no client_id contains', async () => {
    expect((await put('987654321', CLIENT)).status).toBe(404);
    const words = ['create', 'get', 'list', 'resolve', 'registration'];
    for (const identifier of [...words, 'a b', 'ä', '9'.repeat(20), 'x'.repeat(2049)])
      expect([identifier, (await put(identifier, CLIENT)).status]).toEqual([identifier, 400]);
  });

  it('respects If-Match and If-None-Match', async () => {
    const id = fresh();
    expect((await put(id, CLIENT, { 'if-match': '*' })).body.resultMessage).toContain('There is no such client');
    const created = await put(id, CLIENT, { 'if-none-match': '*' });
    expect(created.status).toBe(200);
    expect((await put(id, CLIENT, { 'if-none-match': '*' })).body.resultMessage).toContain('exists already');
    const changed = await put(id, { ...CLIENT, notes: '1' }, { 'if-match': created.etag });
    expect(changed.status).toBe(200);
    const refused = await put(id, { ...CLIENT, notes: '2' }, { 'if-match': created.etag });
    expect([refused.status, refused.body.resultCode]).toEqual([412, 'A001108']);
    expect((await put(id, CLIENT, { 'if-none-match': '"x"' })).status).toBe(400);
    expect((await put(fresh(), CLIENT, { 'if-match': '"x"', 'if-none-match': '*' })).status).toBe(400);
    expect((await get(id)).body).toMatchObject({ notes: '1' });
  });

  it('needs the right CREATE_CLIENT to create', async () => {
    const caller = await server.callerWith('MODIFY_CLIENT');
    const id = fresh();
    expect((await put(id, CLIENT, caller)).status).toBe(403);
    await put(id, CLIENT);
    expect((await put(id, CLIENT, caller)).status).toBe(200);
  });

  it('creates one client for concurrent calls with one identifier', async () => {
    const id = fresh();

    const responses = await Promise.all(
      Array.from({ length: 12 }, (_each, n) => put(id, { ...CLIENT, notes: `${n}` })),
    );

    expect(responses.map(({ status }) => status)).toEqual(responses.map(() => 200));
    expect(new Set(responses.map(({ body }) => body.clientId)).size).toBe(1);
    expect(await logOf(server).entries(responses[0]!.body.clientId)).toHaveLength(12);
  });

  it('gives an alias to one of two callers that swap aliases, without a deadlock or a failure', async () => {
    const [one, other] = [fresh(), fresh()];
    const aliases = [fresh('alias-'), fresh('alias-')] as const;
    await put(one, { ...CLIENT, clientIdAlias: aliases[0] });
    await put(other, { ...CLIENT, clientIdAlias: aliases[1] });

    for (let round = 0; round < 5; round++) {
      const responses = await Promise.all([
        put(one, { ...CLIENT, clientIdAlias: aliases[(round + 1) % 2]! }),
        put(other, { ...CLIENT, clientIdAlias: aliases[round % 2]! }),
        put(one, CLIENT),
        put(other, CLIENT),
      ]);
      for (const { status } of responses) expect([200, 400]).toContain(status);
    }
    expect(await logOf(server).problems()).toEqual([]);
  });
});

describe('client/lock_flag/update', () => {
  it('locks and unlocks a client, which cannot use its registration meanwhile', async () => {
    const registered = await server.register();
    const { clientId, token } = registered;

    const locked = await lock(clientId, true);
    expect([locked.status, locked.body.resultCode]).toEqual([200, 'A293001']);
    expect((await get(clientId)).body.locked).toBe(true);
    expect((await protocolOf(server).read(clientId, token)).status).toBe(401);
    expect((await lock(clientId, true)).body.resultCode).toBe('A293203');
    expect((await lock(clientId, false)).status).toBe(200);
    const unlocked = await lock(clientId, false);
    expect([unlocked.status, unlocked.body.resultCode]).toEqual([400, 'A293204']);
    await server.get(registered);
  });

  it('returns 404 for an unknown client and 400 for a wrong body', async () => {
    expect((await lock('nobody', true)).status).toBe(404);
    expect((await call('POST', 'lock_flag/update/1', {})).status).toBe(400);
  });
});

describe('client/delete', () => {
  it('deletes a client and its identifiers, if it has the version', async () => {
    const id = fresh();
    const clientIdAlias = fresh();
    const { etag, body } = await put(id, { ...CLIENT, clientIdAlias });
    await put(id, { ...CLIENT, clientIdAlias, notes: 'changed' });

    expect((await remove(id, { 'if-match': etag })).status).toBe(412);
    const deleted = await remove(clientIdAlias);

    expect([deleted.status, deleted.text]).toEqual([204, '']);
    for (const identifier of [id, clientIdAlias, String(body.clientId)])
      expect((await get(identifier)).status).toBe(404);
    expect((await remove(id)).status).toBe(404);
    expect((await put(id, CLIENT)).body.clientId).not.toBe(body.clientId);
    expect(await logOf(server).problems()).toEqual([]);
  });
});
