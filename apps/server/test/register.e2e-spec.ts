import { randomBytes } from 'node:crypto';
import { everythingService } from './support/everything-service.ts';
import { hashToken } from '../src/crypto/token.ts';
import { any, matching } from './support/matchers.ts';
import { MINIMAL, protocolOf } from './support/protocol.ts';
import { everyMember, FIELD_NAMES, JWK, JWKS, propertyOf, SAMPLES, without } from './support/samples.ts';
import { HEADERS, pathOf, SERVICE_ID, startServer, type Answer, type TestServer } from './support/server.ts';

describe('register (RFC 7591 section 3)', () => {
  let server: TestServer;

  beforeAll(async () => {
    // A test below sends 300 requests concurrently.
    server = await startServer({ MAX_IN_FLIGHT: '300' });
  });

  afterAll(() => server.close());

  const register = (metadata: object): Promise<Answer> => server.call('register', { json: JSON.stringify(metadata) });

  describe('the envelope', () => {
    it('contains A202001, CREATED, the response content and the client, with HTTP 200', async () => {
      const { status, headers, body, client, content } = await register({ client_name: 'My Dynamic Client' });

      expect(status).toBe(200);
      expect(headers.get('content-type')).toMatch(/^application\/json/);
      expect(body).toEqual({
        resultCode: 'A202001',
        resultMessage: `[A202001] The client was created with id ${client.clientId}.`,
        action: 'CREATED',
        responseContent: JSON.stringify(content),
        client,
      });
    });

    it("contains everything from Authlete's documented example", async () => {
      const { content, client } = await register({ client_name: 'My Dynamic Client' });

      // Authlete: the example has a default_max_age of 0, which would make every login ask for the password again.
      expect(content).not.toHaveProperty('default_max_age');
      expect(content).toMatchObject({
        registration_client_uri: `${server.baseUrl}/connect/${SERVICE_ID}/register/${client.clientId}`,
        registration_access_token: matching(/^[\w-]{43}$/),
        client_id: String(client.clientId),
        token_endpoint_auth_method: 'client_secret_basic',
        require_pushed_authorization_requests: false,
        backchannel_user_code_parameter: false,
        client_secret: matching(/^[\w-]{86}$/),
        client_id_issued_at: Math.floor(client.createdAt / 1000),
        tls_client_certificate_bound_access_tokens: false,
        client_name: 'My Dynamic Client',
        id_token_signed_response_alg: 'RS256',
        subject_type: 'public',
        client_secret_expires_at: 0,
        require_signed_request_object: false,
      });
      expect(client).toMatchObject({
        authTimeRequired: false,
        bcUserCodeRequired: false,
        clientId: any(Number),
        clientIdAliasEnabled: false,
        clientName: 'My Dynamic Client',
        clientSecret: content.client_secret,
        clientType: 'CONFIDENTIAL',
        createdAt: any(Number),
        defaultMaxAge: 0,
        dynamicallyRegistered: true,
        frontChannelRequestObjectEncryptionRequired: false,
        idTokenSignAlg: 'RS256',
        modifiedAt: any(Number),
        number: any(Number),
        parRequired: false,
        requestObjectEncryptionAlgMatchRequired: false,
        requestObjectEncryptionEncMatchRequired: false,
        requestObjectRequired: false,
        serviceNumber: 1,
        subjectType: 'PUBLIC',
        tlsClientCertificateBoundAccessTokens: false,
        tokenAuthMethod: 'CLIENT_SECRET_BASIC',
      });
    });

    it('can be a form body, in which generated clients send unused parameters beside json', async () => {
      const form = new URLSearchParams({ json: '{"client_name":"Ünï 🦊 &+%"}', token: '', clientId: 'none' });
      const { body, content } = await server.call('register', form.toString(), {
        'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
      });

      expect(body.action).toBe('CREATED');
      expect(content.client_name).toBe('Ünï 🦊 &+%');
    });

    it.each([{ token: 'an-initial-access-token' }, { token: '' }, { token: null }, { clientId: 'x' }])(
      'ignores %j, which only the other calls use',
      async (extra) => {
        const { body } = await server.call('register', { json: '{}', ...extra });

        expect(body.action).toBe('CREATED');
      },
    );
  });

  describe('the response content (RFC 7591 section 3.2.1)', () => {
    it('contains all registered metadata, including defaults, and nothing else', async () => {
      const metadata = everyMember();
      const { content, client } = await register(metadata);

      expect(without(content, ...ISSUED)).toEqual(metadata);
      // Every row in both forms. The tests of the model convert every value of a row.
      for (const name of FIELD_NAMES.filter((name) => Object.hasOwn(metadata, name))) {
        const { value, property = value } = SAMPLES[name];
        expect(client).toHaveProperty(propertyOf(name), property);
      }
    });

    it('contains the defaults if nothing was registered', async () => {
      const { content } = await register({});

      expect(without(content, ...ISSUED)).toEqual({
        token_endpoint_auth_method: 'client_secret_basic',
        grant_types: ['authorization_code'],
        response_types: ['code'],
        application_type: 'web',
        subject_type: 'public',
        id_token_signed_response_alg: 'RS256',
        require_auth_time: false,
        tls_client_certificate_bound_access_tokens: false,
        require_signed_request_object: false,
        require_pushed_authorization_requests: false,
        frontchannel_logout_session_required: false,
        backchannel_logout_session_required: false,
        dpop_bound_access_tokens: false,
        use_mtls_endpoint_aliases: false,
        backchannel_user_code_parameter: false,
      });
    });

    it.each([
      ['nothing', {}],
      ['everything', everyMember()],
      ['null and empty members', Object.fromEntries(FIELD_NAMES.map((name, i) => [name, [null, '', []][i % 3]]))],
      ['no secret', { token_endpoint_auth_method: 'none' }],
    ])('contains no null for a client that registers %s', async (_what, metadata) => {
      const { body, content } = await register(metadata);

      expect(body.action).toBe('CREATED');
      expect(nullsIn({ body, content })).toEqual([]);
    });

    it('equals the response content of a later get', async () => {
      const client = await server.register(everyMember());
      const found = await server.get(client);

      expect(found.content).toEqual(client.information);
      expect(found.client).toEqual(client.client);
    });

    it('contains tagged values beside the untagged value, and the client contains a list of them', async () => {
      const metadata = { client_name: 'Client', 'client_name#ja': 'クライアント', 'client_name#de': 'Klient' };
      const { content, client } = await register(metadata);

      expect(content).toMatchObject(metadata);
      expect(client.clientName).toBe('Client');
      expect(client.clientNames).toEqual([
        { tag: 'de', value: 'Klient' },
        { tag: 'ja', value: 'クライアント' },
      ]);
    });

    it.each([
      ['unknown', 'a_member_that_nobody_knows'],
      ['inherited by every object', 'toString'],
      ['inherited by every object', 'hasOwnProperty'],
      ["one of Authlete's", 'developer'],
      ["one of Authlete's", 'clientId'],
      ["one of Authlete's", 'locked'],
      ["one of Authlete's", 'dynamicallyRegistered'],
      ['a tag on a member that has none', 'scope#ja'],
      ['a tag on an unknown member', 'unknown#ja'],
    ])('omits a member that is %s: %s (RFC 7591 section 2)', async (_why, name) => {
      const plain = await register({});
      const { body, content, client } = await register({ [name]: true });

      expect(body.action).toBe('CREATED');
      expect(Object.keys(content)).toEqual(Object.keys(plain.content));
      expect(Object.keys(client)).toEqual(Object.keys(plain.client));
      expect(client.locked).toBe(false);
    });
  });

  describe('issued values (RFC 7591 section 3.2.1, RFC 7592 section 3)', () => {
    it('are unique for concurrent registrations, and a client ID is a decimal string below 2^53', async () => {
      const responses = await Promise.all(Array.from({ length: 300 }, () => register({})));

      for (const { content, client } of responses) {
        expect(content.client_id).toMatch(/^[1-9]\d*$/);
        expect(content.client_id).toBe(String(client.clientId));
        expect(Number.isSafeInteger(client.clientId)).toBe(true);
      }
      for (const member of ['client_id', 'client_secret', 'registration_access_token'] as const) {
        expect(new Set(responses.map(({ content }) => content[member])).size).toBe(responses.length);
      }
    });

    it('are never the values that the client requests', async () => {
      const requested = {
        client_id: '1',
        client_secret: 'a-secret-of-my-own',
        client_id_issued_at: 1,
        client_secret_expires_at: 1,
        registration_access_token: 'a-token-of-my-own',
        registration_client_uri: 'https://attacker.example.org/',
      };
      const { body, content } = await register(requested);

      expect(body.action).toBe('CREATED');
      for (const [name, value] of Object.entries(requested)) expect(content).not.toHaveProperty(name, value);
      expect(Object.keys(content)).toEqual(expect.arrayContaining(Object.keys(requested)));
    });

    it.each(['client_secret_basic', 'client_secret_post', 'client_secret_jwt'])(
      'include a secret of 512 bits that does not expire for %s',
      async (token_endpoint_auth_method) => {
        const { content, client } = await register({ token_endpoint_auth_method });

        expect(content.client_secret).toMatch(/^[\w-]{86}$/);
        expect(content.client_secret_expires_at).toBe(0);
        expect(client).toMatchObject({ clientSecret: content.client_secret, clientType: 'CONFIDENTIAL' });
      },
    );

    it.each([
      ['private_key_jwt', { jwks: JWKS }],
      ['tls_client_auth', { tls_client_auth_subject_dn: 'CN=client' }],
      ['self_signed_tls_client_auth', { jwks: { keys: [{ ...JWK, x5c: ['MAMCAQE='] }] } }],
      ['attest_jwt_client_auth', {}],
    ])('include no secret for %s, which does not use one', async (token_endpoint_auth_method, requires) => {
      const { content, client } = await register({ token_endpoint_auth_method, ...requires });

      expect(content).not.toHaveProperty('client_secret');
      expect(content).not.toHaveProperty('client_secret_expires_at');
      expect(client).not.toHaveProperty('clientSecret');
      expect(client.clientType).toBe('CONFIDENTIAL');
    });

    it.each([
      { id_token_signed_response_alg: 'HS256' },
      { userinfo_signed_response_alg: 'HS512' },
      { request_object_signing_alg: 'HS384' },
      { id_token_encrypted_response_alg: 'A256KW' },
      { userinfo_encrypted_response_alg: 'dir' },
      { request_object_encryption_alg: 'A128GCMKW' },
      { id_token_encrypted_response_alg: 'PBES2-HS256+A128KW' },
    ])('include a secret for private_key_jwt with %j, which derives its key from the secret', async (metadata) => {
      const { content } = await register({ token_endpoint_auth_method: 'private_key_jwt', jwks: JWKS, ...metadata });

      expect(content.client_secret).toMatch(/^[\w-]{86}$/);
      expect(content.client_secret_expires_at).toBe(0);
    });

    it('include no secret for none, and the client type is PUBLIC', async () => {
      const { content, client } = await register({ token_endpoint_auth_method: 'none' });

      expect(content).not.toHaveProperty('client_secret');
      expect(content).not.toHaveProperty('client_secret_expires_at');
      expect(client).not.toHaveProperty('clientSecret');
      expect(client.clientType).toBe('PUBLIC');
    });

    it('are stored hashed or encrypted, so that the row contains neither the secret nor the token', async () => {
      const { clientId, information } = await server.register();
      const row = JSON.stringify(await server.stored(clientId));

      expect(row).toContain(hashToken(information.registration_access_token));
      expect(row).not.toContain(information.registration_access_token);
      expect(row).not.toContain(information.client_secret);
    });
  });

  it('returns jwks exactly as sent, including unknown members', async () => {
    const jwks = { keys: [{ ...JWK, 'x-own': { z: 1, a: [null, 'ü'] } }], own: 1.5 };
    const { content, client } = await register({ jwks });

    expect(content.jwks).toEqual(jwks);
    expect(JSON.parse(client.jwks ?? '')).toEqual(jwks);
  });

  describe('a valid document of the maximum size', () => {
    /** 65,536 characters of JSON, most of which take three bytes of UTF-8. */
    const json = (() => {
      const names = Object.fromEntries(
        Array.from({ length: 40 }, (_, i) => [`client_name#x-${i}`, 'あ'.repeat(i < 32 ? 2000 : 1)]),
      );
      const text = JSON.stringify(names);
      return text.replace('あ"}', `${'あ'.repeat(65_536 - text.length + 1)}"}`);
    })();

    it('has 65,536 characters', () => {
      expect(json).toHaveLength(65_536);
      expect(JSON.parse(json)).toHaveProperty(['client_name#x-39']);
    });

    it.each([
      ['JSON', 'application/json', (text: string) => JSON.stringify({ json: text })],
      [
        'JSON with every character escaped',
        'application/json',
        (text: string) =>
          `{"json":"${Array.from(text, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}"}`,
      ],
      ['a form', 'application/x-www-form-urlencoded', (text: string) => new URLSearchParams({ json: text }).toString()],
    ])('fits into a body of %s', async (_what, contentType, write) => {
      const { status, body } = await server.call('register', write(json), { 'content-type': contentType });

      expect(status).toBe(200);
      expect(body.action).toBe('CREATED');
    });
  });

  describe('a service', () => {
    afterEach(() => server.configure());

    it('without dynamicRegistrationSupported refuses registrations with A206201, and clients can still be managed', async () => {
      const client = await server.register();
      await server.configure({ dynamicRegistrationSupported: false });
      expect((await protocolOf(server).register(MINIMAL)).status).toBe(201);
      const before = await server.storedClients();

      const { status, body, content } = await register({});

      expect(status).toBe(200);
      expect(body).toMatchObject({
        action: 'BAD_REQUEST',
        resultCode: 'A206201',
        resultMessage: '[A206201] Service does not support dynamic client registration.',
      });
      expect(content.error).toBe('invalid_request');
      expect(await server.storedClients()).toEqual(before);
      await expect(server.get(client)).resolves.toBeDefined();
      await expect(server.update(client, {})).resolves.toBeDefined();
    });

    it('with errorDescriptionOmitted sends only the error code to the client application', async () => {
      await server.configure({ errorDescriptionOmitted: true });

      const { body, content } = await register({ client_name: 1 });

      expect(content).toEqual({ error: 'invalid_client_metadata' });
      expect(body.resultMessage).toBe('[A204308] client_name: must be a string, not a number.');
    });

    it.each([
      [{ registrationEndpoint: 'https://as.example.org/register' }, 'https://as.example.org/register/'],
      [{ registrationManagementEndpoint: 'https://as.example.org/manage' }, 'https://as.example.org/manage/'],
      [{ registrationManagementEndpoint: 'https://as.example.org/manage//' }, 'https://as.example.org/manage/'],
      [
        { registrationEndpoint: 'https://a.example.org/', registrationManagementEndpoint: 'https://b.example.org' },
        'https://b.example.org/',
      ],
    ])('with %j determines the start of registration_client_uri', async (endpoints, base) => {
      await server.configure(endpoints);

      const { content } = await register({});

      expect(content.registration_client_uri).toBe(`${base}${content.client_id}`);
    });

    it('does not share clients with another service', async () => {
      const other = SERVICE_ID + 1;
      const token = randomBytes(8).toString('hex');
      await server.addService(everythingService(other, 2, Date.now()), {
        tokenHash: hashToken(token),
        serviceId: other,
        accessRights: ['USE_SERVICE'],
      });

      const { text } = await server.send({
        path: pathOf('register', other),
        headers: { ...HEADERS, authorization: `Bearer ${token}` },
        body: '{"json":"{}"}',
      });
      const { client, responseContent } = JSON.parse(text) as {
        client: { clientId: number; serviceNumber: number };
        responseContent: string;
      };
      const registered = JSON.parse(responseContent) as { registration_access_token: string };
      const here = await server.call('get', { clientId: client.clientId, token: registered.registration_access_token });

      expect(client.serviceNumber).toBe(2);
      expect(here.body).toMatchObject({ action: 'UNAUTHORIZED', resultCode: 'A215307' });
    });
  });

  it('ignores request headers in registration_client_uri', async () => {
    const { text } = await server.send({
      headers: {
        ...HEADERS,
        host: 'attacker.example.org',
        forwarded: 'host=attacker.example.org;proto=https',
        'x-forwarded-host': 'attacker.example.org',
        'x-forwarded-proto': 'https',
        'x-forwarded-port': '1',
        'x-forwarded-prefix': '/attacker',
        'x-original-url': '/attacker',
      },
      body: '{"json":"{}"}',
    });

    expect(text).toContain(`${server.baseUrl}/connect/${SERVICE_ID}/register/`);
    expect(text).not.toContain('attacker');
  });

  it.each([
    ['https://clients.example.org', 'https://clients.example.org/connect/'],
    ['https://example.org/clients///', 'https://example.org/clients/connect/'],
  ])('starts registration_client_uri with BASE_URL %s', async (BASE_URL, start) => {
    const behindProxy = await startServer({ BASE_URL });
    try {
      const { information } = await behindProxy.register();

      expect(information.registration_client_uri).toBe(`${start}${SERVICE_ID}/register/${information.client_id}`);
    } finally {
      await behindProxy.close();
    }
  });
});

/** The members that only the server sets. */
const ISSUED = [
  'client_id',
  'client_secret',
  'client_id_issued_at',
  'client_secret_expires_at',
  'registration_access_token',
  'registration_client_uri',
];

/** The paths of all nulls in a value. */
function nullsIn(value: unknown, path = ''): string[] {
  if (value === null) return [path];
  if (typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, member]) => nullsIn(member, `${path}.${name}`));
}
