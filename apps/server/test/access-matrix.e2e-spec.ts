import { ACCESS_RIGHTS, allows, type AccessRight } from '../src/access/access-right.ts';
import { ApiAccessTokenStore } from '../src/access/api-access-token-store.ts';
import { SYSTEM } from '../src/changes/change.ts';
import { hashToken } from '../src/crypto/token.ts';
import { HEALTHCHECK_PATH } from '../src/http/paths.ts';
import { Routes, type AddedRoute } from '../src/http/routes.ts';
import { everythingService } from './support/everything-service.ts';
import { ServiceStore } from '../src/services/service-store.ts';
import { ACCESS_TOKEN, SERVICE_ID, startServer, type TestServer } from './support/server.ts';

const OTHER_SERVICE = SERVICE_ID + 1;

/** The headers of a caller, except `Authorization`. A deletion ignores the body; no version has this tag. */
const OTHER_HEADERS = { 'content-type': 'application/json', 'if-match': '"none"' };

/** Every route of the API with every kind of credential. New routes and rights are covered without a change here. */
describe('access to the API', () => {
  let server: TestServer;
  let routes: readonly AddedRoute[];
  const callers = new Map<AccessRight, Record<string, string>>();

  beforeAll(async () => {
    server = await startServer();
    routes = server.app.get(Routes).all.filter(({ path }) => path.startsWith('/api') && path !== HEALTHCHECK_PATH);
    for (const right of ACCESS_RIGHTS) callers.set(right, await server.callerWith(right));
  });

  afterAll(() => server.close());

  const nameOf = ({ method, path }: AddedRoute) => `${method} ${path}`;

  /** Whether a token for one service with this right alone may call a route. */
  const grants = (right: AccessRight, { description }: AddedRoute) =>
    description?.forAnyToken === true ||
    (description?.forAllServices !== true && allows([right], description?.right as AccessRight));

  /** The path of a route, for the service and for something that does not exist. */
  const pathOf = ({ path }: AddedRoute, serviceId: number | string = SERVICE_ID) =>
    path.replace(':serviceId', String(serviceId)).replace(/:\w+/g, '1');

  /** Calls a route with a body that no route accepts, and a condition that never holds, so that the call changes nothing. */
  const call = async (
    route: AddedRoute,
    headers: Record<string, string>,
    path = pathOf(route),
  ): Promise<{ status: number; challenge: string | undefined; resultCode?: string; resultMessage?: string }> => {
    const withBody = !['GET', 'HEAD'].includes(route.method);
    const response = await server.send({
      method: route.method,
      path,
      headers: withBody ? { ...OTHER_HEADERS, 'content-length': 2, ...headers } : headers,
      body: withBody ? '[]' : undefined,
    });
    return {
      status: response.status,
      challenge: response.headers['www-authenticate'],
      ...(JSON.parse(response.text || '{}') as object),
    };
  };

  /** The outcome of a call with each route. */
  const callAll = async (headers: Record<string, string>, serviceId?: number) =>
    Promise.all(
      routes.map(async (route) => ({
        route: nameOf(route),
        ...(await call(route, headers, pathOf(route, serviceId))),
      })),
    );

  it('needs an API access token and a right that exists, on every route but the health check', () => {
    expect(routes.length).toBeGreaterThan(15);
    for (const route of routes) {
      expect({ route: nameOf(route), security: route.description?.security }).toEqual({
        route: nameOf(route),
        security: 'apiAccessToken',
      });
      if (route.description?.forAnyToken) {
        expect(nameOf(route)).toMatch(/^(GET|HEAD) \/api\/api_access_token\/get\/self$/);
        continue;
      }
      expect(ACCESS_RIGHTS).toContain(route.description?.right);
      if (!route.description?.forAllServices) expect(route.path).toMatch(/^\/api\/(:serviceId|service\/get\/list$)/);
    }
  });

  it.each(ACCESS_RIGHTS)('with %s is granted exactly where the right is required or included', async (right) => {
    for (const route of routes) {
      const required = route.description?.right as AccessRight;
      const { status, resultCode, resultMessage, challenge } = await call(route, callers.get(right)!);
      const outcome = { route: nameOf(route), granted: status !== 401 && status !== 403 };
      const forAllServices = route.description?.forAllServices === true;
      expect(outcome).toEqual({ route: nameOf(route), granted: grants(right, route) });
      if (outcome.granted) continue;
      expect(status).toBe(403);
      expect(challenge).toBe('Bearer realm="Clientele", error="insufficient_scope"');
      if (route.method === 'HEAD') continue;
      expect(resultCode).toBe(forAllServices ? 'A457102' : 'A457101');
      expect(resultMessage).toMatch(new RegExp(`\\b${required}\\b`));
    }
  });

  it.each([
    ['no', undefined, 'A001202', 'Bearer realm="Clientele"'],
    ['an empty', '', 'A001203', 'Bearer realm="Clientele"'],
    ['no token in the', 'Bearer', 'A001203', 'Bearer realm="Clientele", error="invalid_token"'],
    ['a malformed', 'Bearer "x"', 'A001203', 'Bearer realm="Clientele", error="invalid_token"'],
    [
      'two tokens in the',
      `Bearer ${ACCESS_TOKEN} ${ACCESS_TOKEN}`,
      'A001203',
      'Bearer realm="Clientele", error="invalid_token"',
    ],
    ['the token under another scheme in the', `Basic ${ACCESS_TOKEN}`, 'A001203', 'Bearer realm="Clientele"'],
    ['an unknown token in the', 'Bearer unknown', 'A172101', 'Bearer realm="Clientele", error="invalid_token"'],
    ['a longer token in the', `Bearer ${ACCESS_TOKEN}x`, 'A172101', 'Bearer realm="Clientele", error="invalid_token"'],
    [
      'the hash of the token in the',
      `Bearer ${hashToken(ACCESS_TOKEN)}`,
      'A172101',
      'Bearer realm="Clientele", error="invalid_token"',
    ],
  ])('with %s Authorization header is refused with 401', async (_what, authorization, resultCode, challenge) => {
    for (const outcome of await callAll(authorization === undefined ? {} : { authorization })) {
      const { route } = outcome;
      if (route.startsWith('HEAD')) expect(outcome).toEqual({ route, status: 401, challenge });
      else expect(outcome).toMatchObject({ route, status: 401, challenge, resultCode });
    }
  });

  it('with a token of another service is refused with 403, and the other way round', async () => {
    const token = 'a-token-of-another-service';
    await server.addService(everythingService(OTHER_SERVICE, 2, Date.now()), {
      tokenHash: hashToken(token),
      serviceId: OTHER_SERVICE,
      accessRights: ['ADMIN'],
    });
    const ofOther = { authorization: `Bearer ${token}` };

    const atService = ({ route }: { route: string }) => route.includes(':serviceId');
    for (const { route, status } of (await callAll(ofOther)).filter(atService))
      expect({ route, status }).toEqual({ route, status: 403 });
    for (const { route, status } of (await callAll(callers.get('ADMIN')!, OTHER_SERVICE)).filter(atService))
      expect({ route, status }).toEqual({ route, status: 403 });
    for (const { route, status } of (await callAll(ofOther, OTHER_SERVICE)).filter(atService))
      expect({ route, granted: status !== 401 && status !== 403 }).toEqual({ route, granted: true });
    for (const { route, status } of await callAll({ authorization: `Bearer ${ACCESS_TOKEN}` }))
      expect({ route, granted: status !== 401 && status !== 403 }).toEqual({ route, granted: true });
  });

  it.each([0, -1, 1.5, '1e9', `0${SERVICE_ID}`, `${SERVICE_ID}%00`, 'x', '..'])(
    'with a token of one service is refused at the service %s',
    async (serviceId) => {
      const admin = callers.get('ADMIN')!;
      for (const route of routes.filter(({ path }) => path.includes(':serviceId'))) {
        const { status } = await call(route, admin, pathOf(route, serviceId));
        expect([403, 404]).toContain(status);
      }
    },
  );

  it('with a revoked token is refused with 401 from the next call', async () => {
    const headers = await server.callerWith('ADMIN');
    for (const { status } of await callAll(headers)) expect(status).not.toBe(401);
    const tokens = server.app.get(ApiAccessTokenStore);
    const hash = hashToken(headers.authorization!.replace('Bearer ', ''));
    const token = await tokens.find(await server.app.get(ServiceStore).snapshot(), hash);
    await tokens.delete(token!, SYSTEM);

    for (const { route, status } of await callAll(headers)) expect({ route, status }).toEqual({ route, status: 401 });
  });

  describe('by another spelling of the path', () => {
    /** Every character of a text, percent-encoded. */
    const encoded = (text: string) =>
      Array.from(Buffer.from(text), (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');

    const SPELLINGS: [name: string, spell: (path: string) => string][] = [
      ['with encoded characters', (path) => path.split('/').map(encoded).join('/')],
      ['with the service encoded', (path) => path.replace(String(SERVICE_ID), encoded(String(SERVICE_ID)))],
      ['with api encoded', (path) => path.replace('/api/', '/%61pi/')],
      ['with encoded slashes', (path) => `/api/${path.slice('/api/'.length).replaceAll('/', '%2F')}`],
      ['with the last slash encoded', (path) => path.replace(/\/([^/]*)$/, '%2f$1')],
      ['with the first slash encoded', (path) => path.replace('/api/', '/api%2F')],
      ['with double encoding', (path) => path.replace('/api/', '/%2561pi/')],
      ['in upper case', (path) => path.toUpperCase()],
      ['with a slash at the end', (path) => `${path}/`],
      ['with two slashes', (path) => path.replaceAll('/', '//')],
      ['with dot segments', (path) => path.replace('/api/', '/connect/../api/')],
      ['with encoded dot segments', (path) => path.replace('/api/', '/api/%2e/')],
      ['with a path parameter', (path) => `${path};x=y`],
      ['with a query', (path) => `${path}?access_token=${ACCESS_TOKEN}`],
      ['in absolute form', (path) => `http://other.example.com${path}`],
      ['behind the path of the health check', (path) => `${HEALTHCHECK_PATH}/../../${path.slice('/api/'.length)}`],
      ['as an encoded query of the health check', (path) => `${HEALTHCHECK_PATH}%3F/../..${path}`],
    ];

    it.each(SPELLINGS)('%s, no call passes without a credential or its right', async (_name, spell) => {
      const weak: AccessRight = 'DELETE_SERVICE';
      for (const route of routes) {
        const path = spell(pathOf(route));
        const anonymous = await call(route, {}, path);
        const limited = await call(route, callers.get(weak)!, path);
        expect({ path, refused: [401, 404, 405].includes(anonymous.status) }).toEqual({ path, refused: true });
        if (!grants(weak, route))
          expect({ path, refused: [403, 404, 405].includes(limited.status) }).toEqual({ path, refused: true });
      }
    });
  });
});
