import { jest } from '@jest/globals';
import type { Client, ClientMetadata } from '@clientele/model/metadata';
import { ClientStore } from '../src/clients/client-store.ts';
import type { ClientSecret } from '../src/clients/client.ts';
import { hashToken } from '../src/crypto/token.ts';
import { StoreUnavailableError } from '../src/database/database.ts';
import { logOf } from './support/audit.ts';
import { HEADERS, SERVICE_ID, startServer, type TestServer } from './support/server.ts';

interface Resolved {
  readonly action: string;
  readonly etag?: string;
  readonly metadata?: ClientMetadata & { client_id: string };
  readonly secrets?: readonly { sha256?: string; createdAt: number; expiresAt: number }[];
  readonly resources?: readonly string[];
}

const METADATA = {
  client_name: 'Look me up',
  redirect_uris: ['https://client.example.org/cb'],
  scope: 'openid profile',
};
const HOUR = 3_600_000;

let server: TestServer;

beforeAll(async () => {
  server = await startServer();
});

afterAll(() => server.close());

const call = async (method: string, path: string, body?: object, headers: Record<string, string> = HEADERS) => {
  const init = body === undefined ? {} : { body: JSON.stringify(body) };
  const response = await fetch(`${server.baseUrl}/api/${SERVICE_ID}/client/${path}`, { method, headers, ...init });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: JSON.parse(text) as Resolved };
};
const resolve = (clientId: unknown, etag?: string, headers?: Record<string, string>) =>
  call('POST', 'resolve', { clientId, etag }, headers);
const get = (identifier: string, headers?: Record<string, string>) =>
  call('GET', `get/${encodeURIComponent(identifier)}`, undefined, headers);
const verify = (identifier: string, clientSecret: string) =>
  call('POST', `secret/verify/${encodeURIComponent(identifier)}`, { clientSecret });

const secret = (value: string, changes: Partial<ClientSecret> = {}): ClientSecret => ({
  id: 1,
  value,
  generated: true,
  createdAt: 1_795_803_000_000,
  ...changes,
});

/** A registered client whose secrets are these. */
const withSecrets = async (...secrets: ClientSecret[]) => {
  const { clientId } = await server.register(METADATA);
  await server.amend(clientId, { credentials: { secrets } });
  return String(clientId);
};

