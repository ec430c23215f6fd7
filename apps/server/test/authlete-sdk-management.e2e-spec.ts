import { Authlete } from '@authlete/typescript-sdk';
import { ResultError } from '@authlete/typescript-sdk/models/errors';
import { Client$inboundSchema, type ClientInput } from '@authlete/typescript-sdk/models';
import { ClientAdministrationDto } from '@clientele/model';
import { FIELDS, type ClientMetadata } from '@clientele/model/metadata';
import { UNKNOWN_TO_AUTHLETE } from '../src/administration/clients/unknown-to-authlete.ts';
import { declaredNames } from '../src/http/converted.ts';
import { ADMINISTERED } from './support/administered.ts';
import { logOf } from './support/audit.ts';
import { everyMember, FIELD_NAMES, JWKS, sampleOf } from './support/samples.ts';
import { ACCESS_TOKEN, HEADERS, SERVICE_ID, startServer, type TestServer } from './support/server.ts';

const serviceId = String(SERVICE_ID);
const REDIRECT = { redirect_uris: ['https://client.example.org/callback'] };

/** Members that some values need beside them. */
const COMPANIONS: readonly ClientMetadata[] = [
  {},
  { jwks: JWKS },
  { jwks_uri: 'https://client.example.org/jwks' },
  REDIRECT,
  { ...REDIRECT, grant_types: ['authorization_code', 'implicit'], response_types: ['code', 'id_token'] },
  { ...REDIRECT, grant_types: ['authorization_code', 'implicit'], jwks: JWKS },
  { ...REDIRECT, response_types: ['id_token'] },
  { token_endpoint_auth_method: 'client_secret_jwt' },
  { token_endpoint_auth_method: 'private_key_jwt', jwks: JWKS },
  { tls_client_auth_san_dns: 'client.example.org' },
  {
    grant_types: ['urn:openid:params:grant-type:ciba'],
    backchannel_client_notification_endpoint: 'https://client.example.org/notify',
  },
];

