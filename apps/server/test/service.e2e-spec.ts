import { Authlete } from '@authlete/typescript-sdk';
import { jest } from '@jest/globals';
import type { AccessRight } from '../src/access/access-right.ts';
import { LONGEST_JSON } from '../src/services/longest-json.ts';
import { ServiceStore } from '../src/services/service-store.ts';
import type { Service } from '../src/services/service.ts';
import { everythingService } from './support/everything-service.ts';
import { hashToken } from '../src/crypto/token.ts';
import { JWKS, without } from './support/samples.ts';
import { ACCESS_TOKEN, HEADERS, SERVICE_ID, startServer, type TestServer } from './support/server.ts';

/** A value other than the default for every setting of a service. */
const SETTINGS = {
  authorizationEndpoint: 'https://as.example.org/authorize',
  tokenEndpoint: 'https://as.example.org/token',
  userInfoEndpoint: 'https://as.example.org/userinfo',
  jwksUri: 'https://as.example.org/jwks',
  revocationEndpoint: 'https://as.example.org/revoke',
  introspectionEndpoint: 'https://as.example.org/introspect',
  pushedAuthReqEndpoint: 'https://as.example.org/par',
  backchannelAuthenticationEndpoint: 'https://as.example.org/ciba',
  deviceAuthorizationEndpoint: 'https://as.example.org/device',
  endSessionEndpoint: 'https://as.example.org/logout',
  serviceDocumentation: 'https://as.example.org/docs',
  policyUri: 'https://as.example.org/policy',
  tosUri: 'https://as.example.org/tos',
  serverMetadata: { code_challenge_methods_supported: ['S256'] },
  allowedOrigins: ['https://app.example.org'],
  protocolRegistration: 'INITIAL_ACCESS_TOKEN',
  initialAccessTokenRequired: true,
  registrationAccessTokenRotated: true,
  registrationAccessTokenGracePeriod: 60,
  unusedRegistrationLifetime: 2_592_000,
  clientSecretLifetime: 31_536_000,
  clientSecretOverlap: 86_400,
  resolveMaxAge: 30,
  resolveStaleIfError: 7200,
  serviceName: 'My Service ü',
  issuer: 'https://as.example.org',
  dynamicRegistrationSupported: true,
  unauthorizedOnClientConfigSupported: true,
  dcrDuplicateSoftwareIdBlocked: true,
  dcrScopeUsedAsRequestable: true,
  errorDescriptionOmitted: true,
  registrationEndpoint: 'https://as.example.org/register',
  registrationManagementEndpoint: 'https://as.example.org/manage',
  unsupportedValues: 'NARROW',
  supportedTokenAuthMethods: ['CLIENT_SECRET_POST', 'PRIVATE_KEY_JWT'],
  supportedGrantTypes: ['AUTHORIZATION_CODE', 'REFRESH_TOKEN', 'CIBA'],
  supportedResponseTypes: ['CODE', 'CODE_ID_TOKEN'],
  supportedScopes: [
    { name: 'openid', defaultEntry: true, description: 'Who you are' },
    { name: 'profile', defaultEntry: false },
  ],
  supportedAcrs: ['urn:example:loa:2'],
  supportedAuthorizationDetailsTypes: ['payment'],
  supportedBackchannelTokenDeliveryModes: ['POLL', 'PING'],
  supportedClientRegistrationTypes: ['EXPLICIT'],
  supportedDigestAlgorithms: ['sha-256'],
  supportedSubjectTypes: ['PAIRWISE'],
  supportedJwsAlgs: ['PS256', 'NONE', 'EdDSA'],
  supportedJweAlgs: ['RSA_OAEP_256', 'DIR'],
  supportedJweEncs: ['A256GCM', 'A128CBC_HS256'],
  tlsClientCertificateBoundAccessTokens: false,
  backchannelUserCodeParameterSupported: false,
  backchannelLogoutSupported: true,
  backchannelLogoutSessionSupported: false,
  requestObjectRequired: true,
  traditionalRequestObjectProcessingApplied: true,
  supportedCustomClientMetadata: ['department'],
  softwareStatementIssuers: [
    { issuer: 'https://one.example.org', jwks: JWKS, algorithms: ['ES256'], audience: 'https://as.example.org' },
    { issuer: 'https://two.example.org', jwksUri: 'https://two.example.org/jwks.json', algorithms: ['PS256', 'EdDSA'] },
  ],
  softwareStatementRequired: true,
};