describe('client/resolve', () => {
  it('returns the metadata under RFC 7591 names, the digest of the secret, and no secret', async () => {
    const { clientId, information } = await server.register(METADATA);

    const { status, body, text } = await resolve(String(clientId));

    expect(status).toBe(200);
    const issuedAt = information.client_id_issued_at;
    expect(body).toEqual({
      action: 'OK',
      etag: expect.any(String) as string,
      maxAge: 60,
      staleIfError: 3600,
      source: 'dynamic',
      metadata: expect.objectContaining({
        client_id: String(clientId),
        client_id_issued_at: issuedAt,
        ...METADATA,
        token_endpoint_auth_method: 'client_secret_basic',
      }) as object,
      secrets: [{ sha256: hashToken(information.client_secret ?? ''), createdAt: issuedAt, expiresAt: 0 }],
    });
    expect(text).not.toContain(information.client_secret);
    expect(text).not.toContain('registration_access_token');
  });

  it('returns the same bytes for the same version, also for a number and an alias, and with the caching of the service', async () => {
    const { clientId } = await server.register(METADATA);
    await server.amend(clientId, { identifiers: { alias: 'bytes' } });
    const first = await resolve(String(clientId));

    expect((await resolve(clientId)).text).toBe(first.text);
    expect((await resolve('bytes')).text).toBe(first.text);
    await server.configure({ resolveMaxAge: 5, resolveStaleIfError: 7 });
    expect((await resolve('bytes')).body).toMatchObject({ maxAge: 5, staleIfError: 7 });
    await server.configure();
  });

  it('returns NOT_MODIFIED to a caller that has the version, until the client or the service changes', async () => {
    const registered = await server.register(METADATA);
    const id = String(registered.clientId);
    const { etag } = (await resolve(id)).body;

    expect((await resolve(id, etag)).body).toEqual({ action: 'NOT_MODIFIED', etag, maxAge: 60, staleIfError: 3600 });
    await server.update(registered, { ...METADATA, client_name: 'Changed' });
    const changed = (await resolve(id, etag)).body;
    expect(changed).toMatchObject({ action: 'OK', metadata: { client_name: 'Changed' } });
    await server.configure();
    expect((await resolve(id, changed.etag)).body.action).toBe('OK');
  });

  it('distinguishes callers with and without the right to digests', async () => {
    const { clientId } = await server.register(METADATA);
    const id = String(clientId);
    const complete = (await resolve(id)).body;
    const viewer = await server.callerWith('VIEW_CLIENT');

    const limited = (await resolve(id, complete.etag, viewer)).body;

    expect(limited.action).toBe('OK');
    expect(limited.secrets).toBeUndefined();
    expect((await resolve(id, limited.etag)).body.secrets).toHaveLength(1);
    expect((await resolve(id, undefined, await server.callerWith('USE_SERVICE'))).body.secrets).toHaveLength(1);
  });

  it('returns one entry for each valid secret, newest first, without the digest of a secret that was not generated', async () => {
    const now = Date.now();
    const id = await withSecrets(
      secret('expired', { id: 1, expiresAt: now - 1 }),
      secret('overlapping', { id: 2, expiresAt: now + HOUR }),
      secret('chosen by a person', { id: 3, generated: false }),
      secret('current', { id: 4 }),
    );

    expect((await resolve(id)).body.secrets).toEqual([
      { sha256: hashToken('current'), createdAt: 1_795_803_000, expiresAt: 0 },
      { createdAt: 1_795_803_000, expiresAt: 0 },
      { sha256: hashToken('overlapping'), createdAt: 1_795_803_000, expiresAt: Math.floor((now + HOUR) / 1000) },
    ]);
  });

  it.each(['1', 'nobody', 'https://client.example.org/', '9'.repeat(16), '0', ''.padEnd(2048, 'x')])(
    'returns NOT_FOUND for the unknown client %.40s',
    async (clientId) => {
      expect((await resolve(clientId)).body).toEqual({ action: 'NOT_FOUND' });
    },
  );

  it('checks lock and expiry before the tag', async () => {
    const { clientId } = await server.register(METADATA);
    const id = String(clientId);
    const { etag } = (await resolve(id)).body;

    await server.amend(clientId, { administration: { expiresAt: Date.now() + HOUR } });
    expect((await resolve(id)).body.action).toBe('OK');
    await server.amend(clientId, { administration: { locked: true } });
    expect((await resolve(id, etag)).body).toEqual({ action: 'LOCKED' });
    await server.amend(clientId, { administration: { locked: true, expiresAt: Date.now() - 1 } });
    expect((await resolve(id, etag)).body).toEqual({ action: 'NOT_FOUND' });
  });

  it('returns what administrators allow: resources, and their scopes instead of the registered ones', async () => {
    const { clientId } = await server.register(METADATA);
    const resources = ['https://mcp.example.com/mcp'];
    await server.amend(clientId, { administration: { resources, requestableScopes: ['email'] } });

    const { body } = await resolve(String(clientId));

    expect(body.resources).toEqual(resources);
    expect(body.metadata?.scope).toBe('email');
  });

  it('keeps every digit of a custom member beside the scopes of an administrator', async () => {
    await server.configure({ supportedCustomClientMetadata: ['big'] });
    const { clientId } = await server.register(
      `{"redirect_uris":["https://a.example/cb"],"big":12345678901234567890123}`,
    );
    await server.amend(clientId, { administration: { requestableScopes: ['email'] } });

    expect((await resolve(clientId)).text).toContain('"big":12345678901234567890123');
    await server.configure();
  });

  it('may not be cached longer than the client exists', async () => {
    const { clientId } = await server.register(METADATA);
    await server.amend(clientId, { administration: { expiresAt: Date.now() + 30_000 } });

    const { maxAge, staleIfError } = (await resolve(clientId)).body as unknown as {
      maxAge: number;
      staleIfError: number;
    };

    expect(maxAge).toBeLessThanOrEqual(30);
    expect(staleIfError).toBe(maxAge);
  });

  it('returns the client_id under which the client was created, whichever identifier finds it', async () => {
    const { clientId } = await server.register(METADATA);
    const canonical = 'https://client.example.org/clients/ä?b=c';
    await server.amend(clientId, { identifiers: { canonical, alias: 'an-alias' } });

    for (const identifier of [canonical, 'an-alias', String(clientId)])
      expect((await resolve(identifier)).body.metadata?.client_id).toBe(canonical);
    expect((await get(canonical)).status).toBe(200);
  });

  it('notes the use of the client, and that is no change', async () => {
    const { clientId } = await server.register(METADATA);
    const before = (await resolve(String(clientId))).body.etag;

    const row = await server.stored(clientId);

    expect(Number(row?.last_used_at)).toBeGreaterThan(0);
    expect((await resolve(String(clientId))).body.etag).toBe(before);
    expect(await logOf(server).entries(clientId)).toHaveLength(1);
  });

  it('is an error of the API if the store cannot respond, never NOT_FOUND', async () => {
    const find = jest.spyOn(server.app.get(ClientStore), 'find');
    find.mockRejectedValueOnce(new StoreUnavailableError('for this test'));

    const { status, headers, body } = await resolve('1');

    expect(status).toBe(503);
    expect(headers.get('retry-after')).not.toBeNull();
    expect(body).toMatchObject({ resultCode: 'A001102' });
    find.mockRestore();
  });

  it.each([
    [{}],
    [{ clientId: '' }],
    [{ clientId: 'x'.repeat(2049) }],
    [{ clientId: true }],
    [{ clientId: '1', etag: 1 }],
  ])('refuses the body %.60j', async (body) => {
    const { status } = await call('POST', 'resolve', body);
    expect(status).toBe(400);
  });
});

