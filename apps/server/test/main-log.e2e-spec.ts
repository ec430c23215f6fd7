import { createServer, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { hashToken } from '../src/crypto/token.ts';
import { send, type RawRequest } from './support/http.ts';
import { MINIMAL } from './support/protocol.ts';
import { ServerProcess } from './support/server-process.ts';
import { openConnection } from './support/sockets.ts';

const SERVICE_ID = 986126671;
const ACCESS_TOKEN = 'an-api-access-token-for-log-lines';
const ACTOR = `api_access_token ${Buffer.from(hashToken(ACCESS_TOKEN), 'base64url').toString('hex').slice(0, 12)}`;
const HEADERS = { authorization: `Bearer ${ACCESS_TOKEN}`, 'content-type': 'application/json' };
const REGISTRATION = `/api/${SERVICE_ID}/client/registration`;
const CONNECT = `/connect/${SERVICE_ID}/register`;

type Line = Readonly<Record<string, unknown>>;

describe('the log has one line for each request', () => {
  let server: ServerProcess;
  let baseUrl: string;

  beforeAll(async () => {
    server = new ServerProcess({
      DATABASE_URL: 'sqlite::memory:',
      BOOTSTRAP_SERVICE_ID: String(SERVICE_ID),
      BOOTSTRAP_ACCESS_TOKEN: ACCESS_TOKEN,
      TRUSTED_PROXIES: '127.0.0.1',
      ALLOW_LOOPBACK_FETCH: 'true',
      OPEN_REGISTRATIONS_PER_DAY: '1',
    });
    baseUrl = await server.listening();
  });

  afterAll(() => server.stop());

  const lines = (): Line[] =>
    server.stdout
      .split('\n')
      .filter((line) => line.includes('"msg":"request completed"'))
      .map((line) => JSON.parse(line) as Line);

  /** The lines of a request; waits for the first one. */
  const linesOf = async (requestId: string): Promise<readonly Line[]> => {
    const found = () => lines().filter(({ reqId }) => reqId === requestId);
    while (found().length === 0) await setImmediate();
    return found();
  };

  let requests = 0;
  /** The only line of a request, without the fields of every line. */
  const lineOf = async (request: RawRequest): Promise<Line> => {
    const requestId = `request-${(requests += 1)}`;
    await send(baseUrl, { ...request, headers: { ...request.headers, 'x-request-id': requestId } });
    return fieldsOf(await linesOf(requestId));
  };
  const fieldsOf = ([line, ...others]: readonly Line[]): Line => {
    expect(others).toEqual([]);
    const { level, time, pid, hostname, reqId, msg, ms, ...fields } = line ?? {};
    expect([level, typeof time, typeof pid, typeof hostname, typeof reqId, msg, typeof ms]).toEqual([
      30,
      'number',
      'number',
      'string',
      'string',
      'request completed',
      'number',
    ]);
    return fields;
  };

  const register = async (): Promise<{ clientId: number; token: string }> => {
    const { text } = await send(baseUrl, { path: REGISTRATION, headers: HEADERS, body: '{"json":"{}"}' });
    const { client, responseContent } = JSON.parse(text) as { client: { clientId: number }; responseContent: string };
    const { registration_access_token: token } = JSON.parse(responseContent) as { registration_access_token: string };
    return { clientId: client.clientId, token };
  };

  it('of the API plane, with the service, the client, the caller and the result', async () => {
    const { clientId, token } = await register();
    const common = { method: 'POST', status: 200, address: '127.0.0.1', serviceId: SERVICE_ID, actor: ACTOR };
    const route = '/api/:serviceId/client/registration';

    expect(await lineOf({ path: REGISTRATION, headers: HEADERS, body: '{"json":"{}"}' })).toEqual({
      ...common,
      route,
      clientId: expect.any(Number) as unknown,
      resultCode: 'A202001',
      action: 'CREATED',
    });
    const get = (presented: string): RawRequest => ({
      path: `${REGISTRATION}/get`,
      headers: HEADERS,
      body: JSON.stringify({ clientId, token: presented }),
    });
    const read = { ...common, route: `${route}/get`, clientId };
    expect(await lineOf(get(token))).toEqual({ ...read, resultCode: 'A217001', action: 'OK' });
    expect(await lineOf(get('wrong'))).toEqual({ ...read, resultCode: 'A215307', action: 'UNAUTHORIZED' });
    expect(await lineOf({ path: `${REGISTRATION}/get` })).toEqual({
      method: 'POST',
      route: `${route}/get`,
      status: 401,
      address: '127.0.0.1',
      serviceId: SERVICE_ID,
      resultCode: 'A001202',
    });
  });

  it('of the protocol plane, with the error of the client application and its address', async () => {
    const { clientId, token } = await register();
    const forwarded = { 'x-forwarded-for': '192.0.2.1:40001', 'content-type': 'application/json' };
    const common = { address: '192.0.2.1', serviceId: SERVICE_ID };
    const route = '/connect/:serviceId/register';

    expect(await lineOf({ path: CONNECT, headers: forwarded, body: JSON.stringify(MINIMAL) })).toEqual({
      ...common,
      method: 'POST',
      route,
      status: 201,
      actor: 'client',
      clientId: expect.any(Number) as unknown,
    });
    expect(await lineOf({ path: CONNECT, headers: forwarded, body: JSON.stringify(MINIMAL) })).toEqual({
      ...common,
      method: 'POST',
      route,
      status: 429,
      error: 'temporarily_unavailable',
      resultCode: 'A001105',
    });
    expect(await lineOf({ path: CONNECT, headers: forwarded, body: '{"client_name":1}' })).toEqual({
      ...common,
      method: 'POST',
      route,
      status: 400,
      error: 'invalid_client_metadata',
      resultCode: 'A204308',
    });
    const ofClient = { ...common, method: 'DELETE', route: `${route}/:clientId`, clientId };
    const remove = (presented: string): RawRequest => ({
      method: 'DELETE',
      path: `${CONNECT}/${clientId}`,
      headers: { ...forwarded, authorization: `Bearer ${presented}` },
    });
    expect(await lineOf(remove('wrong'))).toMatchObject({ ...ofClient, status: 401, error: 'invalid_token' });
    expect(await lineOf(remove(token))).toEqual({ ...ofClient, status: 204, actor: 'client' });
  });

  it('without a route, with the known segments of its path', async () => {
    const line = (path: string) => lineOf({ method: 'GET', path });
    const common = { method: 'GET', status: 404, address: '127.0.0.1' };

    expect(await line(`/api/${SERVICE_ID}/client/list/a-secret?token=a-secret`)).toEqual({
      ...common,
      path: `/api/${SERVICE_ID}/client/list/*`,
      resultCode: 'A001205',
    });
    expect(await line('/a-secret')).toEqual({ ...common, path: '/*', resultCode: 'A001205' });
    expect(await line('/connect/a-secret')).toEqual({ ...common, path: '/connect/*', error: 'invalid_request' });
    expect(await line('/%zz')).toEqual({ ...common, path: '*' });
    expect(server.stdout).not.toContain('a-secret');
  });

  it('not of health and metrics', async () => {
    for (const path of ['/health/live', '/metrics'])
      await send(baseUrl, { method: 'GET', path, headers: { 'x-request-id': 'of-monitoring' } });
    await lineOf({ method: 'GET', path: '/' });

    expect(server.stdout).not.toContain('of-monitoring');
  });

  describe('of a caller that has gone', () => {
    let documents: Server;
    let jwksUri: string;

    beforeAll(async () => {
      documents = createServer();
      await new Promise<void>((resolve) => documents.listen(0, '127.0.0.1', resolve));
      jwksUri = `http://127.0.0.1:${(documents.address() as AddressInfo).port}/`;
    });

    afterAll(() => new Promise((resolve) => documents.close(resolve)));

    const request = (requestId: string, body: string, length = body.length) =>
      openConnection(
        baseUrl,
        `POST ${CONNECT} HTTP/1.1\r\nHost: x\r\nX-Request-Id: ${requestId}\r\n` +
          `Content-Type: application/json\r\nContent-Length: ${length}\r\n\r\n${body}`,
      );

    it('before its body has arrived, without a status', async () => {
      const socket = await request('without-a-body', '{', 100);
      await lineOf({ method: 'GET', path: '/' });
      socket.resetAndDestroy();

      expect(fieldsOf(await linesOf('without-a-body'))).toEqual({
        method: 'POST',
        route: '/connect/:serviceId/register',
        aborted: true,
        address: '127.0.0.1',
        serviceId: SERVICE_ID,
      });
    });

    it('while the server works, with the result', async () => {
      // The server fetches the keys of the issuer.
      const issuer = { issuer: 'https://issuer.example.org', jwksUri, algorithms: ['RS256'] };
      const { text } = await send(baseUrl, { method: 'GET', path: `/api/${SERVICE_ID}/service/get`, headers: HEADERS });
      const settings = JSON.stringify({ ...(JSON.parse(text) as object), softwareStatementIssuers: [issuer] });
      await send(baseUrl, { path: `/api/${SERVICE_ID}/service/update`, headers: HEADERS, body: settings });
      const parts = [{ alg: 'RS256', kid: 'k' }, { iss: issuer.issuer }].map((part) =>
        Buffer.from(JSON.stringify(part)).toString('base64url'),
      );
      const body = JSON.stringify({ ...MINIMAL, software_statement: [...parts, 'c2lnbmF0dXJl'].join('.') });
      const socket = await request('with-a-result', body);
      const [, document] = (await once(documents, 'request')) as [unknown, ServerResponse];
      socket.resetAndDestroy();
      await lineOf({ method: 'GET', path: '/' });
      expect(lines().some(({ reqId }) => reqId === 'with-a-result')).toBe(false);
      document.setHeader('content-type', 'application/json').end('{"keys":[]}');

      expect(fieldsOf(await linesOf('with-a-result'))).toEqual({
        method: 'POST',
        route: '/connect/:serviceId/register',
        status: 400,
        aborted: true,
        address: '127.0.0.1',
        serviceId: SERVICE_ID,
        resultCode: 'A205306',
        error: 'invalid_software_statement',
      });
    });
  });
});
