import { jest } from '@jest/globals';
import type { ClientSecretResponse, RegistrationAccessTokenResponse } from '@clientele/model/metadata';
import { ClientStore } from '../src/clients/client-store.ts';
import { currentSecret } from '../src/clients/client.ts';
import { SecretReads } from '../src/clients/secret-reads.ts';
import { SecretHashes } from '../src/crypto/secret-hash/secret-hashes.ts';
import { OverloadError } from '../src/shares/overload-error.ts';
import { hashToken } from '../src/crypto/token.ts';
import { StoreUnavailableError } from '../src/database/database.ts';
import { logOf } from './support/audit.ts';
import { registerPath } from './support/protocol.ts';
import { HEADERS, SERVICE_ID, startServer, type TestServer } from './support/server.ts';

type Body = Partial<ClientSecretResponse & RegistrationAccessTokenResponse> & {
  readonly resultMessage: string;
  readonly action?: string;
  readonly clientSecret?: string;
  readonly secrets?: readonly { sha256?: string; expiresAt: number }[];
  readonly findings?: readonly unknown[];
};

const METADATA = { client_name: 'Rotate me', redirect_uris: ['https://client.example.org/cb'] };
const CLIENT = { clientName: 'Rotate me', redirectUris: METADATA.redirect_uris };
const SECRET = 's3cr3t-Example_0001';
const BCRYPT = '$2b$04$sVqPTT.w8tymsCBkc3hQBOoSMchd0okRy0bCrih4c/HFSdmAExU9q';
const SHA256 = '3621894f8b1434b6c63b5d7fcfe160176b1299d4f60f9762a58564a0a9b5ba8d';

let server: TestServer;
/** Milliseconds by which the server's clock is ahead. */
let ahead = 0;

beforeAll(async () => {
  server = await startServer();
  const now = Date.now.bind(Date);
  jest.spyOn(Date, 'now').mockImplementation(() => now() + ahead);
});

beforeEach(() => {
  ahead = 0;
});

afterEach(() => server.configure());

afterAll(async () => {
  jest.restoreAllMocks();
  await server.close();
});

const call = async (
  method: string,
  path: string,
  body?: object | string,
  headers: Record<string, string> = HEADERS,
) => {
  const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
  const response = await server.send({
    method,
    path: `/api/${SERVICE_ID}/client/${path}`,
    headers: { ...headers, 'content-length': Buffer.byteLength(text ?? '') },
    body: text,
  });
  return { ...response, body: JSON.parse(response.text || '{}') as Body };
};
const refresh = (id: string | number, body?: object) => call('POST', `secret/refresh/${id}`, body);
const update = (id: string | number, body: object) => call('POST', `secret/update/${id}`, body);
const verify = async (id: string | number, clientSecret: string) =>
  (await call('POST', `secret/verify/${id}`, { clientSecret })).body.action;
const digestsOf = async (id: number) => (await call('POST', 'resolve', { clientId: String(id) })).body.secrets;
const put = (id: string | number, body: object) => call('PUT', String(id), { ...CLIENT, ...body });
const stored = async (id: number) => (await server.app.get(ClientStore).find(SERVICE_ID, id))!;

/** A registered client with its secret. */
const register = async (metadata: object = METADATA) => {
  const { clientId, information, token } = await server.register(metadata);
  return { id: clientId, token, secret: information.client_secret ?? '', information };
};

let created = 0;
/** A client that an administrator put with the hash of its secret. */
const imported = async (clientSecretHash: string, properties: object = {}) => {
  const identifier = `imported-${(created += 1)}`;
  const { status, text } = await put(identifier, { clientSecretHash, ...properties });
  expect({ status, text }).toMatchObject({ status: 200 });
  const { clientId } = JSON.parse(text) as { clientId: number };
  return { identifier, id: clientId };
};

