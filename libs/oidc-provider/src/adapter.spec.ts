import { Clientele, ConnectionError, type ResolvedClient } from '@clientele/client';
import { Provider, type Adapter, type AdapterPayload, type Configuration } from 'oidc-provider';
import { clienteleAdapter, RegistryUnavailableError, UnsupportedClientError, useClientele } from './index.ts';

const SECRET = 'the-secret';
const OUTAGE = new ConnectionError(1, { cause: new TypeError('fetch failed') });

interface Change {
  readonly metadata?: object;
  readonly secrets?: ResolvedClient['secrets'];
  readonly resources?: readonly string[];
}

function resolved({ metadata, secrets = [{ createdAt: 1, expiresAt: 0 }], resources }: Change = {}): ResolvedClient {
  return {
    clientId: '1',
    etag: 'e',
    source: 'dynamic',
    metadata: { client_id: '1', redirect_uris: ['https://app.example/callback'], ...metadata },
    secrets,
    ...(resources && { resources }),
  };
}

/** A cache that responds with this, or rejects with it if it is an error. */
function cacheOf(client: ResolvedClient | undefined | Error) {
  const respond = <T>(value: T): Promise<T> =>
    client instanceof Error ? Promise.reject(client) : Promise.resolve(value);
  return {
    resolve: () => respond(client as ResolvedClient | undefined),
    verifySecret: (_clientId: string, secret: string) => respond(secret === SECRET),
  };
}

class OtherAdapter {
  constructor(readonly model: string) {}
}

const otherwise = OtherAdapter as unknown as new (model: string) => Adapter;

function find(client: ResolvedClient | undefined | Error): ReturnType<Adapter['find']> {
  return clienteleAdapter({ cache: cacheOf(client), otherwise })('Client').find('1');
}

/** The error of the SDK after a response with this status. */
async function apiError(status: number): Promise<Error> {
  const fetch = () => Promise.resolve(new Response('{}', { status }));
  const clientele = new Clientele({
    baseUrl: 'https://api.example',
    serviceId: 1,
    accessToken: 't',
    maxRetries: 0,
    fetch,
  });
  const error = await clientele.registration.get({ clientId: 1, token: 't' }).catch((reason: unknown) => reason);
  return error as Error;
}

describe('find', () => {
  it('returns nothing for a client that does not exist', async () => {
    expect(await find(undefined)).toBeUndefined();
  });

  it('returns the metadata of a public client, without a secret', async () => {
    const metadata = { token_endpoint_auth_method: 'none', 'client_name#ja': 'アプリ' };
    const client = resolved({ metadata, secrets: [] });

    expect(await find(client)).toEqual(client.metadata);
  });

  it.each([undefined, 'client_secret_basic', 'client_secret_post'])('sets a placeholder for %s', async (method) => {
    const payload = await find(resolved({ metadata: { ...(method && { token_endpoint_auth_method: method }) } }));

    expect(payload).toMatchObject({ client_secret: expect.stringMatching(/^[\w-]{43}$/) as string });
  });

  it.each([
    ['the latest of the secrets', [200, 100], 200],
    ['never, if one secret never expires', [100, 0], 0],
    ['never, if there is no secret, so that no secret is right', [], 0],
  ])('says that the secret expires: %s', async (_title, times, expected) => {
    const secrets = times.map((expiresAt) => ({ createdAt: 1, expiresAt }));

    expect(await find(resolved({ secrets }))).toMatchObject({ client_secret_expires_at: expected });
  });

  it('returns the same object as long as the cache does', async () => {
    const adapter = clienteleAdapter({ cache: cacheOf(resolved()), otherwise })('Client');

    expect(await adapter.find('1')).toBe(await adapter.find('1'));
  });

  it('returns a copy, which oidc-provider may change', async () => {
    const client = resolved({ metadata: { jwks: { keys: [{ kty: 'EC' }] } } });
    const payload = (await find(client)) as AdapterPayload;

    expect(payload.jwks).toEqual(client.metadata.jwks);
    expect(payload.jwks).not.toBe(client.metadata.jwks);
  });

  it('returns the allowed resources, which no client can register', async () => {
    const metadata = { allowed_resources: ['https://registered.example'] };

    expect(await find(resolved({ metadata }))).not.toHaveProperty('allowed_resources');
    expect(await find(resolved({ metadata, resources: [] }))).toMatchObject({ allowed_resources: [] });
    expect(await find(resolved({ metadata, resources: ['https://a.example'] }))).toMatchObject({
      allowed_resources: ['https://a.example'],
    });
  });

  it.each([
    ['token_endpoint_auth_method', 'client_secret_jwt'],
    ['id_token_signed_response_alg', 'HS256'],
    ['request_object_signing_alg', 'HS512'],
    ['id_token_encrypted_response_alg', 'A128KW'],
    ['userinfo_encrypted_response_alg', 'A256GCMKW'],
    ['request_object_encryption_alg', 'dir'],
  ])('refuses %s: %s', async (member, value) => {
    const error: unknown = await find(resolved({ metadata: { [member]: value } })).catch((reason: unknown) => reason);

    expect(error).toBeInstanceOf(UnsupportedClientError);
    expect(error).toMatchObject({ statusCode: 400, error: 'invalid_client_metadata' });
    expect((error as UnsupportedClientError).error_description).toBe(
      `${member} is ${value}, which needs the client secret in the clear; ` +
        'register the client with private_key_jwt and asymmetric algorithms',
    );
  });

  it('accepts asymmetric algorithms, and names that only look like symmetric ones', async () => {
    const metadata = { id_token_signed_response_alg: 'ES256', client_name: 'client_secret_jwt', software_id: 'HS256' };

    expect(await find(resolved({ metadata }))).toMatchObject(metadata);
  });

  it.each([
    ['a failed connection', () => OUTAGE],
    ['HTTP 503', () => apiError(503)],
    ['HTTP 429', () => apiError(429)],
  ])('throws temporarily_unavailable after %s', async (_title, failure) => {
    const cause = await failure();
    const error: unknown = await find(cause).catch((reason: unknown) => reason);

    expect(error).toBeInstanceOf(RegistryUnavailableError);
    expect(error).toMatchObject({ statusCode: 503, error: 'temporarily_unavailable', expose: true, cause });
  });

  it.each([
    ['HTTP 401', () => apiError(401)],
    ['HTTP 403', () => apiError(403)],
    ['a mistake', () => new TypeError('a mistake')],
  ])('throws the error itself after %s', async (_title, failure) => {
    const error = await failure();

    await expect(find(error)).rejects.toBe(error);
  });
});

