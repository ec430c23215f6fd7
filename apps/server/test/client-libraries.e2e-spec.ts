import {
  discoverAuthorizationServerMetadata,
  registerClient as registerMcpClient,
} from '@modelcontextprotocol/sdk/client/auth.js';
import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';
import { SERVICE_ID, startServer, type TestServer } from './support/server.ts';
import { SimulatedAuthorizationServer } from './support/simulated-authorization-server.ts';

const METADATA = {
  client_name: 'A Client',
  redirect_uris: ['http://127.0.0.1/callback'],
  token_endpoint_auth_method: 'none',
};

describe('client libraries that know only the issuer identifier', () => {
  let server: TestServer;
  let issuer: URL;

  beforeAll(async () => {
    server = await startServer();
    issuer = new URL(`${server.baseUrl}/connect/${SERVICE_ID}`);
  });

  afterAll(() => server.close());
  afterEach(() => server.configure());

  // Loopback has no TLS. Both libraries mark this option as deprecated only to make it visible.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  const plainHttp = { [oauth.allowInsecureRequests]: true };
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  const withPlainHttp = openid.allowInsecureRequests;

  it.each(['oidc', 'oauth2'] as const)('oauth4webapi registers after discovery as %s', async (algorithm) => {
    const discovered = await oauth.discoveryRequest(issuer, { algorithm, ...plainHttp });
    const as = await oauth.processDiscoveryResponse(issuer, discovered);
    const response = await oauth.dynamicClientRegistrationRequest(as, METADATA, plainHttp);
    const client = await oauth.processDynamicClientRegistrationResponse(response);

    expect(client).toMatchObject({ ...METADATA, client_name: 'A Client' });
    const { registration_client_uri: uri, registration_access_token: token } = client as Record<string, string>;
    const read = await oauth.protectedResourceRequest(token!, 'GET', new URL(uri!), undefined, undefined, plainHttp);
    expect(await read.json()).toEqual(client);
  });

  it('oauth4webapi reports the error of a refused registration', async () => {
    const as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, plainHttp));
    const response = await oauth.dynamicClientRegistrationRequest(as, { ...METADATA, client_name: 1 }, plainHttp);

    await expect(oauth.processDynamicClientRegistrationResponse(response)).rejects.toMatchObject({
      error: 'invalid_client_metadata',
      status: 400,
    });
  });

  it.each(['oidc', 'oauth2'] as const)('openid-client registers after discovery as %s', async (algorithm) => {
    const configuration = await openid.dynamicClientRegistration(issuer, METADATA, openid.None(), {
      algorithm,
      execute: [withPlainHttp],
    });

    expect(configuration.clientMetadata()).toMatchObject(METADATA);
    expect(await server.stored(Number(configuration.clientMetadata().client_id))).toBeDefined();
  });

  describe('openid-client at an authorization server', () => {
    const authorizationServer = new SimulatedAuthorizationServer();

    beforeAll(() => authorizationServer.start());
    afterAll(() => authorizationServer.close());

    /** Registers, and exchanges a code for tokens. The ID token has no auth_time. */
    const logIn = async (metadata: object): Promise<openid.IDToken | undefined> => {
      const { tokenEndpoint, jwksUri } = authorizationServer;
      await server.configure({ authorizationEndpoint: 'https://as.example.com/authorize', tokenEndpoint, jwksUri });
      const options = { execute: [withPlainHttp] };
      const configuration = await openid.dynamicClientRegistration(issuer, metadata, openid.None(), options);
      const verifier = openid.randomPKCECodeVerifier();
      await authorizationServer.expect(issuer.href, configuration.clientMetadata().client_id);
      const tokens = await openid.authorizationCodeGrant(configuration, new URL('http://127.0.0.1/callback?code=c'), {
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      });
      return tokens.claims();
    };

    it('accepts an ID token without auth_time if it registered no default_max_age', async () => {
      expect(await logIn(METADATA)).toMatchObject({ iss: issuer.href, sub: 'user' });
    });

    it('refuses an ID token without auth_time if it registered default_max_age 0', async () => {
      await expect(logIn({ ...METADATA, default_max_age: 0 })).rejects.toMatchObject({
        cause: { message: expect.stringContaining('auth_time') as string },
      });
    });
  });

  it('the MCP SDK registers if the service knows the authorization server', async () => {
    await server.configure({
      authorizationEndpoint: 'https://as.example.com/authorize',
      tokenEndpoint: 'https://as.example.com/token',
      serverMetadata: { code_challenge_methods_supported: ['S256'] },
    });
    const metadata = await discoverAuthorizationServerMetadata(issuer);
    const client = await registerMcpClient(issuer, {
      ...(metadata && { metadata }),
      clientMetadata: {
        ...METADATA,
        redirect_uris: ['http://localhost:6274/oauth/callback'],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        scope: 'read write',
      },
    });

    expect(metadata?.registration_endpoint).toBe(`${issuer.href}/register`);
    expect(client).toMatchObject({ client_name: 'A Client', redirect_uris: ['http://localhost:6274/oauth/callback'] });
    expect(await server.stored(Number(client.client_id))).toBeDefined();
  });

  it('the MCP SDK reports the error of a refused registration', async () => {
    const clientMetadata = { ...METADATA, redirect_uris: ['https://client.example.org/#fragment'] };
    const metadata = {
      issuer: issuer.href,
      authorization_endpoint: 'https://as.example.com/authorize',
      token_endpoint: 'https://as.example.com/token',
      response_types_supported: ['code'],
      registration_endpoint: `${issuer.href}/register`,
    };

    await expect(registerMcpClient(issuer, { metadata, clientMetadata })).rejects.toThrow(/A031210|redirect_uris/);
  });
});
