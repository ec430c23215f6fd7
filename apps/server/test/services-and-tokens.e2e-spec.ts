import { listEntries } from '../src/audit/list.ts';
import { INSTALLATION } from '../src/changes/chains.ts';
import { Database } from '../src/database/database.ts';
import { hashToken } from '../src/crypto/token.ts';
import { SCHEMA } from '../src/schema.ts';
import { DeletedServices } from '../src/services/deleted-services.ts';
import { newService, type Service } from '../src/services/service.ts';
import { logOf, sessionOf } from './support/audit.ts';
import { matching } from './support/matchers.ts';
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
});