describe('client/get', () => {
  it('returns Authlete’s Client by number or alias, with an entity tag', async () => {
    const { clientId, client, information } = await server.register(METADATA);
    await server.amend(clientId, { identifiers: { alias: 'mine' } });

    const { status, headers, body } = await get('mine');

    expect(status).toBe(200);
    expect(headers.get('etag')).toMatch(/^"[^"]+"$/);
    const expected = { ...client, clientIdAlias: 'mine', clientIdAliasEnabled: true };
    expect({ ...(body as unknown as Client), modifiedAt: 0 }).toEqual({ ...expected, modifiedAt: 0 });
    expect((body as unknown as Client).clientSecret).toBe(information.client_secret);
    expect((await get(String(clientId))).body).toEqual(body);
  });

  it('shows the secret only to a caller with the right, and logs that it was read, once', async () => {
    const { clientId, information } = await server.register(METADATA);
    const id = String(clientId);
    const viewer = await get(id, await server.callerWith('VIEW_CLIENT'));
    expect(viewer.status).toBe(200);
    expect(viewer.text).not.toContain(information.client_secret);

    const complete = await get(id);
    await get(id);

    expect(complete.text).toContain(information.client_secret);
    expect(complete.headers.get('etag')).not.toBe(viewer.headers.get('etag'));
    const reads = await logOf(server).secretReads(clientId);
    expect(reads).toMatchObject([{ subject: { type: 'client_secret', id } }]);
    expect(JSON.stringify(reads)).not.toContain(information.client_secret);
    expect(await logOf(server).problems()).toEqual([]);
  });

  it('shows no secret that is a hash or has expired, logs no read of one, and none for HEAD', async () => {
    const hashed = await withSecrets(secret('$2b$10$hash', { scheme: 'bcrypt', generated: false }));
    const expired = await withSecrets(secret('expired', { expiresAt: Date.now() - 1 }));
    const readable = await withSecrets(secret('readable'));

    for (const id of [hashed, expired]) expect((await get(id)).body).not.toHaveProperty('clientSecret');
    const head = await fetch(`${server.baseUrl}/api/${SERVICE_ID}/client/get/${readable}`, {
      method: 'HEAD',
      headers: HEADERS,
    });

    expect(head.status).toBe(200);
    const read = (await logOf(server).entries()).filter(({ action }) => action === 'client_secret.read');
    expect(read.filter(({ subject }) => [hashed, expired, readable].includes(subject.id))).toEqual([]);
  });

  it('returns 404 for an unknown or expired client, also without a client of an alias', async () => {
    const { clientId } = await server.register(METADATA);
    await server.amend(clientId, { administration: { expiresAt: Date.now() - 1 } });

    for (const identifier of [String(clientId), 'nobody', '9'.repeat(400)]) {
      const { status, body } = await get(identifier);
      expect(status).toBe(404);
      expect(body).toMatchObject({ resultCode: 'A001218' });
    }
  });

  it('shows a locked client', async () => {
    const { clientId } = await server.register(METADATA);
    await server.amend(clientId, { administration: { locked: true } });

    expect((await get(String(clientId))).body).toMatchObject({ locked: true });
  });
});

describe('client/secret/verify', () => {
  it('accepts each valid secret with its expiry, and no other', async () => {
    const expiresAt = Date.now() + HOUR;
    const id = await withSecrets(
      secret('expired', { id: 1, expiresAt: Date.now() - 1 }),
      secret('overlapping', { id: 2, expiresAt }),
      secret('chosen ü', { id: 3, generated: false }),
    );

    expect((await verify(id, 'chosen ü')).body).toEqual({ action: 'OK', expiresAt: 0 });
    expect((await verify(id, 'overlapping')).body).toEqual({ action: 'OK', expiresAt: Math.floor(expiresAt / 1000) });
    for (const wrong of ['expired', 'chosen', '', 'x'.repeat(2048)])
      expect((await verify(id, wrong)).body).toEqual({ action: 'INVALID' });
  });

  it('names an unknown and a locked client, and one without a secret', async () => {
    const { clientId } = await server.register({ ...METADATA, token_endpoint_auth_method: 'none' });
    expect((await verify('nobody', 'x')).body).toEqual({ action: 'NOT_FOUND' });
    expect((await verify(String(clientId), 'x')).body).toEqual({ action: 'INVALID' });
    await server.amend(clientId, { administration: { locked: true } });
    expect((await verify(String(clientId), 'x')).body).toEqual({ action: 'LOCKED' });
  });

  it('executes the same statements for an unknown client', async () => {
    const { clientId } = await server.register(METADATA);
    await server.amend(clientId, { identifiers: { alias: 'known' } });
    await resolve('known');
    const clients = server.app.get(ClientStore);
    const finds = [jest.spyOn(clients, 'find'), jest.spyOn(clients, 'findIdentifier')];
    const countFor = async (identifier: string) => {
      for (const find of finds) find.mockClear();
      await verify(identifier, 'x');
      return finds.map((find) => find.mock.calls.length);
    };

    expect(await countFor('unknown')).toEqual(await countFor('known'));
    expect(await countFor('123')).toEqual(await countFor(String(clientId)));
    for (const find of finds) find.mockRestore();
  });
});
