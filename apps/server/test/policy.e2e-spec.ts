import type { Service } from '../src/service/service.ts';
import { JWKS } from './support/samples.ts';
import { startServer, type Answer, type TestServer } from './support/server.ts';

const redirect_uris = ['https://client.example.org/callback'];

/** For each property that limits a member: what is supported, then what a client asks for: all of it, some of it, none of it. */
const LIMITS: readonly [settings: Partial<Service>, member: string, whole: unknown, partly: unknown, none: unknown][] =
  [
    [
      { supportedGrantTypes: ['AUTHORIZATION_CODE', 'REFRESH_TOKEN'] },
      'grant_types',
      ['authorization_code', 'refresh_token'],
      ['authorization_code', 'password', 'refresh_token'],
      ['password'],
    ],
    [
      { supportedResponseTypes: ['CODE', 'CODE_ID_TOKEN'] },
      'response_types',
      ['code', 'code id_token'],
      ['code', 'token', 'code id_token'],
      ['id_token token'],
    ],
    [
      { supportedScopes: ['read', 'write'].map((name) => ({ name, defaultEntry: false })) },
      'scope',
      'read write',
      'read admin write',
      'admin',
    ],
    [{ supportedAcrs: ['one', 'two'] }, 'default_acr_values', ['one', 'two'], ['one', 'three', 'two'], ['three']],
    [
      { supportedAuthorizationDetailsTypes: ['payment', 'account'] },
      'authorization_details_types',
      ['payment', 'account'],
      ['payment', 'other', 'account'],
      ['other'],
    ],
    [
      { supportedClientRegistrationTypes: ['EXPLICIT'] },
      'client_registration_types',
      ['explicit'],
      ['automatic', 'explicit'],
      ['automatic'],
    ],
  ];

/** Members with one value, which there is nothing to drop from. */
type SingleLimit = [settings: Partial<Service>, member: string, supported: string, other: string];
const SINGLE_LIMITS: readonly SingleLimit[] = [
  [
    { supportedTokenAuthMethods: ['CLIENT_SECRET_BASIC', 'CLIENT_SECRET_POST'] },
    'token_endpoint_auth_method',
    'client_secret_post',
    'client_secret_jwt',
  ],
  [{ supportedDigestAlgorithms: ['sha-256'] }, 'digest_algorithm', 'sha-256', 'sha-512'],
  [{ supportedBackchannelTokenDeliveryModes: ['PUSH'] }, 'backchannel_token_delivery_mode', 'push', 'poll'],
  [{ supportedSubjectTypes: ['PAIRWISE'] }, 'subject_type', 'pairwise', 'public'],
  ...[
    'id_token_signed_response_alg',
    'userinfo_signed_response_alg',
    'request_object_signing_alg',
    'token_endpoint_auth_signing_alg',
    'nfv_token_signed_response_alg',
    'introspection_signed_response_alg',
    'backchannel_authentication_request_signing_alg',
    'authorization_signed_response_alg',
  ].map((member): SingleLimit => [{ supportedJwsAlgs: ['PS256'] }, member, 'PS256', 'ES256']),
  ...['id_token', 'userinfo', 'nfv_token', 'introspection', 'authorization'].flatMap((what): SingleLimit[] => [
    [{ supportedJweAlgs: ['RSA_OAEP_256'] }, `${what}_encrypted_response_alg`, 'RSA-OAEP-256', 'RSA-OAEP'],
    [{ supportedJweEncs: ['A256GCM'] }, `${what}_encrypted_response_enc`, 'A256GCM', 'A128GCM'],
  ]),
  [{ supportedJweAlgs: ['RSA_OAEP_256'] }, 'request_object_encryption_alg', 'RSA-OAEP-256', 'RSA-OAEP'],
  [{ supportedJweEncs: ['A256GCM'] }, 'request_object_encryption_enc', 'A256GCM', 'A128GCM'],
];

/** Members that a service supports or not, whatever their value. */
const CAPABILITIES: readonly [setting: keyof Service, member: string, value: unknown, absent: unknown][] = [
  ['tlsClientCertificateBoundAccessTokens', 'tls_client_certificate_bound_access_tokens', true, false],
  ['backchannelUserCodeParameterSupported', 'backchannel_user_code_parameter', true, false],
  ['backchannelLogoutSupported', 'backchannel_logout_uri', 'https://client.example.org/logout', undefined],
  ['backchannelLogoutSessionSupported', 'backchannel_logout_session_required', true, false],
];

