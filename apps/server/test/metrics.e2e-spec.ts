import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { Sealer } from '../src/changes/sealer.ts';
import { Database, StoreUnavailableError } from '../src/database/database.ts';
import { Metrics } from '../src/observability/metrics.ts';
import { MINIMAL, protocolOf, registerPath } from './support/protocol.ts';
import { HEADERS, pathOf, SERVICE_ID, startServer, type TestServer } from './support/server.ts';
import { openConnection } from './support/sockets.ts';

describe('GET /metrics', () => {
  let server: TestServer;

  beforeEach(async () => {
    server = await startServer({ ALLOW_LOOPBACK_FETCH: 'true' });
  });

  afterEach(() => server.close());

  const text = async () => (await fetch(`${server.baseUrl}/metrics`)).text();
  /** The lines of one metric, without its HELP and TYPE lines. */
  const lines = async (name: string) => (await text()).split('\n').filter((line) => line.startsWith(`${name}{`));
  const value = async (name: string, labels = '') =>
    Number(new RegExp(`^${name}${labels.replace(/[{}]/g, '\\$&')} (\\S+)$`, 'm').exec(await text())?.[1] ?? Number.NaN);

  it('returns the text format of Prometheus', async () => {
    const response = await fetch(`${server.baseUrl}/metrics`);

    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await response.text()).toMatch(/^# HELP clientele_http_requests_total .+\n# TYPE \S+ counter\n/m);
  });

  it('counts requests by route, status and result code', async () => {
    const registered = await server.register();
    await server.get(registered);
    await server.call('get', { ...registered, token: 'wrong' });
    await server.call('get', '{', { 'content-type': 'application/json' });
    await server.send({ headers: {} });

    const route = '/api/:serviceId/client/registration';
    expect(await lines('clientele_http_requests_total')).toEqual(
      expect.arrayContaining([
        `clientele_http_requests_total{method="POST",route="${route}",status="200",code="A202001"} 1`,
        `clientele_http_requests_total{method="POST",route="${route}/get",status="200",code="A217001"} 1`,
        `clientele_http_requests_total{method="POST",route="${route}/get",status="200",code="A215307"} 1`,
        `clientele_http_requests_total{method="POST",route="${route}/get",status="400",code="A001204"} 1`,
        `clientele_http_requests_total{method="POST",route="${route}",status="401",code="A001202"} 1`,
      ]),
    );
    expect(await value('clientele_http_request_duration_seconds_count', `{method="POST",route="${route}/get"}`)).toBe(
      3,
    );
  });

  it('counts requests of the protocol plane by their OAuth error', async () => {
    const protocol = protocolOf(server);
    await protocol.register({ ...MINIMAL, client_name: 'x' });
    await protocol.register({ redirect_uris: ['javascript:alert(1)'] });

    expect(await lines('clientele_http_requests_total')).toEqual(
      expect.arrayContaining([
        'clientele_http_requests_total{method="POST",route="/connect/:serviceId/register",status="201",code=""} 1',
        'clientele_http_requests_total{method="POST",route="/connect/:serviceId/register",status="400",code="invalid_redirect_uri"} 1',
      ]),
    );
  });

  it('counts a request whose caller had gone before its address could be read as aborted, and not as an error', async () => {
    server.app.getHttpServer().once('connection', (socket: object) => {
      Object.defineProperty(socket, 'remoteAddress', { value: undefined });
    });
    await expect(protocolOf(server).register()).rejects.toThrow('socket hang up');

    expect(await lines('clientele_http_requests_total')).toEqual([
      'clientele_http_requests_total{method="POST",route="/connect/:serviceId/register",status="aborted",code=""} 1',
    ]);
    expect(await server.storedClients()).toEqual([]);
    expect(await value('clientele_http_requests_in_flight')).toBe(1);
  });

  it('counts a request whose caller goes during authentication, before its body has arrived, once and not for ever', async () => {
    const database = server.app.get(Database);
    const read = database.read.bind(database);
    const connections = await value('clientele_http_connections');
    const held: (() => void)[] = [];
    const started = new Promise<void>((resolve) => {
      database.read = async (statement) => {
        // The sealer reads at any time.
        if (!statement.sql.includes('audit_pending')) {
          resolve();
          await new Promise<void>((release) => held.push(release));
        }
        return read(statement);
      };
    });
    const socket = await openConnection(
      server.baseUrl,
      `POST ${pathOf('get')} HTTP/1.1\r\nHost: x\r\nAuthorization: ${HEADERS.authorization}\r\n` +
        'Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
    );
    await started;
    socket.resetAndDestroy();
    while ((await value('clientele_http_connections')) > connections) await setImmediate();
    database.read = read;
    for (const release of held) release();

    while ((await value('clientele_http_requests_in_flight')) > 1) await setImmediate();
    expect((await lines('clientele_http_requests_total')).filter((line) => !line.includes('/metrics'))).toEqual([
      'clientele_http_requests_total{method="POST",route="/api/:serviceId/client/registration/get",status="aborted",code="A001204"} 1',
    ]);
  });

  it('counts registrations on both planes by outcome and refusing rule', async () => {
    const registered = await server.register();
    await protocolOf(server).register({ ...MINIMAL, client_name: 'x' });
    await server.update(registered, { client_name: 'y' });
    await server.get(registered);
    await server.call('register', { json: '{"client_name":1}' });
    await protocolOf(server).register({ client_name: 1 });
    await server.call('delete', { ...registered, token: 'wrong' });
    await server.call('delete', registered);

    expect((await lines('clientele_registrations_total')).sort()).toEqual([
      'clientele_registrations_total{operation="delete",outcome="refused",result_code="A215307"} 1',
      'clientele_registrations_total{operation="delete",outcome="success",result_code=""} 1',
      'clientele_registrations_total{operation="get",outcome="success",result_code=""} 1',
      'clientele_registrations_total{operation="register",outcome="refused",result_code="A204308"} 2',
      'clientele_registrations_total{operation="register",outcome="success",result_code=""} 2',
      'clientele_registrations_total{operation="update",outcome="success",result_code=""} 1',
    ]);
  });

  it('counts no registration for a response that is sent again', async () => {
    await server.configure({ protocolRegistration: 'INITIAL_ACCESS_TOKEN' });
    const path = `/api/${SERVICE_ID}/initial_access_token/create`;
    const { text: created } = await server.send({ path, headers: HEADERS, body: '{}' });
    const { initialAccessToken } = JSON.parse(created) as { initialAccessToken: string };
    const headers = { authorization: `Bearer ${initialAccessToken}`, 'idempotency-key': 'key' };
    const first = await protocolOf(server).register(MINIMAL, headers);
    const second = await protocolOf(server).register(MINIMAL, headers);

    expect([first.status, second.status]).toEqual([201, 201]);
    expect(await lines('clientele_registrations_total')).toEqual([
      'clientele_registrations_total{operation="register",outcome="success",result_code=""} 1',
    ]);
  });

  it('counts no registration for a caller who cannot be authenticated, because the store is unavailable', async () => {
    const database = server.app.get(Database);
    database.read = () => Promise.reject(new StoreUnavailableError('The database cannot respond.'));
    const { status } = await server.send({ path: pathOf('get'), headers: HEADERS, body: '{"clientId":1,"token":""}' });
    const { status: ofProtocol } = await protocolOf(server).register();

    expect([status, ofProtocol]).toEqual([503, 503]);
    expect(await lines('clientele_registrations_total')).toEqual([]);
  });

  it('measures the store and counts the writes that share a commit', async () => {
    // The first call of a token notes its use.
    await server.register();
    // The sealer writes as well.
    await server.app.get(Sealer).onModuleDestroy();
    const before = await value('clientele_store_commit_writes_sum');
    await Promise.all(Array.from({ length: 20 }, () => server.register()));

    expect(await value('clientele_store_commit_writes_sum')).toBe(before + 20);
    expect(await value('clientele_store_duration_seconds_count', '{operation="write"}')).toBeGreaterThanOrEqual(20);
    expect(await value('clientele_store_duration_seconds_count', '{operation="read"}')).toBeGreaterThan(0);
    expect(await value('clientele_store_writes_waiting')).toBe(0);
  });

  describe('with document fetches', () => {
    let documents: Server;
    let origin: string;

    beforeEach(async () => {
      documents = createServer((request, response) => {
        if (request.url === '/missing') response.statusCode = 404;
        response.setHeader('content-type', 'application/json').end('["https://a.example.com/cb"]');
      });
      await new Promise<void>((resolve) => documents.listen(0, '127.0.0.1', resolve));
      origin = `http://127.0.0.1:${(documents.address() as AddressInfo).port}`;
    });

    afterEach(() => new Promise((resolve) => documents.close(resolve)));

    it('counts document fetches by outcome', async () => {
      for (const uri of [`${origin}/ok`, `${origin}/missing`, 'http://127.0.0.1:1/', 'http://10.0.0.1/']) {
        await server.configure({
          softwareStatementIssuers: [{ issuer: 'https://i.example.com', jwksUri: uri, algorithms: ['RS256'] }],
        });
        await server.call('register', { json: JSON.stringify({ software_statement: STATEMENT }) });
      }

      expect((await lines('clientele_outbound_fetches_total')).sort()).toEqual([
        'clientele_outbound_fetches_total{outcome="fetched"} 1',
        'clientele_outbound_fetches_total{outcome="refused"} 1',
        'clientele_outbound_fetches_total{outcome="unreachable"} 1',
        'clientele_outbound_fetches_total{outcome="unusable"} 1',
      ]);
      expect(await value('clientele_outbound_fetch_duration_seconds_count')).toBe(4);
    });
  });

  it('contains no label that a caller can choose', async () => {
    const { clientId, token } = await server.register({ client_name: 'canary-name' });
    await server.configure({ supportedCustomClientMetadata: ['error', 'resultCode'] });
    const custom = { error: 'canary-error', resultCode: 'canary-code' };
    await protocolOf(server).register(custom);
    await server.send({ method: 'GET', path: '/canary-path?canary-query' });
    await server.send({ method: 'GET', path: pathOf('get', 'canary-service') });
    await server.send({ method: 'PROPFIND', path: '/canary-method' });
    await server.send({ method: 'POST', path: `${registerPath(clientId)}/canary-more` });
    await server.send({ headers: { authorization: 'Bearer canary-bearer', 'x-request-id': 'canary-request-id' } });

    const page = await text();

    expect(page).not.toContain('canary');
    expect(page).not.toContain(String(clientId));
    expect(page).not.toContain(token);
    expect(page).toMatch(/method="other",route="none",status="404"/);
  });

  it('contains metrics of the process', async () => {
    const metrics = new Metrics();
    metrics.observeProcess();

    expect(await metrics.registry.metrics()).toMatch(/^nodejs_eventloop_lag_p99_seconds /m);
    expect(await metrics.registry.metrics()).toMatch(/^process_cpu_seconds_total /m);
  });
});

/** A statement of https://i.example.com with an invalid signature. */
const STATEMENT = [
  { alg: 'RS256', kid: 'k' },
  { iss: 'https://i.example.com', client_name: 'x' },
]
  .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
  .concat('c2lnbmF0dXJl')
  .join('.');