/** Authlete's published SDK checks every response against its schema, and removes every property that it does not know. */
describe("Authlete's TypeScript SDK, for administrators", () => {
  let server: TestServer;
  let authlete: Authlete;
  let client: Authlete['client'];

  beforeAll(async () => {
    server = await startServer();
    authlete = new Authlete({ serverURL: server.baseUrl, bearer: ACCESS_TOKEN });
    ({ client } = authlete);
  });

  afterAll(() => server.close());

  const http = (method: string, path: string, body?: string) =>
    fetch(`${server.baseUrl}/api/${serviceId}/client/${path}`, { method, headers: HEADERS, body: body ?? null });

  /** Registers a client with metadata and what it needs. */
  const registerWith = async (...alternatives: ClientMetadata[]): Promise<number> => {
    for (const metadata of alternatives)
      for (const companions of COMPANIONS) {
        const json = JSON.stringify({ ...companions, ...metadata });
        const { body, client } = await server.call('register', { json });
        if (body.action === 'CREATED') return client.clientId;
      }
    throw new Error(`No companions go with ${JSON.stringify(alternatives)}.`);
  };

  const shown = async (id: number | string) =>
    (await (await http('GET', `get/${id}`)).json()) as Readonly<Record<string, unknown>>;

  /** Updates a client with exactly what a get returned, directly and by the SDK, and expects that nothing changes. */
  const expectUnchanged = async (id: number) => {
    const clientId = String(id);
    const found = await http('GET', `get/${clientId}`);
    const before = await server.stored(id);

    const updated = await http('POST', `update/${clientId}`, await found.text());
    expect([updated.status, updated.headers.get('etag')]).toEqual([200, found.headers.get('etag')]);
    await client.update({ serviceId, clientId, client: await client.get({ serviceId, clientId }) });

    expect(await server.stored(id)).toEqual(before);
    expect((await logOf(server).entries(id)).filter(({ action }) => action === 'client.updated')).toEqual([]);
  };

  it.each(FIELD_NAMES)('changes nothing if it updates a client with %s as it got it', async (name) => {
    await expectUnchanged(await registerWith(sampleOf(name)));
  });

  it.each(FIELDS.flatMap(([name, { kind, values = [] }]) => values.map((value) => [name, value, kind] as const)))(
    'changes nothing if it updates a client with %s %s as it got it',
    async (name, value, kind) => {
      const member = kind === 'choices' ? [value] : value;
      await expectUnchanged(
        await registerWith({ [name]: member } as ClientMetadata, { ...sampleOf(name), [name]: member }),
      );
    },
  );

  it.each(Object.entries(ADMINISTERED))(
    'changes nothing if it updates a client with %s as it got it',
    async (name, value) => {
      const created = await http('POST', 'create', JSON.stringify({ ...CLIENT, [name]: value }));
      const client = (await created.json()) as { clientId: number };
      expect(client).toMatchObject({ [name]: value });
      await expectUnchanged(client.clientId);
    },
  );

  it('changes nothing if it updates a client with custom members and every member as it got it', async () => {
    await server.configure({ supportedCustomClientMetadata: ['department'] });
    await expectUnchanged(await registerWith({ ...everyMember(), department: { floors: [1] } } as object));
    await server.configure();
  });

  const CLIENT: ClientInput = { clientName: 'My Client', redirectUris: ['https://client.example.org/callback'] };

  it('knows all properties that an administrator can set, except those that an update by it keeps', () => {
    const settable = [
      ...FIELDS.flatMap(([, { property, localizable }]) => [property, localizable]),
      ...declaredNames(ClientAdministrationDto),
    ].filter((name): name is string => name !== undefined && !name.startsWith('extension.'));
    const { shape } = Client$inboundSchema as unknown as { shape: object };

    expect(settable.filter((name) => !Object.hasOwn(shape, name)).sort()).toEqual([...UNKNOWN_TO_AUTHLETE].sort());
  });

  it('deletes a property that an update omits, but none that the SDK does not know', async () => {
    const clientId = String(await registerWith({ client_uri: 'https://a.example/', keywords: ['a'] }));

    const { clientUri: _clientUri, keywords: _keywords, ...others } = await shown(clientId);
    await http('POST', `update/${clientId}`, JSON.stringify(others));
    expect(await shown(clientId)).not.toHaveProperty('clientUri');
    expect(await shown(clientId)).toMatchObject({ keywords: ['a'] });

    await http('POST', `update/${clientId}`, JSON.stringify({ ...others, keywords: null }));
    expect(await shown(clientId)).not.toHaveProperty('keywords');
  });

  it('creates, gets, updates and deletes a client', async () => {
    const { clientId: id, clientSecret } = await client.create({ serviceId, client: CLIENT });
    const clientId = String(id);

    const updated = await client.update({ serviceId, clientId, client: { ...CLIENT, clientName: 'Renamed' } });

    expect(updated).toMatchObject({ clientId: id, clientName: 'Renamed', clientSecret });
    expect(await client.get({ serviceId, clientId })).toEqual(updated);
    const refused = client.update({ serviceId, clientId, client: { redirectUris: ['no-uri'] } });
    await expect(refused).rejects.toBeInstanceOf(ResultError);
    await client.delete({ serviceId, clientId });
    await expect(client.update({ serviceId, clientId, client: CLIENT })).rejects.toMatchObject({ statusCode: 404 });
  });

  it('gets, sets and deletes the requestable scopes', async () => {
    const clientId = String((await client.create({ serviceId, client: CLIENT })).clientId);
    const { management } = client;
    const set = (requestableScopes?: string[]) =>
      management.updateRequestableScopes({
        serviceId,
        clientId,
        clientExtensionRequestableScopesUpdateRequest: { requestableScopes },
      });
    const get = () => management.getRequestableScopes({ serviceId, clientId });

    expect(await get()).toEqual({});
    for (const requestableScopes of [['a', 'b'], []]) {
      expect(await set(requestableScopes)).toEqual({ requestableScopes });
      expect(await get()).toEqual({ requestableScopes });
    }
    expect(await set()).toEqual({});
    await set(['a']);
    await management.deleteRequestableScopes({ serviceId, clientId });
    expect(await get()).toEqual({});
    await expect(set(['a', 5 as unknown as string])).rejects.toThrow();
    await expect(set(['a b'])).rejects.toMatchObject({ statusCode: 400 });
  });

  it('locks and unlocks a client', async () => {
    const clientIdentifier = String((await client.create({ serviceId, client: CLIENT })).clientId);
    for (const clientLocked of [true, false]) {
      const clientFlagUpdateRequest = { clientLocked };
      const { resultCode } = await client.management.updateLockFlag({
        serviceId,
        clientIdentifier,
        clientFlagUpdateRequest,
      });
      expect(resultCode).toBe('A293001');
      expect((await client.get({ serviceId, clientId: clientIdentifier })).locked).toBe(clientLocked);
    }
  });

  it('finds no authorizations and no granted scopes', async () => {
    const { management } = client;
    const id = (await client.create({ serviceId, client: CLIENT })).clientId;
    const clientId = String(id);
    const subject = 'john doe/ü';
    const of = { serviceId, clientId, subjectPathParameter: subject, subjectQueryParameter: subject };

    expect(await management.listAuthorizations({ ...of, start: 1, end: 4, developer: 'alice' })).toEqual({
      start: 1,
      end: 1,
      developer: 'alice',
      subject,
      totalCount: 0,
      clients: [],
    });
    expect(
      await management.updateAuthorizations({
        serviceId,
        clientId,
        clientAuthorizationUpdateRequest: { subject, scopes: ['a'] },
      }),
    ).toMatchObject({ resultCode: 'A138001' });
    expect(await management.deleteAuthorizations(of)).toMatchObject({ resultCode: 'A137001' });
    expect(await management.getGrantedScopes(of)).toMatchObject({
      serviceApiKey: SERVICE_ID,
      clientId: id,
      subject,
      latestGrantedScopes: [],
      mergedGrantedScopes: [],
    });
    expect(await management.deleteGrantedScopes(of)).toMatchObject({ resultCode: 'A140001' });
    await expect(management.getGrantedScopes({ ...of, clientId: '1' })).rejects.toMatchObject({ statusCode: 404 });
  });

  it('creates, lists, gets, updates and deletes a service, and gets its configuration and keys', async () => {
    const { service, jwkSetEndpoint } = authlete;
    const created = await service.create({ serviceName: 'Mine', supportedGrantTypes: ['AUTHORIZATION_CODE'] });
    const of = { serviceId: String(created.apiKey) };

    expect(await service.list({ start: 0, end: 10 })).toMatchObject({
      totalCount: 2,
      services: expect.arrayContaining([created]) as unknown,
    });
    expect(await service.list()).toMatchObject({ start: 0, end: 2 });
    expect(await service.get(of)).toEqual(created);
    const updated = await service.update({ ...of, service: { ...created, serviceName: 'Renamed' } });
    expect(updated).toMatchObject({
      apiKey: created.apiKey,
      serviceName: 'Renamed',
      supportedGrantTypes: ['AUTHORIZATION_CODE'],
    });
    // The SDK knows no member of the configuration.
    expect(await service.getConfiguration(of)).toEqual({});
    expect(await jwkSetEndpoint.serviceJwksGetApi(of)).toEqual({ keys: [] });
    await service.delete(of);
    await expect(service.get(of)).rejects.toMatchObject({ statusCode: 404 });
  });
});
