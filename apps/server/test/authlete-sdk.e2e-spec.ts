import { Authlete } from '@authlete/typescript-sdk';
import { clientFromJSON, type ClientInput } from '@authlete/typescript-sdk/models';
import { ResultError } from '@authlete/typescript-sdk/models/errors';
import {
  CLIENT_AUTH_METHOD,
  FIELDS,
  GRANT_TYPE,
  orderedMetadata,
  RESPONSE_TYPE,
  toClient,
  type ClientInformation,
  type ClientMetadata,
  type ErrorResponse,
  type FieldName,
} from '@clientele/model/metadata';
import { everyMember, FIELD_NAMES, sampleOf, SAMPLES, without } from './support/samples.ts';
import { ACCESS_TOKEN, SERVICE_ID, startServer, type TestServer } from './support/server.ts';

/** Authlete's published SDK checks every response against its schema. */
describe("Authlete's TypeScript SDK", () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startServer();
  });

  afterAll(() => server.close());

  const serviceId = String(SERVICE_ID);
  const registrationOf = (bearer: string) =>
    new Authlete({ serverURL: server.baseUrl, bearer }).dynamicClientRegistration;

  it.each([
    ['the documented metadata', { client_name: 'My Dynamic Client' }],
    ['every member', everyMember()],
    ['no secret', { token_endpoint_auth_method: 'none' }],
    ['no response type', { grant_types: ['client_credentials'] }],
  ])('registers, gets, updates and deletes a client with %s', async (_what, metadata) => {
    const registration = registrationOf(ACCESS_TOKEN);

    const created = await registration.register({ serviceId, requestBody: { json: JSON.stringify(metadata) } });
    const information = JSON.parse(created.responseContent ?? '') as ClientInformation;
    const { client_id: clientId, registration_access_token: token } = information;
    const found = await registration.get({ serviceId, requestBody: { clientId, token } });
    const json = JSON.stringify({ ...information, client_name: 'My Updated Dynamic Client' });
    const updated = await registration.update({ serviceId, requestBody: { clientId, token, json } });
    const deleted = await registration.delete({ serviceId, requestBody: { clientId, token } });

    expect([created, found, updated, deleted].map(({ action, resultCode }) => [action, resultCode])).toEqual([
      ['CREATED', 'A202001'],
      ['OK', 'A217001'],
      ['UPDATED', 'A213001'],
      ['DELETED', 'A216001'],
    ]);
    expect(created.client?.clientId).toBe(Number(clientId));
    expect(found.client).toEqual(created.client);
    expect(updated.client?.clientName).toBe('My Updated Dynamic Client');
    expect(deleted.client).toBeUndefined();
  });

  it.each(FIELD_NAMES)('reads a client with %s', async (name) => {
    const json = JSON.stringify(sampleOf(name));

    const { action, client } = await registrationOf(ACCESS_TOKEN).register({ serviceId, requestBody: { json } });

    expect(action).toBe('CREATED');
    expect(client?.clientId).toBeGreaterThan(0);
  });

  it.each<[one: FieldName, other: FieldName]>([
    ['jwks', 'jwks_uri'],
    ['tls_client_auth_san_dns', 'tls_client_auth_subject_dn'],
    ['tls_client_auth_san_uri', 'tls_client_auth_subject_dn'],
    ['tls_client_auth_san_ip', 'tls_client_auth_subject_dn'],
    ['tls_client_auth_san_email', 'tls_client_auth_subject_dn'],
  ])('reads a client with every member, and %s instead of %s', async (one, other) => {
    const json = JSON.stringify({ ...without(everyMember(), other), [one]: SAMPLES[one].value });

    const { action } = await registrationOf(ACCESS_TOKEN).register({ serviceId, requestBody: { json } });

    expect(action).toBe('CREATED');
  });

  it.each(['STRICT', 'NARROW'] as const)(
    'reads a client with scopes and custom metadata of a %s service',
    async (unsupportedValues) => {
      await server.configure({
        unsupportedValues,
        dcrScopeUsedAsRequestable: true,
        supportedScopes: ['read', 'write'].map((name) => ({ name, defaultEntry: true })),
        supportedGrantTypes: Object.values(GRANT_TYPE),
        supportedResponseTypes: Object.values(RESPONSE_TYPE),
        supportedTokenAuthMethods: Object.values(CLIENT_AUTH_METHOD),
        supportedCustomClientMetadata: ['department'],
      });
      const json = JSON.stringify({ ...everyMember(), department: { name: 'A', floors: [1, 2] } });

      const { action, client } = await registrationOf(ACCESS_TOKEN).register({ serviceId, requestBody: { json } });

      await server.configure();
      expect(action).toBe('CREATED');
      expect(client?.customMetadata).toBe('{"department":{"name":"A","floors":[1,2]}}');
      expect(client?.extension).toMatchObject({ requestableScopesEnabled: true, requestableScopes: ['read', 'write'] });
    },
  );

  it.each(FIELDS.filter(([, { values }]) => values !== undefined))(
    'reads every value of %s',
    (name, { kind, values = [] }) => {
      for (const value of values) {
        const client = toClient({ [name]: kind === 'choices' ? [value] : value } as ClientMetadata);

        expect(clientFromJSON(JSON.stringify(client))).toMatchObject({ ok: true });
      }
    },
  );

  it.each([
    ['BAD_REQUEST', 'invalid_client_metadata', '{"client_name":1}'],
    ['BAD_REQUEST', 'invalid_redirect_uri', '{"redirect_uris":["x"]}'],
  ])('reads the action %s with the error %s', async (action, error, json) => {
    const response = await registrationOf(ACCESS_TOKEN).register({ serviceId, requestBody: { json } });

    expect(response.action).toBe(action);
    expect((JSON.parse(response.responseContent ?? '') as ErrorResponse).error).toBe(error);
  });

  it('reads the action UNAUTHORIZED', async () => {
    const response = await registrationOf(ACCESS_TOKEN).get({ serviceId, requestBody: { clientId: '1', token: 'x' } });

    expect(response).toMatchObject({ action: 'UNAUTHORIZED', resultCode: 'A215307' });
  });

  it.each([
    ['a wrong API access token', 401, 'A172101', 'wrong', serviceId, '1'],
    ['an invalid client ID', 400, 'A215301', ACCESS_TOKEN, serviceId, 'x'],
  ])('throws a ResultError for %s', async (_what, statusCode, resultCode, bearer, service, clientId) => {
    const response = registrationOf(bearer).get({ serviceId: service, requestBody: { clientId, token: 'x' } });

    await expect(response).rejects.toBeInstanceOf(ResultError);
    await expect(response).rejects.toMatchObject({ statusCode, resultCode });
  });

  it('creates, gets, locks, unlocks and deletes a client with every member', async () => {
    const { client } = new Authlete({ serverURL: server.baseUrl, bearer: ACCESS_TOKEN });
    const input = clientInput(orderedMetadata(everyMember()));
    const requested = { ...input, extension: { ...input.extension, requestableScopesEnabled: false } };

    const created = await client.create({ serviceId, client: requested });
    const clientId = String(created.clientId);
    const found = await client.get({ serviceId, clientId });
    const flag = (clientLocked: boolean) =>
      client.management.updateLockFlag({
        serviceId,
        clientIdentifier: clientId,
        clientFlagUpdateRequest: { clientLocked },
      });
    const locked = await flag(true);
    const lockedClient = await client.get({ serviceId, clientId });
    await expect(flag(true)).rejects.toMatchObject({ statusCode: 400, resultCode: 'A293203' });
    await flag(false);
    await client.delete({ serviceId, clientId });

    expect(created).toMatchObject(requested);
    expect(created.clientSecret).toBeDefined();
    expect(found).toEqual(created);
    expect(locked.resultCode).toBe('A293001');
    expect(lockedClient.locked).toBe(true);
    await expect(client.get({ serviceId, clientId })).rejects.toThrow();
  });

  it('refreshes and updates the secret of a client', async () => {
    const { client } = new Authlete({ serverURL: server.baseUrl, bearer: ACCESS_TOKEN });
    const { clientId, information } = await server.register(everyMember());
    const clientIdentifier = String(clientId);
    const clientSecret = 'another-secret-of-the-client-with-32-characters';

    const refreshed = await client.management.refreshSecret({ serviceId, clientIdentifier });
    const updated = await client.management.updateSecret({
      serviceId,
      clientIdentifier,
      clientSecretUpdateRequest: { clientSecret },
    });

    expect(refreshed).toMatchObject({ resultCode: 'A148001', oldClientSecret: information.client_secret });
    expect(updated).toMatchObject({
      resultCode: 'A149001',
      oldClientSecret: refreshed.newClientSecret,
      newClientSecret: clientSecret,
    });
    expect((await client.get({ serviceId, clientId: clientIdentifier })).clientSecret).toBe(clientSecret);
  });

  it('gets a client that registered itself, by its alias too', async () => {
    const { client } = new Authlete({ serverURL: server.baseUrl, bearer: ACCESS_TOKEN });
    const { clientId } = await server.register(everyMember());
    await server.amend(clientId, { identifiers: { alias: 'sdk-alias' } });

    expect(await client.get({ serviceId, clientId: 'sdk-alias' })).toMatchObject({
      clientId,
      clientIdAlias: 'sdk-alias',
    });
  });

  it('throws a ResultError for a refused client', async () => {
    const { client } = new Authlete({ serverURL: server.baseUrl, bearer: ACCESS_TOKEN });

    const refused = client.create({ serviceId, client: { redirectUris: ['no-uri'] } });

    await expect(refused).rejects.toBeInstanceOf(ResultError);
    await expect(refused).rejects.toMatchObject({
      statusCode: 400,
      resultMessage: expect.stringContaining('redirectUris[0]') as string,
    });
  });
});

/** A client of the SDK with metadata. */
function clientInput(metadata: ClientMetadata): ClientInput {
  const parsed = clientFromJSON(JSON.stringify(toClient(metadata)));
  if (!parsed.ok) throw parsed.error;
  return parsed.value;
}
