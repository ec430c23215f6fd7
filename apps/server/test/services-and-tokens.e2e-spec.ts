import { jest } from '@jest/globals';
import { listEntries } from '../src/audit/list.ts';
import { INSTALLATION } from '../src/changes/chains.ts';
import { Database } from '../src/database/database.ts';
import { hashToken } from '../src/crypto/token.ts';
import { SCHEMA } from '../src/schema.ts';
import { DeletedServices } from '../src/services/deleted-services.ts';
import { newService, type Service } from '../src/services/service.ts';
import { logOf, sessionOf } from './support/audit.ts';
import { newKey } from './support/command.ts';
import { newPersistentStore } from './support/engine.ts';
import { any, matching } from './support/matchers.ts';
import { ACCESS_TOKEN, SERVICE_ID, startServer, type TestServer } from './support/server.ts';

interface Answer<Body> {
  readonly status: number;
  readonly body: Body & { readonly resultCode?: string; readonly resultMessage?: string };
  readonly headers: Headers;
}

/** The token for all services with every right. */
const OF_ADMINISTRATOR = { authorization: `Bearer ${ACCESS_TOKEN}` };

describe('services and tokens over HTTP', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startServer();
  });

  afterAll(() => server.close());

  const call = async <Body = object>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = OF_ADMINISTRATOR,
  ): Promise<Answer<Body>> => {
    const response = await fetch(`${server.baseUrl}/api/${path}`, {
      method,
      headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      body: JSON.parse(text === '' ? '{}' : text) as Answer<Body>['body'],
      headers: response.headers,
    };
  };
  const createService = async (settings: object = {}): Promise<Service> => {
    const { status, body } = await call<Service>('POST', 'service/create', settings);
    expect(status).toBe(200);
    return body;
  };
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const registerAt = (serviceId: number, headers: Record<string, string> = OF_ADMINISTRATOR) =>
    call('POST', `${serviceId}/client/registration`, { json: '{"client_name":"Mine"}' }, headers);
  const installationLog = async () => {
    await logOf(server).seal();
    return listEntries(sessionOf(server.app.get(Database)), { serviceId: INSTALLATION, limit: 100 });
  };

  it('a server creates no service at its start after the last one was deleted', async () => {
    const { environment, drop } = await newPersistentStore();
    const token = 'a-token-of-the-first-start-of-the-server';
    const settings = { ...environment, ENCRYPTION_KEY: newKey(), AUTO_MIGRATE: 'true', BOOTSTRAP_ACCESS_TOKEN: token };
    const first = await startServer(settings);
    const deleted = await first.send({
      method: 'DELETE',
      path: `/api/${SERVICE_ID}/service/delete`,
      headers: bearer(token),
    });
    await first.close();
    const second = await startServer(settings);
    const listed = await second.send({ method: 'GET', path: '/api/service/get/list', headers: bearer(token) });
    await second.close();
    await drop();

    expect(deleted.status).toBe(204);
    expect(JSON.parse(listed.text)).toMatchObject({ totalCount: 0, services: [] });
  });

  describe('service/create', () => {
    it('returns the service with its ID, the given settings and otherwise the defaults of an update', async () => {
      const { apiKey, number, createdAt, ...created } = await createService({ serviceName: 'Mine', jwks: null });
      const { status, body, headers } = await call<Service>('GET', `${apiKey}/service/get`);
      const again = await call<Service>('POST', `${apiKey}/service/update`, { serviceName: 'Mine' });

      expect(String(apiKey)).toMatch(/^\d{10}$/);
      expect(number).toBeGreaterThan(1);
      expect(status).toBe(200);
      expect(body).toEqual({ ...created, apiKey, number, createdAt });
      expect(created).toMatchObject({
        serviceName: 'Mine',
        dynamicRegistrationSupported: false,
        modifiedAt: createdAt,
      });
      // An update without a difference changes nothing.
      expect(again.headers.get('etag')).toBe(headers.get('etag'));
    });

    it.each([
      [{ serviceNane: 'x' }, 'serviceName'],
      [{ serviceName: '' }, 'serviceName'],
      [{ federationEnabled: true }, 'federationEnabled'],
    ])('refuses %j, naming the setting, and creates nothing', async (settings, name) => {
      const before = await call<{ totalCount: number }>('GET', 'service/get/list');
      const { status, body } = await call('POST', 'service/create', settings);
      const after = await call<{ totalCount: number }>('GET', 'service/get/list');

      expect([status, body.resultCode]).toEqual([400, 'A001204']);
      expect(body.resultMessage).toContain(name);
      expect(after.body.totalCount).toBe(before.body.totalCount);
    });
  });

  it('service/jwks/get returns an empty JWK Set, because a service has no keys', async () => {
    const { status, body } = await call('GET', `${SERVICE_ID}/service/jwks/get?includePrivateKeys=true&pretty=true`);
    const wrong = await call('GET', `${SERVICE_ID}/service/jwks/get?pretty=x`);

    expect([status, body]).toEqual([200, { keys: [] }]);
    expect([wrong.status, wrong.body.resultMessage]).toEqual([400, matching(/pretty must be true or false/)]);
  });

  describe('service/delete', () => {
    it('makes a service and its tokens unusable at once, and then deletes its rows', async () => {
      const { apiKey } = await createService({ dynamicRegistrationSupported: true });
      const token = 'of-the-deleted-service';
      await server.addService(newService(apiKey + 1, 9, Date.now()), {
        tokenHash: hashToken(token),
        serviceId: apiKey,
        accessRights: ['ADMIN'],
      });
      expect((await registerAt(apiKey, bearer(token))).body).toMatchObject({ action: 'CREATED' });

      const wrong = await call('DELETE', `${apiKey}/service/delete`, undefined, {
        ...OF_ADMINISTRATOR,
        'if-match': '"old"',
      });
      const deleted = await call('DELETE', `${apiKey}/service/delete`, undefined, bearer(token));

      expect([wrong.status, deleted.status]).toEqual([412, 204]);
      expect((await registerAt(apiKey, bearer(token))).body.resultCode).toBe('A172101');
      expect((await call('GET', 'service/get/list', undefined, bearer(token))).status).toBe(401);
      expect((await registerAt(apiKey)).body.resultCode).toBe('A003201');
      expect((await fetch(`${server.baseUrl}/connect/${apiKey}/register`, { method: 'POST' })).status).toBe(404);
      expect(await logOf(server).problems()).toEqual([]);
      expect((await installationLog()).at(-1)).toMatchObject({
        action: 'service.deleted',
        subject: { type: 'service', id: String(apiKey) },
        actor: { type: 'api_access_token' },
      });

      await server.app.get(DeletedServices).sweep(Date.now() + 60_000);

      const database = server.app.get(Database);
      for (const { name } of SCHEMA.tables.filter(({ columns }) => 'service_id' in columns)) {
        const sql = `SELECT 1 FROM ${name} WHERE service_id = $1`;
        expect({ name, rows: await database.read({ sql, values: [apiKey] }) }).toEqual({ name, rows: [] });
      }
      // The new service has another key for its log.
      const again = { tokenHash: hashToken(`${token} again`), serviceId: apiKey, accessRights: ['ADMIN'] } as const;
      await server.addService(newService(apiKey, 9, Date.now()), again);
      expect((await registerAt(apiKey)).body).toMatchObject({ action: 'CREATED' });
      await logOf(server).seal();
      expect(await logOf(server).problems()).toEqual([]);
      expect(await database.read({ sql: 'SELECT 1 FROM audit_pending', values: [] })).toEqual([]);
    });
  });

  describe('api_access_token', () => {
    interface Token {
      readonly id: string;
      readonly apiAccessToken: string;
      readonly expiresAt?: number;
      readonly lastUsedAt?: number;
    }
    const OWN = `${SERVICE_ID}/api_access_token`;
    const OF_ALL = 'api_access_token';
    const create = async (path: string, grant: object = {}, headers?: Record<string, string>): Promise<Token> => {
      const { status, body } = await call<Token>(
        'POST',
        `${path}/create`,
        { accessRights: ['ADMIN'], ...grant },
        headers,
      );
      expect(status).toBe(201);
      return body;
    };
    const list = async (path: string, token?: string): Promise<readonly Token[]> => {
      const headers = token === undefined ? undefined : bearer(token);
      return (await call<{ apiAccessTokens: Token[] }>('GET', `${path}/get/list`, undefined, headers)).body
        .apiAccessTokens;
    };
    const idsOf = (tokens: readonly Token[]) => tokens.map(({ id }) => id);
    const tokenIdOfAdministrator = async () => (await list(OF_ALL))[0]?.id;

    it.each([
      [OWN, { serviceId: SERVICE_ID }],
      [OF_ALL, {}],
    ])('%s/create shows the value once, and the list shows the rest with the last use', async (path, scope) => {
      const label = 'Build ü';
      const token = await create(path, { accessRights: ['VIEW_CLIENT', 'VIEW_SERVICE'], label, expiresIn: 60 });
      const { apiAccessToken, ...shown } = token;
      const before = (await list(path)).find(({ id }) => id === token.id);
      const used = await call('GET', `${SERVICE_ID}/service/get`, undefined, bearer(apiAccessToken));
      const after = (await list(path)).find(({ id }) => id === token.id);
      const self = await call('GET', `${OF_ALL}/get/self`, undefined, bearer(apiAccessToken));

      expect(token).toEqual({
        id: matching(/^[0-9a-f]{12}$/),
        ...scope,
        accessRights: ['VIEW_SERVICE', 'VIEW_CLIENT'],
        label,
        createdAt: any(Number),
        createdBy: { type: 'api_access_token', id: await tokenIdOfAdministrator() },
        expiresAt: (shown as unknown as { createdAt: number }).createdAt + 60_000,
        apiAccessToken: matching(/^[\w-]{43}$/),
      });
      expect(before).toEqual(shown);
      expect(used.status).toBe(200);
      expect(after).toEqual({ ...shown, lastUsedAt: any(Number) });
      expect(self.body).toEqual(shown);
    });

    it.each([
      [{ accessRights: undefined }, 'accessRights'],
      [{ accessRights: [] }, 'accessRights'],
      [{ accessRights: 'ADMIN' }, 'accessRights'],
      [{ accessRights: ['ADMIN', 'ADMIN'] }, 'accessRights'],
      [{ accessRights: ['admin'] }, 'accessRights'],
      [{ label: 'x'.repeat(101) }, 'label'],
      [{ label: 'a\0b' }, 'label'],
      [{ expiresIn: 0 }, 'expiresIn'],
      [{ expiresIn: 315_360_001 }, 'expiresIn'],
      [{ expires: 60 }, 'expires'],
      [{ serviceId: SERVICE_ID + 1 }, 'serviceId'],
    ])('create with %j returns 400, names the member and creates nothing', async (grant, name) => {
      const before = await list(OWN);
      const { status, body } = await call('POST', `${OWN}/create`, { accessRights: ['ADMIN'], ...grant });

      expect([status, body.resultCode]).toEqual([400, 'A001204']);
      expect(body.resultMessage).toContain(name);
      expect(idsOf(await list(OWN))).toEqual(idsOf(before));
    });

    it('a token of a service sees, creates and deletes none of another service and none for all services', async () => {
      const { apiKey } = await createService();
      const own = await create(OWN);
      const others = [
        [`${apiKey}/api_access_token`, await create(`${apiKey}/api_access_token`)],
        [OF_ALL, await create(OF_ALL)],
      ] as const;

      expect(idsOf(await list(OWN, own.apiAccessToken))).toContain(own.id);
      for (const [path, { id }] of others) {
        const headers = bearer(own.apiAccessToken);
        const refused = [
          await call('GET', `${path}/get/list`, undefined, headers),
          await call('POST', `${path}/create`, { accessRights: ['VIEW_CLIENT'] }, headers),
          await call('DELETE', `${path}/delete/${id}`, undefined, headers),
        ];
        const foreign = await call('DELETE', `${OWN}/delete/${id}`, undefined, headers);
        expect(refused.map(({ status }) => status)).toEqual([403, 403, 403]);
        expect([foreign.status, foreign.body.resultCode]).toEqual([404, 'A172102']);
        expect(idsOf(await list(path))).toContain(id);
        expect(idsOf(await list(OWN, own.apiAccessToken))).not.toContain(id);
      }
    });

    it('a token that expires creates no token that is valid longer', async () => {
      const { apiAccessToken, expiresAt } = await create(OWN, { expiresIn: 600 });
      for (const expiresIn of [undefined, 601]) {
        const grant = { accessRights: ['VIEW_CLIENT'], expiresIn };
        const { status, body } = await call('POST', `${OWN}/create`, grant, bearer(apiAccessToken));
        expect([status, body.resultMessage]).toEqual([400, matching(/expiresIn: .* at most \d+ seconds/)]);
      }

      const child = await create(OWN, { expiresIn: 60 }, bearer(apiAccessToken));
      expect(child.expiresAt).toBeLessThanOrEqual(expiresAt ?? 0);
    });

    it('a deleted or expired token is refused from the next call, and the log has each change', async () => {
      const [deleted, expired] = [await create(OWN, { label: 'Mine' }), await create(OWN, { expiresIn: 60 })];
      const status = async ({ apiAccessToken }: Token) =>
        (await call('GET', `${OWN}/get/list`, undefined, bearer(apiAccessToken))).status;
      expect([await status(deleted), await status(expired)]).toEqual([200, 200]);

      expect((await call('DELETE', `${OWN}/delete/${deleted.id}`)).status).toBe(204);
      const afterDeletion = [await status(deleted), await status(expired)];
      const clock = jest.spyOn(Date, 'now').mockReturnValue(expired.expiresAt ?? 0);
      const afterExpiry = await status(expired);
      clock.mockRestore();

      expect([...afterDeletion, afterExpiry]).toEqual([401, 200, 401]);
      expect((await call('DELETE', `${OWN}/delete/${deleted.id}`)).body.resultCode).toBe('A172102');
      const changes = (await logOf(server).entries()).filter(({ subject }) => subject.id === deleted.id);
      expect(changes.map(({ action, differences }) => [action, differences])).toEqual([
        [
          'api_access_token.created',
          [
            { member: 'accessRights', after: ['ADMIN'] },
            { member: 'label', after: 'Mine' },
          ],
        ],
        [
          'api_access_token.deleted',
          [
            { member: 'accessRights', before: ['ADMIN'] },
            { member: 'label', before: 'Mine' },
          ],
        ],
      ]);
    });
  });
});