describe('client/secret/refresh', () => {
  it('replaces the secret at once, by a generated one, and notes it in the log without values', async () => {
    const { id, secret } = await register();

    const { status, headers, body } = await refresh(id);

    expect(status).toBe(200);
    expect(headers['cache-control']).toBe('no-store');
    expect(body).toEqual({
      resultCode: 'A148001',
      resultMessage: `[A148001] Successfully refreshed the client secret of the client (ID = ${id}).`,
      newClientSecret: expect.stringMatching(/^[\w-]{86}$/) as string,
      oldClientSecret: secret,
      expiresAt: 0,
    });
    expect(await verify(id, secret)).toBe('INVALID');
    expect(await verify(id, body.newClientSecret!)).toBe('OK');
    expect(await digestsOf(id)).toMatchObject([{ sha256: hashToken(body.newClientSecret!), expiresAt: 0 }]);
    const entries = (await logOf(server).entries()).filter(({ subject }) => subject.id === String(id));
    expect(entries).toMatchObject([
      { action: 'client.created' },
      { action: 'client.updated', differences: [{ member: 'client_secret' }] },
      { action: 'client_secret.read' },
    ]);
    for (const value of [secret, body.newClientSecret!]) expect(JSON.stringify(entries)).not.toContain(value);
    expect(await logOf(server).problems()).toEqual([]);
  });

  it('keeps the previous secret for the overlap, also in client/resolve, and not longer', async () => {
    const { id, secret } = await register();
    const before = Math.floor(Date.now() / 1000);

    const { body } = await refresh(id, { overlap: 3600 });
    const end = body.overlapEndsAt!;

    expect(end - before).toBeGreaterThanOrEqual(3600);
    expect(end - before).toBeLessThan(3700);
    expect([await verify(id, secret), await verify(id, body.newClientSecret!)]).toEqual(['OK', 'OK']);
    expect(await digestsOf(id)).toMatchObject([
      { sha256: hashToken(body.newClientSecret!), expiresAt: 0 },
      { sha256: hashToken(secret), expiresAt: end },
    ]);

    ahead = 3_700_000;
    expect([await verify(id, secret), await verify(id, body.newClientSecret!)]).toEqual(['INVALID', 'OK']);
    expect(await digestsOf(id)).toHaveLength(1);
  });

  it('never extends the validity of a previous secret, and removes all without an overlap', async () => {
    const { id, secret } = await register();
    const first = (await refresh(id, { overlap: 60 })).body;
    const second = (await refresh(id, { overlap: 7200 })).body;

    expect(await digestsOf(id)).toMatchObject([
      { expiresAt: 0 },
      { sha256: hashToken(first.newClientSecret!), expiresAt: second.overlapEndsAt },
      { sha256: hashToken(secret), expiresAt: first.overlapEndsAt },
    ]);
    const ids = (await stored(id)).credentials.secrets.map((each) => each.id);
    expect(ids).toEqual([1, 2, 3]);

    ahead = 61_000;
    await refresh(id, { overlap: 60 });
    expect((await stored(id)).credentials.secrets.map((each) => each.id)).toEqual([2, 3, 4]);
    await refresh(id);
    expect((await stored(id)).credentials.secrets.map((each) => each.id)).toEqual([5]);
  });

  it('gives the new secret a lifetime, after which it is not valid', async () => {
    const { id } = await register();
    const { body } = await refresh(id, { lifetime: 60 });
    expect(body.expiresAt! - Date.now() / 1000).toBeGreaterThan(50);
    expect(await digestsOf(id)).toMatchObject([{ expiresAt: body.expiresAt }]);
    expect(await verify(id, body.newClientSecret!)).toBe('OK');

    ahead = 61_000;

    expect(await verify(id, body.newClientSecret!)).toBe('INVALID');
    expect(await digestsOf(id)).toEqual([]);
    expect((await call('GET', `get/${id}`)).body).not.toHaveProperty('clientSecret');
    expect((await refresh(id, { overlap: 60 })).body).toEqual({
      resultCode: 'A148001',
      resultMessage: expect.any(String) as string,
      newClientSecret: expect.any(String) as string,
      expiresAt: 0,
    });
  });

  it('has the defaults of the service, which a call can override with 0', async () => {
    const { id } = await register();
    await server.configure({ clientSecretOverlap: 100, clientSecretLifetime: 200 });

    const byDefault = (await refresh(id)).body;
    expect(byDefault.overlapEndsAt! - Date.now() / 1000).toBeGreaterThan(90);
    expect(byDefault.expiresAt! - byDefault.overlapEndsAt!).toBe(100);
    const overridden = (await refresh(id, { overlap: 0, lifetime: 0 })).body;
    expect(overridden).toMatchObject({ expiresAt: 0 });
    expect(overridden).not.toHaveProperty('overlapEndsAt');
  });

  it('accepts a GET, a form and a body that is absent or empty', async () => {
    const { id, secret } = await register();
    const byGet = await call('GET', `secret/refresh/${id}?overlap=3600&lifetime=7200`);
    expect(byGet.body).toMatchObject({ resultCode: 'A148001', oldClientSecret: secret });
    expect(byGet.body.expiresAt! - byGet.body.overlapEndsAt!).toBe(3600);
    const { authorization } = HEADERS;
    const form = { authorization, 'content-type': 'application/x-www-form-urlencoded' };
    expect((await call('POST', `secret/refresh/${id}`, 'overlap=60', form)).body).toHaveProperty('overlapEndsAt');
    for (const headers of [HEADERS, { authorization }])
      expect((await call('POST', `secret/refresh/${id}`, undefined, headers)).body.resultCode).toBe('A148001');
  });

  it('has no HEAD, which would change the secret, and names the methods that it has', async () => {
    const { id, secret } = await register();
    const { status, headers, text } = await call('HEAD', `secret/refresh/${id}`);
    expect({ status, allow: headers.allow, text }).toEqual({ status: 405, allow: 'GET, POST', text: '' });
    expect(headers['cache-control']).toBe('no-store');
    expect((await call('HEAD', `secret/refresh/${id}`, undefined, {})).status).toBe(401);
    expect(await verify(id, secret)).toBe('OK');
    expect((await call('PUT', `secret/refresh/${id}`, {})).headers.allow).toBe('GET, POST');
  });

  it('refuses values that are no seconds, and more than 10 valid secrets', async () => {
    const { id } = await register();
    for (const body of [{ overlap: -1 }, { overlap: 1.5 }, { lifetime: '1h' }, { lifetime: 315_360_001 }, []])
      expect(await refresh(id, body)).toMatchObject({ status: 400, body: { resultCode: 'A001204' } });
    for (const query of ['overlap=-1', 'overlap=1&overlap=2', 'lifetime=x', 'overlap='])
      expect(await call('GET', `secret/refresh/${id}?${query}`)).toMatchObject({ status: 400 });
    expect((await stored(id)).version).toBe(1);

    for (let i = 0; i < 9; i++) expect((await refresh(id, { overlap: 3600 })).status).toBe(200);
    const { status, body } = await refresh(id, { overlap: 3600 });
    expect({ status, code: body.resultCode }).toEqual({ status: 400, code: 'A148202' });
    expect(body.resultMessage).toContain('at most 10 valid secrets');
    expect(await digestsOf(id)).toHaveLength(10);
    expect((await refresh(id)).status).toBe(200);
  });

  it('refuses a misspelt member, which would end the previous secret at once', async () => {
    const { id, secret } = await register();

    for (const response of [
      await refresh(id, { overlapp: 60 }),
      await update(id, { clientSecret: 'a secret', overLap: 60 }),
      await call('GET', `secret/refresh/${id}?overlap%5B%5D=60`),
    ])
      expect(response).toMatchObject({ status: 400, body: { resultCode: 'A001204' } });
    expect(await verify(id, secret)).toBe('OK');
  });

  it('refuses a client that needs no secret or does not exist', async () => {
    const { id } = await register({ ...METADATA, token_endpoint_auth_method: 'none' });
    for (const { status, body } of [await refresh(id), await update(id, { clientSecret: 'a secret' })])
      expect({ status, code: body.resultCode }).toEqual({ status: 400, code: 'A149603' });
    for (const [path, body] of [
      ['secret/refresh', {}],
      ['secret/update', { clientSecret: 'x' }],
      ['registration_access_token/refresh', {}],
    ] as const)
      expect(await call('POST', `${path}/unknown`, body)).toMatchObject({
        status: 404,
        body: { resultCode: 'A001218' },
      });
  });

  it('works for a locked client, an expired client, by an alias, and when supported values have narrowed', async () => {
    const { id, identifier } = await imported(`bcrypt:${BCRYPT}`, { clientIdAlias: 'rotated-alias' });
    await server.configure({ supportedTokenAuthMethods: ['PRIVATE_KEY_JWT'] });
    await server.amend(id, { administration: { locked: true, expiresAt: 1 } });
    for (const each of [String(id), identifier, 'rotated-alias']) expect((await refresh(each)).status).toBe(200);
  });

  it('withholds the previous secret if its read cannot be logged', async () => {
    const { id } = await register();
    const permit = jest.spyOn(server.app.get(SecretReads), 'permit').mockResolvedValue(false);
    const { body } = await refresh(id);
    permit.mockRestore();
    expect(body).not.toHaveProperty('oldClientSecret');
    expect(await verify(id, body.newClientSecret!)).toBe('OK');
  });

  it('called 20 times at once succeeds each time; the last secret is valid', async () => {
    const { id } = await register();
    const all = await Promise.all(Array.from({ length: 20 }, () => refresh(id)));

    expect(all.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect((await stored(id)).version).toBe(21);
    const outcomes = await Promise.all(all.map(({ body }) => verify(id, body.newClientSecret!)));
    expect(outcomes.filter((outcome) => outcome === 'OK')).toHaveLength(1);
    // Each previous secret was returned once, so no call lost the change of another.
    expect(new Set(all.map(({ body }) => body.oldClientSecret)).size).toBe(20);
  });
});

describe('client/secret/update', () => {
  it('replaces the secret by the given one, of which there is no digest', async () => {
    const { id, secret } = await register();
    const { status, body } = await update(id, { clientSecret: 'chosen by a person', overlap: 60, lifetime: 120 });

    expect(status).toBe(200);
    expect(body).toMatchObject({
      resultCode: 'A149001',
      newClientSecret: 'chosen by a person',
      oldClientSecret: secret,
    });
    expect(body.expiresAt! - body.overlapEndsAt!).toBe(60);
    expect([await verify(id, 'chosen by a person'), await verify(id, secret)]).toEqual(['OK', 'OK']);
    const [newest] = (await digestsOf(id))!;
    expect(newest).not.toHaveProperty('sha256');
  });

  it('repeated with an overlap keeps the secret once', async () => {
    const { id, secret } = await register();
    for (let i = 0; i < 3; i++) await update(id, { clientSecret: 'the same', overlap: 60 });
    expect((await stored(id)).credentials.secrets.map(({ value }) => value)).toEqual([secret, 'the same']);
  });

  it.each(['', 'x'.repeat(256), 'é', 1, undefined])(
    'refuses %p with the code for a wrong format',
    async (clientSecret) => {
      const { id } = await register();
      const { status, body } = await update(id, { clientSecret });
      expect({ status, code: body.resultCode }).toEqual({ status: 400, code: 'A149601' });
      expect((await stored(id)).version).toBe(1);
    },
  );

  it('refuses a short secret that a symmetric algorithm uses as its key', async () => {
    const { id } = await register({ ...METADATA, id_token_signed_response_alg: 'HS256' });
    expect(await update(id, { clientSecret: 'short' })).toMatchObject({ status: 400, body: { resultCode: 'A149601' } });
    expect((await update(id, { clientSecret: 'x'.repeat(32) })).status).toBe(200);
  });
});

describe('a short secret', () => {
  it('cannot become a key by an update of the client application', async () => {
    const { id, token } = await register();
    await update(id, { clientSecret: 'short' });
    for (const change of [
      { token_endpoint_auth_method: 'client_secret_jwt' },
      { id_token_signed_response_alg: 'HS256' },
    ]) {
      const json = JSON.stringify({ ...METADATA, ...change, client_id: String(id) });
      const { body, content } = await server.call('update', { clientId: id, token, json });
      expect({ action: body.action, error: content.error }).toEqual({
        action: 'BAD_REQUEST',
        error: 'invalid_client_metadata',
      });
      expect(content.error_description).toContain('this secret has fewer than 32 characters');
    }
  });
});

describe('a secret that a registration issues', () => {
  it('has the lifetime of the service, and is replaced by the first update after it', async () => {
    await server.configure({ clientSecretLifetime: 3600 });
    const { id, token, secret, information } = await register();
    const expiresAt = information.client_secret_expires_at!;
    expect(expiresAt - information.client_id_issued_at).toBe(3600);
    const client = { clientId: id, token };
    const unchanged = (
      await server.call('update', { ...client, json: JSON.stringify({ client_id: String(id), ...METADATA }) })
    ).content;
    expect(unchanged).toMatchObject({ client_secret: secret, client_secret_expires_at: expiresAt });

    ahead = 3_700_000;
    expect((await server.call('get', client)).content).toMatchObject({ client_secret_expires_at: expiresAt });
    // The application sends what it got, also the expired secret.
    const json = JSON.stringify({ client_id: String(id), client_secret: secret, ...METADATA });
    const { body, content } = await server.call('update', { ...client, json });

    expect(body.action).toBe('UPDATED');
    expect(content.client_secret).not.toBe(secret);
    expect(content.client_secret_expires_at! - Date.now() / 1000).toBeGreaterThan(3500);
    expect([await verify(id, secret), await verify(id, content.client_secret!)]).toEqual(['INVALID', 'OK']);
    expect((await stored(id)).credentials.secrets.map((each) => each.id)).toEqual([2]);
  });

  it('stays as it is in a PUT by an administrator, although it has expired', async () => {
    const { id } = await register();
    await refresh(id, { lifetime: 60 });
    ahead = 61_000;
    const before = currentSecret(await stored(id));
    expect((await put(id, { clientName: 'Other' })).status).toBe(200);
    expect(currentSecret(await stored(id))).toEqual(before);
  });
});

describe('client/registration_access_token/refresh', () => {
  it('issues another token for both planes, and ends all previous ones', async () => {
    await server.configure({ registrationAccessTokenRotated: true, registrationAccessTokenGracePeriod: 3600 });
    const { id, token } = await register();
    const json = JSON.stringify({ client_id: String(id), ...METADATA });
    const rotated = (await server.call('update', { clientId: id, token, json })).content.registration_access_token;

    const { status, body } = await call('POST', `registration_access_token/refresh/${id}`);

    expect(status).toBe(200);
    expect(body).toEqual({
      resultCode: 'A001223',
      resultMessage: expect.stringContaining('new registration access token') as string,
      registrationAccessToken: expect.stringMatching(/^[\w-]{43}$/) as string,
      registrationClientUri: `${server.baseUrl}${registerPath(id)}`,
    });
    const reads = async (presented: string) => {
      const { headers, status } = await server.send({
        method: 'GET',
        path: registerPath(id),
        headers: { authorization: `Bearer ${presented}` },
      });
      expect(headers['cache-control']).toBe('no-store');
      return [(await server.call('get', { clientId: id, token: presented })).body.action, status];
    };
    for (const previous of [token, rotated]) expect(await reads(previous)).toEqual(['UNAUTHORIZED', 401]);
    expect(await reads(body.registrationAccessToken!)).toEqual(['OK', 200]);
    const [entry] = (await logOf(server).entries(id)).slice(-1);
    expect(entry).toMatchObject({ differences: [{ member: 'registration_access_token' }] });
    expect(JSON.stringify(entry)).not.toContain(body.registrationAccessToken);
  });

  it('keeps the secret, and accepts an empty body', async () => {
    const { id, secret } = await register();
    const { authorization } = HEADERS;
    for (const headers of [HEADERS, { authorization }])
      expect((await call('POST', `registration_access_token/refresh/${id}`, undefined, headers)).status).toBe(200);
    expect(await verify(id, secret)).toBe('OK');
  });

  it('refuses a client that an administrator created', async () => {
    const { id } = await imported(`bcrypt:${BCRYPT}`);
    const { status, body } = await call('POST', `registration_access_token/refresh/${id}`);
    expect({ status, code: body.resultCode }).toEqual({ status: 400, code: 'A215303' });
    expect((await stored(id)).version).toBe(1);
  });
});

describe('clientSecretHash', () => {
  it('is verified, then replaced by the secret with the same id and times, as a change of the caller', async () => {
    const { id } = await imported(`bcrypt:${BCRYPT}`);
    const hashed = currentSecret(await stored(id))!;
    expect(hashed).toMatchObject({ id: 1, scheme: 'bcrypt', value: BCRYPT, generated: false });
    expect((await call('GET', `get/${id}`)).body).not.toHaveProperty('clientSecret');

    expect(await verify(id, 'wrong')).toBe('INVALID');
    expect((await stored(id)).version).toBe(1);
    expect(await verify(id, SECRET)).toBe('OK');

    const { id: secretId, createdAt } = hashed;
    const upgraded = await stored(id);
    expect(upgraded.version).toBe(2);
    expect(upgraded.credentials.secrets).toEqual([{ id: secretId, value: SECRET, generated: false, createdAt }]);
    expect((await server.stored(id))!.secrets).not.toContain(SECRET);
    expect(await verify(id, SECRET)).toBe('OK');
    expect((await stored(id)).version).toBe(2);
    expect((await call('GET', `get/${id}`)).body).toMatchObject({ clientSecret: SECRET });
    const [entry] = (await logOf(server).entries(id)).filter(({ action }) => action === 'client.updated');
    expect(entry).toMatchObject({ actor: { type: 'api_access_token' }, differences: [{ member: 'client_secret' }] });
    expect(JSON.stringify(await logOf(server).entries(id))).not.toContain(SECRET);
    expect(await logOf(server).problems()).toEqual([]);
  });

  it('keeps its expiry when it is a previous secret, and is no old secret in the clear', async () => {
    const { id } = await imported(`sha256-hex:${SHA256}`);
    const { body } = await refresh(id, { overlap: 3600 });
    expect(body).not.toHaveProperty('oldClientSecret');
    const [expiresAt] = (await stored(id)).credentials.secrets.map((secret) => secret.expiresAt);

    expect(await verify(id, SECRET)).toBe('OK');
    expect((await stored(id)).credentials.secrets).toMatchObject([
      { id: 1, value: SECRET, expiresAt },
      { id: 2, value: body.newClientSecret },
    ]);
    ahead = 3_700_000;
    expect(await verify(id, SECRET)).toBe('INVALID');
  });

  it('that is verified during a rotation does not overwrite the new secret', async () => {
    const { id } = await imported(`bcrypt:${BCRYPT}`);
    const clients = server.app.get(ClientStore);
    const replace = clients.replace.bind(clients);
    const between = jest.spyOn(clients, 'replace').mockImplementationOnce(async (...parameters) => {
      await refresh(id);
      return replace(...parameters);
    });
    expect(await verify(id, SECRET)).toBe('OK');
    between.mockRestore();

    expect((await stored(id)).credentials.secrets).toMatchObject([{ id: 2, generated: true }]);
    expect(await verify(id, SECRET)).toBe('INVALID');
  });

  it('is verified although the store cannot write', async () => {
    const { id } = await imported(`bcrypt:${BCRYPT}`);
    const clients = server.app.get(ClientStore);
    const failing = jest.spyOn(clients, 'replace').mockRejectedValueOnce(new StoreUnavailableError('read-only'));
    expect(await verify(id, SECRET)).toBe('OK');
    failing.mockRestore();
    expect(currentSecret(await stored(id))?.scheme).toBe('bcrypt');
  });

  it('of a locked client is not verified', async () => {
    const { id } = await imported(`bcrypt:${BCRYPT}`);
    await server.amend(id, { administration: { locked: true } });
    expect(await verify(id, SECRET)).toBe('LOCKED');
    expect(currentSecret(await stored(id))?.scheme).toBe('bcrypt');
  });

  it('beyond the number of verifications at a time is refused with 503, never as a wrong secret', async () => {
    const { id } = await imported(`bcrypt:${BCRYPT}`);
    const busy = jest.spyOn(server.app.get(SecretHashes), 'matches').mockRejectedValue(new OverloadError());
    const refused = await call('POST', `secret/verify/${id}`, { clientSecret: SECRET });
    busy.mockRestore();
    expect(refused).toMatchObject({ status: 503, headers: { 'retry-after': '1' }, body: { resultCode: 'A001104' } });
    expect(await verify(id, SECRET)).toBe('OK');
  });

  it('is verified by 30 calls at once, and replaced once', async () => {
    const { id } = await imported(`bcrypt:${BCRYPT}`);
    const outcomes = await Promise.all(Array.from({ length: 30 }, () => verify(id, SECRET)));
    expect(outcomes).toEqual(Array(30).fill('OK'));
    expect((await stored(id)).version).toBe(2);
  });

  it('changes nothing if the client has the hash, or its secret has it', async () => {
    const { identifier, id } = await imported(`bcrypt:${BCRYPT}`);
    expect((await put(identifier, { clientSecretHash: `bcrypt:${BCRYPT}` })).status).toBe(200);
    expect((await stored(id)).version).toBe(1);
    expect(await verify(id, SECRET)).toBe('OK');
    for (const hash of [`bcrypt:${BCRYPT}`, `sha256-hex:${SHA256}`])
      expect((await put(identifier, { clientSecretHash: hash })).body).toMatchObject({ clientSecret: SECRET });
    expect((await stored(id)).version).toBe(2);
    expect((await put(identifier, { clientSecretHash: `sha256-hex:${'0'.repeat(64)}` })).status).toBe(200);
    expect((await stored(id)).credentials.secrets).toMatchObject([{ id: 2, scheme: 'sha256-hex' }]);
    expect((await put(identifier, {})).status).toBe(200);
    expect((await stored(id)).version).toBe(3);
  });

  it.each([
    [{ clientSecretHash: `bcrypt:${BCRYPT}`, clientSecret: 'x' }, 'A001204', 'exclude each other'],
    [{ clientSecretHash: 'bcrypt:$2b$15$' + 'x'.repeat(53) }, 'A149602', 'its cost must be 4 to 14, not 15'],
    [{ clientSecretHash: 'plain:secret' }, 'A149602', 'the schemes are'],
    [{ clientSecretHash: 1 }, 'A001204', 'clientSecretHash must be a string'],
    [{ clientSecretHash: `bcrypt:${BCRYPT}`, tokenAuthMethod: 'NONE' }, 'A149603', 'needs no secret'],
    [{ clientSecretHash: `bcrypt:${BCRYPT}`, idTokenSignAlg: 'HS256' }, 'A149601', 'as its key'],
    [{ clientSecretHash: `bcrypt:${BCRYPT}`, tokenAuthMethod: 'CLIENT_SECRET_JWT' }, 'A149601', 'as its key'],
  ])('%j is refused', async (properties, resultCode, message) => {
    const { status, body } = await put('refused', properties);
    expect({ status, code: body.resultCode }).toEqual({ status: 400, code: resultCode });
    expect(body.resultMessage).toContain(message);
    expect((await call('GET', 'get/refused')).status).toBe(404);
  });

  it('prevents algorithms that use the secret as their key, until the secret is known', async () => {
    const { identifier, id } = await imported(`bcrypt:${BCRYPT}`);
    const symmetric = { tokenAuthMethod: 'CLIENT_SECRET_JWT' };
    expect(await put(identifier, symmetric)).toMatchObject({ status: 400, body: { resultCode: 'A149601' } });
    expect((await stored(id)).version).toBe(1);
    expect((await put(identifier, { ...symmetric, clientSecret: 'x'.repeat(32) })).status).toBe(200);
  });

  it('is ignored by client/create, as clientSecret is', async () => {
    const { status, body } = await call('POST', 'create', { ...CLIENT, clientSecretHash: `bcrypt:${BCRYPT}` });
    expect({ status, secret: body.clientSecret }).toEqual({
      status: 200,
      secret: expect.stringMatching(/^[\w-]{86}$/) as string,
    });
  });
});

it('a service that was stored before these settings existed has no overlap and no lifetime', async () => {
  const absent = undefined as unknown as number;
  await server.configure({ clientSecretLifetime: absent, clientSecretOverlap: absent });
  const { id, information } = await register();
  expect(information.client_secret_expires_at).toBe(0);
  const { body } = await refresh(id);
  expect(body).toMatchObject({ expiresAt: 0 });
  expect(body).not.toHaveProperty('overlapEndsAt');
});