/** The settings of a service after an empty update. */
const DEFAULTS = {
  serviceName: 'Service',
  dynamicRegistrationSupported: false,
  unauthorizedOnClientConfigSupported: false,
  dcrDuplicateSoftwareIdBlocked: false,
  dcrScopeUsedAsRequestable: false,
  errorDescriptionOmitted: false,
  unsupportedValues: 'STRICT',
  requestObjectRequired: false,
  traditionalRequestObjectProcessingApplied: false,
  softwareStatementRequired: false,
  protocolRegistration: 'OFF',
  initialAccessTokenRequired: false,
  registrationAccessTokenRotated: false,
  registrationAccessTokenGracePeriod: 0,
  unusedRegistrationLifetime: 0,
  clientSecretLifetime: 0,
  clientSecretOverlap: 0,
  resolveMaxAge: 60,
  resolveStaleIfError: 3600,
};

const ISSUED = ['apiKey', 'number', 'createdAt', 'modifiedAt'];

describe('the settings of a service', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startServer();
  });

  beforeEach(() => server.configure());

  afterAll(() => server.close());

  interface ServiceResponse {
    status: number;
    text: string;
    body: Service & { resultCode?: string; resultMessage?: string };
  }

  const callService = async (
    operation: 'get' | 'update',
    settings?: unknown,
    token = ACCESS_TOKEN,
  ): Promise<ServiceResponse> => {
    const { status, text } = await server.send({
      method: operation === 'get' ? 'GET' : 'POST',
      path: `/api/${SERVICE_ID}/service/${operation}`,
      headers: { ...HEADERS, authorization: `Bearer ${token}` },
      body: settings === undefined ? undefined : JSON.stringify(settings),
    });
    return { status, text, body: JSON.parse(text) as ServiceResponse['body'] };
  };

  const send = async (method: string, settings?: unknown, headers: Readonly<Record<string, string>> = {}) => {
    const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    const response = await server.send({
      method,
      path: `/api/${SERVICE_ID}/service/${method === 'GET' ? 'get' : 'update'}`,
      headers: { ...HEADERS, 'content-type': type, ...headers },
      body: settings === undefined ? undefined : JSON.stringify(settings),
    });
    return { ...response, body: JSON.parse(response.text) as ServiceResponse['body'] };
  };

  it('are all stored as sent', async () => {
    const updated = await callService('update', SETTINGS);
    const found = await callService('get');

    expect(updated.status).toBe(200);
    expect(without(updated.body, ...ISSUED)).toEqual(SETTINGS);
    expect(found.body).toEqual(updated.body);
  });

  it('can be sent back as returned, which changes nothing', async () => {
    const first = await callService('update', SETTINGS);
    const second = await callService('update', first.body);
    const patched = await send('PATCH', { serviceName: first.body.serviceName, unknown: null });

    expect(second).toEqual(first);
    expect(patched.body).toEqual(first.body);
  });

  it.each([
    ['omitted', {}],
    ['null', Object.fromEntries(Object.keys(SETTINGS).map((name) => [name, null]))],
  ])('that are %s have their defaults after an update, and lists are deleted', async (_how, settings) => {
    await callService('update', SETTINGS);

    const { status, body } = await callService('update', settings);

    expect(status).toBe(200);
    expect(without(body, ...ISSUED)).toEqual(DEFAULTS);
  });

  it('allow every value if a list is omitted, and no value if a list is empty', async () => {
    await callService('update', { dynamicRegistrationSupported: true });
    await expect(server.register({ scope: 'anything', default_acr_values: ['any'] })).resolves.toBeDefined();

    await callService('update', { dynamicRegistrationSupported: true, supportedScopes: [] });
    const { body } = await server.call('register', { json: '{"scope":"anything"}' });

    expect(body).toMatchObject({ action: 'BAD_REQUEST', resultCode: 'A031201' });
  });

  it('contain no null, even in nested objects', async () => {
    const jwksUri = 'https://one.example.org/jwks';
    const { text, body } = await callService('update', {
      supportedScopes: [{ name: 'openid', description: null, defaultEntry: null }],
      softwareStatementIssuers: [
        { issuer: 'https://one.example.org', jwks: null, jwksUri, audience: null, algorithms: null },
      ],
    });

    expect(text).not.toContain('null');
    expect(body.supportedScopes).toEqual([{ name: 'openid', defaultEntry: false }]);
    expect(body.softwareStatementIssuers).toEqual([
      { issuer: 'https://one.example.org', jwksUri, algorithms: ['RS256', 'PS256', 'ES256'] },
    ]);
  });

  it("ignore Authlete's properties for authorization servers and properties that only the server sets", async () => {
    const before = await callService('get');
    const { body } = await callService('update', {
      ...SETTINGS,
      apiKey: 1,
      number: 7,
      createdAt: 1,
      modifiedAt: 1,
      pkceRequired: true,
    });

    expect(Object.keys(body).sort()).toEqual([...Object.keys(SETTINGS), ...ISSUED].sort());
    const { apiKey, number, createdAt } = before.body;
    expect(body).toMatchObject({ apiKey, number, createdAt });
    expect(body.modifiedAt).toBeGreaterThan(before.body.modifiedAt);
  });

  it('replace only the version that If-Match names', async () => {
    const { headers, body } = await send('GET');
    const etag = String(headers.etag);
    const changed = await send('POST', { ...body, serviceName: 'First' }, { 'if-match': etag });
    const outdated = await send('POST', { ...body, serviceName: 'Second' }, { 'if-match': etag });
    const outdatedPatch = await send('PATCH', { serviceName: 'Third' }, { 'if-match': etag });
    const patched = await send('PATCH', { serviceName: 'Fourth' }, { 'if-match': `"x", ${changed.headers.etag}` });

    expect(changed).toMatchObject({ status: 200, body: { serviceName: 'First' } });
    for (const refused of [outdated, outdatedPatch])
      expect(refused).toMatchObject({ status: 412, body: { resultCode: 'A001108' } });
    expect(patched).toMatchObject({ status: 200, body: { serviceName: 'Fourth' } });
    expect(patched.headers.etag).toBe((await send('GET')).headers.etag);
    expect(new Set([etag, changed.headers.etag, patched.headers.etag]).size).toBe(3);
  });

  it('are changed alone by a patch, and reset by null', async () => {
    await callService('update', SETTINGS);

    const { status, body } = await send('PATCH', {
      serviceName: 'Patched',
      supportedScopes: null,
      resolveMaxAge: null,
      serverMetadata: { more: [1] },
    });

    expect(status).toBe(200);
    expect(without(body, ...ISSUED)).toEqual({
      ...without(SETTINGS, 'supportedScopes'),
      serviceName: 'Patched',
      resolveMaxAge: 60,
      serverMetadata: { ...SETTINGS.serverMetadata, more: [1] },
    });
  });

  it.each([
    [{ apiKey: 1 }, 'apiKey'],
    [{ createdAt: null }, 'createdAt'],
    [{ supportedScope: [{ name: 'a' }] }, 'supportedScopes'],
    [{ serviceName: 1 }, 'serviceName'],
    [[], 'JSON object'],
  ])('are not changed by the patch %j', async (patch, named) => {
    const before = await callService('get');

    const { status, body } = await send('PATCH', patch);

    expect(status).toBe(400);
    expect(body.resultMessage).toContain(named);
    expect((await callService('get')).body).toEqual(before.body);
  });

  it('keep all concurrent patches', async () => {
    await callService('update', {});
    const members = Array.from({ length: 50 }, (_, index) => `member_${index}`);

    const replace = jest.spyOn(server.app.get(ServiceStore), 'replace');
    const patched = await Promise.all(members.map((name) => send('PATCH', { serverMetadata: { [name]: true } })));

    expect(patched.map(({ status }) => status)).toEqual(members.map(() => 200));
    expect(replace).toHaveBeenCalledTimes(50);
    replace.mockRestore();
    const { body } = await callService('get');
    expect(Object.keys(body.serverMetadata ?? {}).sort()).toEqual(members.sort());
  });

  it('are replaced by exactly one of many concurrent updates of one version', async () => {
    const { headers, body } = await send('GET');
    const condition = { 'if-match': String(headers.etag) };
    const names = Array.from({ length: 50 }, (_, index) => `Service ${index}`);

    const updates = await Promise.all(names.map((serviceName) => send('POST', { ...body, serviceName }, condition)));

    const updated = updates.filter(({ status }) => status === 200);
    expect(updates.filter(({ status }) => status === 412)).toHaveLength(49);
    expect(updated).toHaveLength(1);
    expect((await send('GET')).body).toEqual(updated[0]?.body);
  });

  it('have a longest length, however many patches they come from', async () => {
    await callService('update', {});
    const half = 'x'.repeat(LONGEST_JSON / 2);
    expect((await send('PATCH', { serverMetadata: { first: half } })).status).toBe(200);
    const before = await callService('get');

    const { status, body } = await send('PATCH', { serverMetadata: { second: half } });

    expect([status, body.resultCode]).toEqual([400, 'A001204']);
    expect(body.resultMessage).toMatch(/the settings would have .* of which "serverMetadata" has .* at most 131072/);
    expect((await callService('get')).body).toEqual(before.body);
  });

  it('are listed for the services of the API access token', async () => {
    const other = SERVICE_ID + 1;
    const token = { tokenHash: hashToken('bound'), serviceId: other, accessRights: ['VIEW_SERVICE' as const] };
    await server.addService(everythingService(other, 2, Date.now()), token);
    const list = async (query: string, bearer = ACCESS_TOKEN) => {
      const headers = { authorization: `Bearer ${bearer}` };
      const { status, text } = await server.send({ method: 'GET', path: `/api/service/get/list${query}`, headers });
      return { status, ...(JSON.parse(text) as { services: Service[]; totalCount: number }) };
    };

    const all = await list('?start=0&end=100');
    const ids = all.services.map(({ apiKey }) => apiKey);
    expect(ids).toEqual(expect.arrayContaining([SERVICE_ID, other]));
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
    expect(all).toMatchObject({ start: 0, end: ids.length, totalCount: ids.length });
    expect(await list('?start=1&end=2')).toEqual({ ...all, start: 1, end: 2, services: all.services.slice(1, 2) });
    expect(await list('?start=2&end=1')).toEqual({ ...all, start: 2, end: 2, services: [] });
    const [shown] = all.services.filter(({ apiKey }) => apiKey === other);
    expect(await list('', 'bound')).toEqual({ status: 200, start: 0, end: 1, totalCount: 1, services: [shown] });
    expect(await list('?start=1&end=9', 'bound')).toMatchObject({ start: 1, end: 1, totalCount: 1, services: [] });
    expect(await list('?start=x')).toMatchObject({ status: 400, resultCode: 'A036201' });
    expect(await list('?end=-1')).toMatchObject({ status: 400, resultCode: 'A036204' });
    expect(await list('?strat=1')).toMatchObject({ status: 400, resultCode: 'A001204' });
  });

  it('affect the next registration', async () => {
    await callService('update', {});
    const refused = await server.call('register', { json: '{}' });
    await callService('update', { dynamicRegistrationSupported: true, supportedScopes: [{ name: 'read' }] });
    const unsupported = await server.call('register', { json: '{"scope":"write"}' });
    const supported = await server.call('register', { json: '{"scope":"read"}' });

    expect(refused.body.resultCode).toBe('A206201');
    expect(unsupported.body.resultCode).toBe('A031201');
    expect(supported.body.action).toBe('CREATED');
  });

  const wrong: [property: string, value: unknown][] = [
    ['serviceName', ''],
    ['serviceName', 1],
    ['serviceName', 'a\0b'],
    ['serverMetadata', { further: [{ 'a\0b': 1 }] }],
    ['issuer', 'as.example.org'],
    ['issuer', 'https://user@as.example.org'],
    ['dynamicRegistrationSupported', 'true'],
    ['protocolRegistration', 'open'],
    ['dcrScopeUsedAsRequestable', 1],
    ['registrationEndpoint', 'javascript:alert(1)'],
    ['registrationManagementEndpoint', ['https://as.example.org']],
    ['unsupportedValues', 'strict'],
    ['supportedTokenAuthMethods', ['client_secret_basic']],
    ['supportedTokenAuthMethods', 'NONE'],
    ['supportedGrantTypes', ['AUTHORIZATION_CODE', 'toString']],
    ['supportedGrantTypes', [null]],
    ['supportedResponseTypes', ['code']],
    ['supportedScopes', 'openid'],
    ['supportedScopes', ['openid']],
    ['supportedScopes', [null]],
    ['supportedScopes', [{ name: 'two words' }]],
    ['supportedScopes', [{ name: 'openid', defaultEntry: 'yes' }]],
    ['supportedAcrs', ['']],
    ['supportedAcrs', Array(1001).fill('x')],
    ['supportedBackchannelTokenDeliveryModes', ['PULL']],
    ['supportedClientRegistrationTypes', [1]],
    ['supportedCustomClientMetadata', { name: 'x' }],
    ['softwareStatementIssuers', [{}]],
    ['softwareStatementIssuers', [{ issuer: 'x', algorithms: ['none'] }]],
    ['softwareStatementIssuers', [{ issuer: 'x', algorithms: ['HS256'] }]],
    ['softwareStatementIssuers', [{ issuer: 'x', algorithms: [] }]],
    ['softwareStatementIssuers', [{ issuer: 'x', jwksUri: 'x' }]],
    ['softwareStatementIssuers', [{ issuer: 'x', jwks: {} }]],
    ['softwareStatementIssuers', [{ issuer: 'x', jwks: { keys: [{ kty: 'RSA' }] } }]],
    ['softwareStatementIssuers', [{ issuer: 'x' }]],
    ['softwareStatementIssuers', [{ issuer: 'x', jwks: { keys: [] } }]],
    ['softwareStatementIssuers', [{ issuer: 'x', jwks: JWKS, algorithms: ['ES384'] }]],
    ['softwareStatementIssuers', [{ issuer: 'x', jwksUri: 'http://as.example.org/jwks' }]],
    ['softwareStatementIssuers', Array(2).fill({ issuer: 'x', jwksUri: 'https://as.example.org/jwks' })],
  ];

  it.each(wrong)('are not changed by an invalid %s (%j), and HTTP 400 names the property', async (property, value) => {
    const before = await callService('get');

    const { status, body } = await callService('update', { serviceName: 'Another', [property]: value });

    expect(status).toBe(400);
    expect(body.resultCode).toBe('A001204');
    expect(body.resultMessage).toMatch(new RegExp(`^\\[A001204\\] .*${namedBy(property, value)}`));
    expect((await callService('get')).body).toEqual(before.body);
  });

  it.each(['client_name', 'client_id', 'registration_access_token', 'software_statement', 'own#ja', 'client_name#ja'])(
    'cannot declare %s as custom client metadata (A039232)',
    async (name) => {
      const before = await callService('get');

      const { status, body } = await callService('update', { supportedCustomClientMetadata: ['own', name] });

      expect(status).toBe(400);
      expect(body.resultCode).toBe('A039232');
      expect(body.resultMessage).toContain(`'${name}'`);
      expect((await callService('get')).body).toEqual(before.body);
    },
  );

  describe('require an access right', () => {
    const tokenWith = async (accessRight: AccessRight): Promise<string> => {
      const token = `with-${accessRight}-${Date.now()}-${Math.random()}`;
      const other = Math.floor(Math.random() * 1e9) + 2e9;
      // createService() also creates a token; this token is for all services.
      await server.addService(everythingService(other, 2, Date.now()), {
        tokenHash: hashToken(token),
        serviceId: undefined,
        accessRights: [accessRight],
      });
      return token;
    };

    it.each<[AccessRight, number, number]>([
      ['ADMIN', 200, 200],
      ['MODIFY_SERVICE', 200, 200],
      ['VIEW_SERVICE', 200, 403],
      ['CREATE_SERVICE', 403, 403],
      ['DELETE_SERVICE', 403, 403],
      ['CREATE_CLIENT', 200, 403],
      ['USE_SERVICE', 200, 403],
      ['VIEW_CLIENT', 403, 403],
    ])('with %s, a get returns HTTP %d and an update returns HTTP %d', async (accessRight, get, update) => {
      const token = await tokenWith(accessRight);

      const found = await callService('get', undefined, token);
      const updated = await callService('update', {}, token);

      expect([found.status, updated.status]).toEqual([get, update]);
      if (get === 403) expect(found.body.resultMessage).toMatch(/^\[A457101\] .*VIEW_SERVICE/);
      if (update === 403) expect(updated.body.resultMessage).toMatch(/^\[A457101\] .*MODIFY_SERVICE/);
    });

    it('without an API access token, a get and an update return HTTP 401', async () => {
      const found = await callService('get', undefined, 'wrong');
      const updated = await callService('update', {}, 'wrong');

      expect([found.status, updated.status]).toEqual([401, 401]);
      expect([found.body.resultCode, updated.body.resultCode]).toEqual(['A172101', 'A172101']);
    });
  });

  it("can be read and replaced with Authlete's TypeScript SDK", async () => {
    const { service } = new Authlete({ serverURL: server.baseUrl, bearer: ACCESS_TOKEN });
    const serviceId = String(SERVICE_ID);

    const found = await service.get({ serviceId });
    const updated = await service.update({
      serviceId,
      service: {
        ...found,
        serviceName: 'From the SDK',
        supportedGrantTypes: ['AUTHORIZATION_CODE'],
        supportedScopes: [{ name: 'openid', defaultEntry: true }],
      },
    });
    const foundAgain = await service.get({ serviceId });

    expect(found).toMatchObject({ apiKey: SERVICE_ID, serviceName: 'Service 1' });
    expect(updated).toMatchObject({
      serviceName: 'From the SDK',
      dynamicRegistrationSupported: true,
      supportedGrantTypes: ['AUTHORIZATION_CODE'],
      supportedScopes: [{ name: 'openid', defaultEntry: true }],
    });
    expect(foundAgain).toEqual(updated);
  });
});

/** The property that an error names: for an object in a list, a property of this object. */
function namedBy(property: string, value: unknown): string {
  const [element, ...others] = Array.isArray(value) ? (value as unknown[]) : [];
  if (typeof element !== 'object' || element === null || others.length > 0) return property;
  return ['jwksUri', 'jwks', 'algorithms', 'defaultEntry', 'name'].find((name) => name in element) ?? 'issuer';
}