describe('the adapter', () => {
  it('uses the other adapter for other models, a class or a factory', () => {
    const cache = cacheOf(undefined);
    const factory = (model: string): Adapter => new otherwise(model);

    for (const other of [otherwise, factory]) {
      const session = clienteleAdapter({ cache, otherwise: other })('Session');
      expect(session).toBeInstanceOf(OtherAdapter);
      expect(session).toEqual({ model: 'Session' });
    }
  });

  it('changes no client', async () => {
    const adapter = clienteleAdapter({ cache: cacheOf(undefined), otherwise })('Client');

    await expect(adapter.upsert('1', {})).rejects.toThrow('Disable features.registration of oidc-provider.');
    await expect(adapter.destroy('1')).rejects.toThrow('Clients are changed at Clientele only.');
  });
});

describe('the comparison of a secret', () => {
  const STATIC = { client_id: 'static', client_secret: 'own', redirect_uris: ['https://app.example/callback'] };

  const clientOf = async (id: string, cache: ReturnType<typeof cacheOf>, use = true) => {
    const configuration: Configuration = { adapter: clienteleAdapter({ cache, otherwise }), clients: [STATIC] };
    const provider = new Provider('https://as.example', configuration);
    if (use) useClientele(provider, cache);
    return (await provider.Client.find(id))!;
  };

  it('asks the cache', async () => {
    const client = await clientOf('1', cacheOf(resolved()));

    expect(await client.compareClientSecret(SECRET)).toBe(true);
    expect(await client.compareClientSecret('another')).toBe(false);
  });

  it('accepts no secret that a caller could know if useClientele was not called', async () => {
    const client = await clientOf('1', cacheOf(resolved()), false);

    expect(await client.compareClientSecret(SECRET)).toBe(false);
    expect(client.clientSecret).toMatch(/^[\w-]{43}$/);
  });

  it('lets static clients keep their own secrets', async () => {
    const client = await clientOf('static', cacheOf(resolved()));

    expect(await client.compareClientSecret('own')).toBe(true);
    expect(await client.compareClientSecret(SECRET)).toBe(false);
  });

  it('throws temporarily_unavailable if the registry does not respond', async () => {
    const cache = cacheOf(resolved());
    const client = await clientOf('1', { ...cache, verifySecret: () => Promise.reject(OUTAGE) });

    await expect(client.compareClientSecret(SECRET)).rejects.toBeInstanceOf(RegistryUnavailableError);
  });
});
