import { generateKeyPairSync, randomUUID, type webcrypto } from 'node:crypto';
import { Clientele, ClientCache } from '@clientele/client';
import type { ClientMetadata } from '@clientele/model/metadata';
import * as openid from 'openid-client';
import { errors } from 'oidc-provider';
import { ACCESS_TOKEN, SERVICE_ID, startServer, type TestServer } from '../../apps/server/test/support/server.ts';
import type { ClientSecret } from '../../apps/server/src/clients/client.ts';
import { logIn, type Application } from './application.ts';
import { AuthorizationServer, USER } from './authorization-server.ts';

const REDIRECT_URI = 'https://app.example.com/callback';
const HOUR = 3_600_000;

let registry: TestServer;
let authorizationServer: AuthorizationServer;

/** A cache that asks the registry before each use of a client whether its copy is current. */
function cacheOf({ baseUrl }: TestServer): ClientCache {
  const clientele = new Clientele({ baseUrl, serviceId: SERVICE_ID, accessToken: ACCESS_TOKEN, maxRetries: 0 });
  return new ClientCache(clientele.clients, { maxAge: 0, negativeMaxAge: 0 });
}

beforeAll(async () => {
  registry = await startServer();
  const cache = cacheOf(registry);
  authorizationServer = await AuthorizationServer.start(cache, {
    extraClientMetadata: { properties: ['allowed_resources'] },
    clientAuthMethods: ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'],
    features: {
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_context, resource, client) => {
          const allowed = client.allowed_resources as string[] | undefined;
          if (allowed?.includes(resource) === false) throw new errors.InvalidTarget();
          return { scope: 'read', audience: resource };
        },
      },
    },
  });
});

afterAll(async () => {
  await authorizationServer.close();
  await registry.close();
});

/** Registers a client, and returns what its application needs for a login. */
async function register(
  metadata: ClientMetadata = {},
  server = registry,
): Promise<Application & { number: number; secret: string }> {
  const { information, clientId } = await server.register({ redirect_uris: [REDIRECT_URI], ...metadata });
  const { client_id, client_secret = '' } = information;
  return { clientId: client_id, redirectUri: REDIRECT_URI, number: clientId, secret: client_secret };
}

async function subject(application: Application, parameters: Readonly<Record<string, string>> = {}): Promise<unknown> {
  const tokens = await logIn(authorizationServer.issuer, application, parameters);
  return tokens.claims()?.sub;
}

/** A secret that a person chose. The server does not send its digest. */
function chosen(id: number, expiresAt?: number): ClientSecret {
  const createdAt = Date.now() - HOUR;
  return { id, value: randomUUID(), generated: false, createdAt, ...(expiresAt !== undefined && { expiresAt }) };
}

describe.each(['client_secret_basic', 'client_secret_post'] as const)('a client with %s', (method) => {
  const authenticate = method === 'client_secret_basic' ? openid.ClientSecretBasic : openid.ClientSecretPost;

  it('logs in with its secret, and not with another one', async () => {
    const client = await register({ token_endpoint_auth_method: method });

    expect(await subject({ ...client, authentication: authenticate(client.secret) })).toBe(USER);
    await expect(subject({ ...client, authentication: authenticate('another') })).rejects.toMatchObject({
      error: 'invalid_client',
      status: 401,
    });
  });
});

it.each([
  ['that the server generated', true],
  ['that persons chose', false],
])('accepts each of two secrets in overlap %s, but not an expired one', async (_title, generated) => {
  const client = await register();
  const now = Date.now();
  const secrets = [chosen(1, now - HOUR), chosen(2, now + HOUR), chosen(3)].map((each) => ({ ...each, generated }));
  await registry.amend(client.number, { credentials: { secrets } });
  const [expired, old, current] = secrets.map(({ value }) => openid.ClientSecretBasic(value));

  expect(await subject({ ...client, authentication: old! })).toBe(USER);
  expect(await subject({ ...client, authentication: current! })).toBe(USER);
  await expect(subject({ ...client, authentication: expired! })).rejects.toMatchObject({ error: 'invalid_client' });
});

it('refuses the secret of a client whose secrets have all expired', async () => {
  const client = await register();
  const secret = chosen(1, Date.now() - HOUR);
  await registry.amend(client.number, { credentials: { secrets: [secret] } });

  await expect(subject({ ...client, authentication: openid.ClientSecretBasic(secret.value) })).rejects.toMatchObject({
    error: 'invalid_client',
  });
});