describe('what a service supports', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startServer();
  });

  afterAll(() => server.close());

  const register = (metadata: object): Promise<Answer> => server.call('register', { json: JSON.stringify(metadata) });

  /** What makes every value in these tables one that breaks no rule. */
  const around = (member: string): object => ({
    redirect_uris,
    ...(member.includes('_encrypt') && { jwks: JWKS }),
    ...(member.endsWith('_enc') && { [member.replace(/_enc$/, '_alg')]: 'RSA-OAEP' }),
    ...(member === 'backchannel_token_delivery_mode' && {
      grant_types: ['urn:openid:params:grant-type:ciba'],
      backchannel_client_notification_endpoint: 'https://client.example.org/notify',
    }),
  });

  const expectRefused = ({ status, body, content }: Answer, member: string, expected: string): void => {
    expect(status).toBe(200);
    expect(body).toMatchObject({ action: 'BAD_REQUEST', resultCode: 'A031201' });
    expect(content.error).toBe('invalid_client_metadata');
    expect(content.error_description).toBe(
      `[A031201] The '${member}' claim has a value that is not supported as a value. Expected: ${expected}.`,
    );
  };

  const list = (value: unknown): string => [value].flat().join(', ').replaceAll('read write', 'read, write');

  describe('to a strict service', () => {
    it.each(LIMITS)('%j, as %s: accepts %j; refuses %j and %j, and says what it accepts', async (...example) => {
      const [settings, member, whole, partly, none] = example;
      await server.configure(settings);

      const { content } = await register({ ...around(member), [member]: whole });
      const refused = [partly, none].map((value) => register({ ...around(member), [member]: value }));

      expect(content).toHaveProperty(member, whole);
      for (const answer of await Promise.all(refused)) expectRefused(answer, member, list(whole));
    });

    it.each(SINGLE_LIMITS)('%j, as %s: accepts %j and refuses %j', async (settings, member, supported, other) => {
      await server.configure(settings);

      const { content } = await register({ ...around(member), [member]: supported });

      expect(content).toHaveProperty(member, supported);
      expectRefused(
        await register({ ...around(member), [member]: other }),
        member,
        member === 'token_endpoint_auth_method' ? 'client_secret_basic, client_secret_post' : supported,
      );
    });

    it.each(CAPABILITIES)('%s, when false, refuses %s: %j', async (setting, member, value, absent) => {
      const ask = (asked: unknown) => register({ redirect_uris, [member]: asked });
      for (const supported of [undefined, true]) {
        await server.configure({ [setting]: supported });
        expect((await ask(value)).content).toHaveProperty(member, value);
      }
      await server.configure({ [setting]: false });

      expectRefused(await ask(value), member, 'nothing');
      expect((await ask(absent)).body).toMatchObject({ action: 'CREATED' });
    });

    it.each([
      [{ requestObjectRequired: true }, 'BAD_REQUEST'],
      [{ requestObjectRequired: true, traditionalRequestObjectProcessingApplied: true }, 'CREATED'],
      [{}, 'CREATED'],
    ])('%j, asked for unsigned request objects, answers %s (RFC 9101 section 10.5)', async (settings, action) => {
      await server.configure(settings);

      const { body } = await register({ redirect_uris, request_object_signing_alg: 'none' });

      expect(body).toMatchObject({ action });
    });

    it.each([
      [{ supportedJwsAlgs: ['ES256', 'PS256'] }, {}, { id_token_signed_response_alg: 'ES256' }],
      [{ supportedJwsAlgs: ['ES256', 'RS256'] }, {}, { id_token_signed_response_alg: 'RS256' }],
      [{ supportedSubjectTypes: ['PAIRWISE'] }, {}, { subject_type: 'pairwise' }],
      [
        { supportedJweEncs: ['A256GCM'] },
        { jwks: JWKS, id_token_encrypted_response_alg: 'ECDH-ES' },
        { id_token_encrypted_response_enc: 'A256GCM' },
      ],
    ])('%j gives a client that sends %j a default that it supports: %j', async (settings, metadata, expected) => {
      await server.configure(settings);

      const { content } = await register({ redirect_uris, ...metadata });

      expect(content).toMatchObject(expected);
    });

    it('refuses values that no service knows', async () => {
      await server.configure();

      const { body } = await register({ redirect_uris, grant_types: ['authorization_code', 'urn:example:grant'] });

      expect(body).toMatchObject({ action: 'BAD_REQUEST', resultCode: 'A031201' });
    });

    it('does not depend on the order of the words of a response type (RFC 6749 section 3.1.1)', async () => {
      await server.configure({ supportedResponseTypes: ['CODE_ID_TOKEN'] });

      const { content } = await register({ redirect_uris, response_types: ['id_token code'] });

      expect(content.response_types).toEqual(['code id_token']);
    });

    it('limits defaults too: a client that names no grant type asks for authorization_code', async () => {
      await server.configure({ supportedGrantTypes: ['CLIENT_CREDENTIALS'] });

      expectRefused(await register({}), 'grant_types', 'client_credentials');
    });

    it('refuses an update as it does a registration, and changes nothing', async () => {
      await server.configure();
      const { clientId, token } = await server.register();
      await server.configure({ supportedScopes: [{ name: 'read', defaultEntry: false }] });
      const before = await server.stored(clientId);

      const json = JSON.stringify({ client_id: String(clientId), scope: 'read admin' });
      expectRefused(await server.call('update', { clientId, token, json }), 'scope', 'read');

      expect(await server.stored(clientId)).toEqual(before);
    });

    it('leaves a client that is registered as it is, until it is updated', async () => {
      await server.configure();
      const client = await server.register({ scope: 'admin' });
      await server.configure({ supportedScopes: [] });

      const { content } = await server.get(client);

      expect(content.scope).toBe('admin');
    });
  });

  describe('to a narrow service (RFC 7591 section 2)', () => {
    it.each(LIMITS)('%j, as %s: accepts %j, keeps that of %j, and refuses %j', async (...example) => {
      const [settings, member, whole, partly, none] = example;
      await server.configure({ ...settings, unsupportedValues: 'NARROW' });
      const grants = member === 'response_types' ? { grant_types: ['authorization_code', 'implicit'] } : {};

      for (const value of [whole, partly]) {
        const client = await server.register({ ...around(member), ...grants, [member]: value });
        const found = await server.get(client);
        const updated = await server.update(client, { ...around(member), ...grants, [member]: partly });

        expect(client.information).toHaveProperty(member, whole);
        expect(found.content).toHaveProperty(member, whole);
        expect(updated.content).toHaveProperty(member, whole);
      }
      expectRefused(await register({ ...around(member), ...ruleAbiding(member), [member]: none }), member, list(whole));
    });

    it.each(SINGLE_LIMITS)('%j, as %s: accepts %j and refuses %j', async (settings, member, supported, other) => {
      await server.configure({ ...settings, unsupportedValues: 'NARROW' });

      const { content } = await register({ ...around(member), [member]: supported });
      const refused = await register({ ...around(member), [member]: other });

      expect(content).toHaveProperty(member, supported);
      expect(refused.body).toMatchObject({ action: 'BAD_REQUEST', resultCode: 'A031201' });
      expect(refused.content.error_description).toContain(`'${member}'`);
    });

    it.each([
      ['grant_types', ['authorization_code', 'urn:example:grant'], ['authorization_code']],
      ['response_types', ['code', 'id_token code2'], ['code']],
      ['response_modes', ['web_message', 'query'], ['query']],
      ['client_registration_types', ['explicit', 'other'], ['explicit']],
      ['encrypted_response_enc_values_supported', ['A256GCM', 'C20P'], ['A256GCM']],
    ])('drops values of %s that no service knows: of %j remains %j', async (member, value, remaining) => {
      await server.configure({ unsupportedValues: 'NARROW' });

      const client = await server.register({ redirect_uris, [member]: value });
      const updated = await server.update(client, { redirect_uris, [member]: value });

      expect(client.information).toHaveProperty(member, remaining);
      expect(updated.content).toHaveProperty(member, remaining);
    });

    it.each([
      ['grant_types', ['urn:example:grant'], 'A031201'],
      ['grant_types', ['authorization_code', 1], 'A204306'],
      ['response_modes', ['web_message'], 'A031201'],
    ])(
      'refuses %s of %j, of which nothing remains, or which is no list of strings',
      async (member, value, resultCode) => {
        await server.configure({ unsupportedValues: 'NARROW' });

        const { body } = await register({ redirect_uris, [member]: value });

        expect(body).toMatchObject({ action: 'BAD_REQUEST', resultCode });
      },
    );

    it('still judges what is left by the rules', async () => {
      await server.configure({ supportedGrantTypes: ['AUTHORIZATION_CODE'], unsupportedValues: 'NARROW' });

      const { body } = await register({
        redirect_uris,
        grant_types: ['authorization_code', 'implicit'],
        response_types: ['code', 'token'],
      });

      expect(body).toMatchObject({ action: 'BAD_REQUEST', resultCode: 'A204305' });
    });
  });

  describe('that is a default of its own', () => {
    it.each([
      [['CLIENT_SECRET_POST', 'CLIENT_SECRET_BASIC'], 'client_secret_basic'],
      [['CLIENT_SECRET_POST', 'NONE'], 'client_secret_post'],
      [['NONE'], 'none'],
    ])('with supportedTokenAuthMethods %j is %s', async (supportedTokenAuthMethods, method) => {
      await server.configure({ supportedTokenAuthMethods });

      const { content } = await register({});

      expect(content.token_endpoint_auth_method).toBe(method);
      expect(Object.hasOwn(content, 'client_secret')).toBe(method !== 'none');
    });

    it('is the scope of the entries that are defaults, for a client that names none', async () => {
      const scopes = { openid: true, profile: false, email: true };
      await server.configure({
        supportedScopes: Object.entries(scopes).map(([name, defaultEntry]) => ({ name, defaultEntry })),
      });

      const silent = await server.register({});
      const outspoken = await server.register({ scope: 'profile' });
      const updated = await server.update(outspoken, { scope: '' });

      expect(silent.information.scope).toBe('openid email');
      expect(outspoken.information.scope).toBe('profile');
      expect(updated.content.scope).toBe('openid email');
    });
  });

  it.each([true, false])('limits a client to its scope or not, by dcrScopeUsedAsRequestable: %j', async (used) => {
    await server.configure({ dcrScopeUsedAsRequestable: used });

    const { content, client } = await register({ scope: 'read write' });
    const silent = await register({});

    expect(content.scope).toBe('read write');
    expect(client.extension).toEqual({ requestableScopes: ['read', 'write'], requestableScopesEnabled: used });
    expect(silent.client).not.toHaveProperty('extension');
  });

  describe('of custom client metadata', () => {
    const custom = { department: 'Ünï', nested: { a: [1, null, { b: true }] }, count: 0, off: false };

    beforeEach(() => server.configure({ supportedCustomClientMetadata: Object.keys(custom) }));

    it('is kept as it was sent, whatever kind of JSON it is, and returned', async () => {
      const client = await server.register({ client_name: 'Client', ...custom });
      const { content, client: found } = await server.get(client);

      expect(client.information).toMatchObject(custom);
      expect(content).toEqual(client.information);
      expect(JSON.parse(found.customMetadata as string)).toEqual(custom);
    });

    it('is replaced and dropped by an update', async () => {
      const client = await server.register(custom);

      const replaced = await server.update(client, { department: 'Another' });
      const dropped = await server.update(client, { department: null, nested: '' });

      expect(replaced.content).toMatchObject({ department: 'Another' });
      expect(JSON.parse(replaced.client.customMetadata as string)).toEqual({ department: 'Another' });
      for (const name of Object.keys(custom)) expect(dropped.content).not.toHaveProperty(name);
      expect(dropped.client).not.toHaveProperty('customMetadata');
    });

    it('survives an update with the own response of the client', async () => {
      const client = await server.register(custom);

      const { content } = await server.update(client, client.information);

      expect(content).toEqual(client.information);
    });

    it('is ignored when the service does not list it (RFC 7591 section 2)', async () => {
      const { content, client } = await register({ another: 'x', 'department#ja': 'x', Department: 'x' });

      expect(client).not.toHaveProperty('customMetadata');
      for (const name of ['another', 'department#ja', 'Department']) expect(content).not.toHaveProperty([name]);
    });

    it('may have the name of something that every object inherits', async () => {
      await server.configure({ supportedCustomClientMetadata: ['toString', 'hasOwnProperty'] });

      const silent = await register({});
      const { content } = await register({ toString: 'x' });

      expect(Object.hasOwn(silent.content, 'toString')).toBe(false);
      expect(Object.getOwnPropertyDescriptor(content, 'toString')?.value).toBe('x');
      expect(Object.hasOwn(content, 'hasOwnProperty')).toBe(false);
    });
  });
});

/** What lets nothing of a list remain, but breaks no rule before the list is looked at. */
function ruleAbiding(member: string): object {
  return member === 'response_types' ? { grant_types: ['implicit'] } : {};
}
