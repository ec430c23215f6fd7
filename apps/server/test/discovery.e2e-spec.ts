import { RESPONSE_TYPE } from '@clientele/model/metadata';
import { MINIMAL } from './support/protocol.ts';
import { HEADERS, SERVICE_ID, startServer, type TestServer } from './support/server.ts';

const ISSUER_PATH = `/connect/${SERVICE_ID}`;

/** The paths at which clients look, for the path of the issuer identifier. */
const wellKnownPaths = (path: string): [string, string][] => [
  ['OpenID Connect Discovery section 4', `${ISSUER_PATH}/.well-known/openid-configuration`],
  ['RFC 8414 section 3.1', `/.well-known/oauth-authorization-server${path}`],
  ['RFC 8414 section 5', `/.well-known/openid-configuration${path}`],
  ['some clients', `${ISSUER_PATH}/.well-known/oauth-authorization-server`],
];

describe('discovery', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startServer();
  });

  afterAll(() => server.close());
  afterEach(() => server.configure());

  const metadata = async (path = wellKnownPaths(ISSUER_PATH)[0]![1], headers: Record<string, string> = {}) => {
    const response = await server.send({ method: 'GET', path, headers });
    expect(response.status).toBe(200);
    expect(response.headers['content-type']).toMatch(/^application\/json/);
    return JSON.parse(response.text) as Record<string, unknown>;
  };

  it.each(wellKnownPaths(ISSUER_PATH))(
    'contains only known values for a service without settings (%s)',
    async (_source, path) => {
      expect(await metadata(path)).toEqual({
        issuer: `${server.baseUrl}${ISSUER_PATH}`,
        registration_endpoint: `${server.baseUrl}${ISSUER_PATH}/register`,
        response_types_supported: Object.keys(RESPONSE_TYPE),
      });
    },
  );

  it('contains no registration_endpoint if registration is off', async () => {
    await server.configure({
      protocolRegistration: 'OFF',
      serverMetadata: { registration_endpoint: 'https://example.com/', issuer: 'https://example.com/' },
    });

    expect(await metadata()).toEqual({
      issuer: `${server.baseUrl}${ISSUER_PATH}`,
      response_types_supported: Object.keys(RESPONSE_TYPE),
    });
  });

  it('contains the registration_endpoint of an authorization server that registers through the API', async () => {
    const registrationEndpoint = 'https://as.example.com/register';
    await server.configure({ protocolRegistration: 'OFF', registrationEndpoint });
    expect(await metadata()).toMatchObject({ registration_endpoint: registrationEndpoint });

    await server.configure({
      protocolRegistration: 'OFF',
      registrationEndpoint,
      dynamicRegistrationSupported: false,
    });
    expect(await metadata()).not.toHaveProperty('registration_endpoint');
  });

  it('contains the settings of the service that the API stored', async () => {
    const settings = {
      dynamicRegistrationSupported: true,
      issuer: 'https://as.example.com',
      registrationEndpoint: 'https://as.example.com/register',
      authorizationEndpoint: 'https://as.example.com/authorize',
      tokenEndpoint: 'https://as.example.com/token',
      userInfoEndpoint: 'https://as.example.com/userinfo',
      jwksUri: 'https://as.example.com/jwks',
      revocationEndpoint: 'https://as.example.com/revoke',
      introspectionEndpoint: 'https://as.example.com/introspect',
      pushedAuthReqEndpoint: 'https://as.example.com/par',
      backchannelAuthenticationEndpoint: 'https://as.example.com/ciba',
      deviceAuthorizationEndpoint: 'https://as.example.com/device',
      endSessionEndpoint: 'https://as.example.com/logout',
      serviceDocumentation: 'https://as.example.com/docs',
      policyUri: 'https://as.example.com/policy',
      tosUri: 'https://as.example.com/tos',
      supportedAcrs: ['urn:example:silver'],
      supportedAuthorizationDetailsTypes: ['payment'],
      supportedTokenAuthMethods: ['NONE', 'PRIVATE_KEY_JWT'],
      supportedGrantTypes: ['AUTHORIZATION_CODE', 'CIBA'],
      supportedResponseTypes: ['CODE', 'CODE_ID_TOKEN'],
      supportedBackchannelTokenDeliveryModes: ['PING'],
      supportedClientRegistrationTypes: ['EXPLICIT'],
      supportedSubjectTypes: ['PUBLIC'],
      backchannelLogoutSupported: false,
      tlsClientCertificateBoundAccessTokens: true,
      supportedScopes: [{ name: 'openid' }, { name: 'email' }],
      serverMetadata: {
        code_challenge_methods_supported: ['S256'],
        mtls_endpoint_aliases: { token_endpoint: 'https://mtls.example.com/token' },
        token_endpoint: 'https://elsewhere.example.com',
      },
    };
    const updated = await server.send({
      path: `/api/${SERVICE_ID}/service/update`,
      headers: HEADERS,
      body: JSON.stringify(settings),
    });
    expect(updated.status).toBe(200);
    expect(JSON.parse(updated.text)).toMatchObject({ serverMetadata: settings.serverMetadata });

    expect(await metadata()).toEqual({
      issuer: 'https://as.example.com',
      registration_endpoint: 'https://as.example.com/register',
      authorization_endpoint: 'https://as.example.com/authorize',
      token_endpoint: 'https://as.example.com/token',
      userinfo_endpoint: 'https://as.example.com/userinfo',
      jwks_uri: 'https://as.example.com/jwks',
      revocation_endpoint: 'https://as.example.com/revoke',
      introspection_endpoint: 'https://as.example.com/introspect',
      pushed_authorization_request_endpoint: 'https://as.example.com/par',
      backchannel_authentication_endpoint: 'https://as.example.com/ciba',
      device_authorization_endpoint: 'https://as.example.com/device',
      end_session_endpoint: 'https://as.example.com/logout',
      service_documentation: 'https://as.example.com/docs',
      op_policy_uri: 'https://as.example.com/policy',
      op_tos_uri: 'https://as.example.com/tos',
      acr_values_supported: ['urn:example:silver'],
      authorization_details_types_supported: ['payment'],
      token_endpoint_auth_methods_supported: ['none', 'private_key_jwt'],
      grant_types_supported: ['authorization_code', 'urn:openid:params:grant-type:ciba'],
      response_types_supported: ['code', 'code id_token'],
      backchannel_token_delivery_modes_supported: ['ping'],
      client_registration_types_supported: ['explicit'],
      subject_types_supported: ['public'],
      backchannel_logout_supported: false,
      tls_client_certificate_bound_access_tokens: true,
      scopes_supported: ['openid', 'email'],
      code_challenge_methods_supported: ['S256'],
      mtls_endpoint_aliases: { token_endpoint: 'https://mtls.example.com/token' },
    });
  });

  it('lists the algorithms, subject types and capabilities of the service', async () => {
    await server.configure({
      supportedSubjectTypes: ['PAIRWISE'],
      supportedJwsAlgs: ['NONE', 'HS256', 'ES256'],
      supportedJweAlgs: ['RSA_OAEP_256'],
      supportedJweEncs: ['A256GCM'],
      tlsClientCertificateBoundAccessTokens: true,
      backchannelUserCodeParameterSupported: false,
      backchannelLogoutSupported: true,
      backchannelLogoutSessionSupported: false,
    });

    expect(await metadata()).toMatchObject({
      subject_types_supported: ['pairwise'],
      id_token_signing_alg_values_supported: ['none', 'HS256', 'ES256'],
      userinfo_signing_alg_values_supported: ['none', 'HS256', 'ES256'],
      request_object_signing_alg_values_supported: ['none', 'HS256', 'ES256'],
      // These must be signed, and CIBA requests must not use a symmetric algorithm.
      token_endpoint_auth_signing_alg_values_supported: ['HS256', 'ES256'],
      authorization_signing_alg_values_supported: ['HS256', 'ES256'],
      introspection_signing_alg_values_supported: ['HS256', 'ES256'],
      backchannel_authentication_request_signing_alg_values_supported: ['ES256'],
      id_token_encryption_alg_values_supported: ['RSA-OAEP-256'],
      id_token_encryption_enc_values_supported: ['A256GCM'],
      tls_client_certificate_bound_access_tokens: true,
      backchannel_user_code_parameter_supported: false,
      backchannel_logout_supported: true,
      backchannel_logout_session_supported: false,
    });
  });

  it('lists exactly the grant types that can be registered', async () => {
    await server.configure({ supportedGrantTypes: ['CLIENT_CREDENTIALS', 'REFRESH_TOKEN'] });
    const { grant_types_supported: supported } = await metadata();

    expect(supported).toEqual(['client_credentials', 'refresh_token']);
    for (const [grants, action] of [
      [['client_credentials'], 'CREATED'],
      [['client_credentials', 'refresh_token'], 'CREATED'],
      [['password'], 'BAD_REQUEST'],
      [['authorization_code'], 'BAD_REQUEST'],
    ]) {
      const json = JSON.stringify({ grant_types: grants, redirect_uris: ['https://client.example.org/callback'] });
      expect((await server.call('register', { json })).body.action).toBe(action);
    }
  });

  it.each([
    ['tokenEndpoint', 'nonsense'],
    ['jwksUri', 'ftp://as.example.com/jwks'],
    ['authorizationEndpoint', 'https://as.example.com/#x'],
    ['serviceDocumentation', 'https://as.example.com/\u0100'],
    ['policyUri', 'https://as.example.com/%zz'],
    ['tosUri', 'https://as.example.com/[a]'],
    ['serverMetadata', ['x']],
    ['allowedOrigins', ['https://app.example.com/']],
    ['allowedOrigins', ['*']],
    ['allowedOrigins', 'https://app.example.com'],
  ])('refuses the setting %s with the value %j, and names it', async (setting, value) => {
    const { status, text } = await server.send({
      path: `/api/${SERVICE_ID}/service/update`,
      headers: HEADERS,
      body: JSON.stringify({ [setting]: value }),
    });

    expect(status).toBe(400);
    expect(text).toContain(setting);
  });

  it('returns 404 for an unknown service at every path', async () => {
    for (const [, path] of wellKnownPaths(ISSUER_PATH)) {
      const response = await server.send({ method: 'GET', path: path.replace(String(SERVICE_ID), '1'), headers: {} });
      expect(response.status).toBe(404);
      expect(JSON.parse(response.text)).toMatchObject({ error: 'invalid_request' });
    }
  });

  it('is public, and ignores a wrong token', async () => {
    await expect(metadata(undefined, { authorization: 'Bearer wrong' })).resolves.toBeDefined();
  });

  it.each([
    { host: 'evil.example.com' },
    { 'x-forwarded-host': 'evil.example.com', 'x-forwarded-proto': 'https', 'x-forwarded-port': '444' },
    { forwarded: 'host=evil.example.com;proto=https', 'x-forwarded-prefix': '/evil' },
    { 'x-original-url': '/evil', 'x-rewrite-url': '/evil', 'x-forwarded-server': 'evil.example.com' },
  ])('takes every URI from the configuration, and ignores the headers %j', async (headers) => {
    const spoofed = headers as unknown as Record<string, string>;
    expect(await metadata(undefined, spoofed)).toEqual(await metadata());

    const response = await server.send({
      path: `${ISSUER_PATH}/register`,
      headers: { 'content-type': 'application/json', ...spoofed },
      body: JSON.stringify(MINIMAL),
    });
    expect(response.status).toBe(201);
    expect(response.text).not.toContain('evil');
    expect(response.headers.location).toMatch(new RegExp(`^${server.baseUrl}/connect/`));
  });
});

describe('discovery with a path in BASE_URL', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startServer({ BASE_URL: 'https://clients.example.com/base/' });
  });

  afterAll(() => server.close());

  it.each(wellKnownPaths(`/base${ISSUER_PATH}`))('is available at the path of %s', async (_source, path) => {
    const response = await server.send({ method: 'GET', path, headers: {} });

    expect(response.status).toBe(200);
    expect(JSON.parse(response.text)).toMatchObject({
      issuer: `https://clients.example.com/base${ISSUER_PATH}`,
      registration_endpoint: `https://clients.example.com/base${ISSUER_PATH}/register`,
    });
  });
});