it('a client logs in with private_key_jwt', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: '1', alg: 'ES256', use: 'sig' };
  const client = await register({ token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [jwk] } });
  const key: webcrypto.CryptoKey = await crypto.subtle.importKey(
    'pkcs8',
    privateKey.export({ format: 'der', type: 'pkcs8' }),
    { name: 'ECDSA', namedCurve: 'P-256' },
    false,
    ['sign'],
  );

  expect(await subject({ ...client, authentication: openid.PrivateKeyJwt({ key, kid: '1' }) })).toBe(USER);
});

it('a public native client logs in on any port of the loopback address', async () => {
  const client = await register({
    application_type: 'native',
    token_endpoint_auth_method: 'none',
    redirect_uris: ['http://127.0.0.1/callback'],
  });

  for (const port of [49_152, 65_535]) {
    expect(await subject({ ...client, redirectUri: `http://127.0.0.1:${port}/callback` })).toBe(USER);
  }
  await expect(subject({ ...client, redirectUri: 'http://127.0.0.1:65535/other' })).rejects.toMatchObject({
    error: 'invalid_redirect_uri',
  });
});

it('refuses a client that signs with its secret', async () => {
  const client = await register({ token_endpoint_auth_method: 'client_secret_jwt' });

  await expect(subject(client)).rejects.toMatchObject({
    status: 400,
    error: 'invalid_client_metadata',
    message: expect.stringContaining('token_endpoint_auth_method is client_secret_jwt') as string,
  });
});

it('refuses a locked client, and an unknown one', async () => {
  const client = await register({ token_endpoint_auth_method: 'none' });
  expect(await subject(client)).toBe(USER);
  await registry.amend(client.number, { administration: { locked: true } });

  await expect(subject(client)).rejects.toMatchObject({ status: 400, error: 'invalid_client' });
  await expect(subject({ ...client, clientId: 'unknown' })).rejects.toMatchObject({
    status: 400,
    error: 'invalid_client',
  });
});

it.each([
  ['of 10,000 characters', 'a'.repeat(10_000)],
  ['.', '.'],
  ['with a zero byte', 'a\0'],
  ['that is a path', '../1'],
])('refuses a client_id %s as unknown', async (_title, clientId) => {
  const response = await fetch(
    new URL(
      `/auth?${new URLSearchParams({ client_id: clientId, response_type: 'code', scope: 'openid' }).toString()}`,
      authorizationServer.issuer,
    ),
  );

  expect([response.status, await response.json()]).toEqual([400, expect.objectContaining({ error: 'invalid_client' })]);
});

it('refuses a secret of 10,000 characters', async () => {
  const client = await register({ token_endpoint_auth_method: 'client_secret_post' });
  const authentication = openid.ClientSecretPost('a'.repeat(10_000));

  await expect(subject({ ...client, authentication })).rejects.toMatchObject({ error: 'invalid_client' });
});

it('a client with a limit gets tokens for its resources only', async () => {
  const client = await register({ token_endpoint_auth_method: 'none' });
  const mine = { resource: 'https://mine.example.com/' };
  const others = { resource: 'https://others.example.com/' };
  expect(await subject(client, others)).toBe(USER);
  await registry.amend(client.number, { administration: { resources: [mine.resource] } });

  expect(await subject(client, mine)).toBe(USER);
  await expect(subject(client, others)).rejects.toMatchObject({ error: 'invalid_target' });
});

describe('while the registry is stopped', () => {
  let server: AuthorizationServer;
  let known: Application;
  let unknown: Application;

  beforeAll(async () => {
    const stopped = await startServer();
    server = await AuthorizationServer.start(cacheOf(stopped));
    known = await register({ token_endpoint_auth_method: 'none' }, stopped);
    unknown = await register({ token_endpoint_auth_method: 'none' }, stopped);
    await logIn(server.issuer, known);
    await stopped.close();
  });

  afterAll(() => server.close());

  it('logs in the client that it knows', async () => {
    expect((await logIn(server.issuer, known)).claims()?.sub).toBe(USER);
  });

  const unavailable = { status: 503, error: 'temporarily_unavailable' };

  it('tells an unknown client at the authorization endpoint to come back', async () => {
    await expect(logIn(server.issuer, unknown)).rejects.toMatchObject(unavailable);
  });

  it('tells an unknown client at the token endpoint to come back', async () => {
    const body = new URLSearchParams({ client_id: unknown.clientId, grant_type: 'refresh_token', refresh_token: 'a' });
    const response = await fetch(new URL('/token', server.issuer), { method: 'POST', body });

    expect({ status: response.status, ...((await response.json()) as object) }).toMatchObject(unavailable);
  });
});
