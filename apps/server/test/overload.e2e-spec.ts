import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import type { RegistrationResponse } from '@clientele/model/metadata';
import { endlessClients } from './support/endless-clients.ts';
import { MINIMAL, protocolOf, registerPath } from './support/protocol.ts';
import {
  HEADERS,
  pathOf,
  SERVICE_ID,
  startServer,
  type Operation,
  type Registered,
  type TestServer,
} from './support/server.ts';
import { openConnection, readToEnd } from './support/sockets.ts';

/** Each issuer has its own document because requests for one document share its fetch. */
const ISSUERS = ['https://0.example.com', 'https://1.example.com'];

/** A registration with an invalid statement of an issuer; the server fetches the keys of the issuer to check it. */
function withStatementOf(issuer: string): { json: string } {
  const statement = [{ alg: 'RS256', kid: 'k' }, { iss: issuer }]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .concat('c2lnbmF0dXJl')
    .join('.');
  return { json: JSON.stringify({ software_statement: statement }) };
}

const TOO_MANY = '[A001104] There are too many requests. Nothing was changed; repeat the call later.';

describe('a server with MAX_IN_FLIGHT requests in flight', () => {
  let server: TestServer;
  let documents: Server;
  /** Pending fetches; the requests that need them stay in progress. */
  let held: ServerResponse[];

  beforeEach(async () => {
    held = [];
    documents = createServer((_request, response) => {
      held.push(response);
    });
    await new Promise<void>((resolve) => documents.listen(0, '127.0.0.1', resolve));
    server = await startServer({ MAX_IN_FLIGHT: '2', ALLOW_LOOPBACK_FETCH: 'true' });
    const { port } = documents.address() as AddressInfo;
    await server.configure({
      softwareStatementIssuers: ISSUERS.map((issuer, i) => ({
        issuer,
        jwksUri: `http://127.0.0.1:${port}/${i}`,
        algorithms: ['RS256'],
      })),
    });
  });

  afterEach(async () => {
    for (const response of held) response.destroy();
    await server.close();
    await new Promise((resolve) => documents.close(resolve));
  });

  /** Starts two requests that stay in progress; returns a function that completes them and returns their responses. */
  const occupy = async () => {
    const responses = ISSUERS.map((issuer) => server.call('register', withStatementOf(issuer)));
    await until(() => held.length === 2);
    return async () => {
      for (const response of held.splice(0)) response.setHeader('content-type', 'application/json').end('{"keys":[]}');
      return Promise.all(responses);
    };
  };

  const metric = async (name: string): Promise<number> => {
    const page = await (await fetch(`${server.baseUrl}/metrics`)).text();
    return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(page)?.[1] ?? Number.NaN);
  };

  it('refuses the next request on the API plane with 503, Retry-After and A001104', async () => {
    const release = await occupy();
    const response = await server.call('register', { json: '{}' }, { 'x-request-id': 'a-known-request' });

    expect(response.status).toBe(503);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'retry-after': '1',
      'cache-control': 'no-store',
      pragma: 'no-cache',
      'x-request-id': 'a-known-request',
      'content-type': 'application/json; charset=utf-8',
    });
    expect(response.body).toEqual({
      resultCode: 'A001104',
      resultMessage: TOO_MANY,
      action: 'INTERNAL_SERVER_ERROR',
      responseContent: JSON.stringify({ error: 'server_error', error_description: TOO_MANY }),
    });
    await release();
  });

  it('refuses the next request on the protocol plane with 503, temporarily_unavailable and CORS headers', async () => {
    const release = await occupy();
    const response = await protocolOf(server).register(MINIMAL, { origin: 'https://app.example.com' });

    expect(response.status).toBe(503);
    expect(response.headers).toMatchObject({
      'retry-after': '1',
      'cache-control': 'no-store',
      'access-control-allow-origin': '*',
    });
    expect(response.headers['www-authenticate']).toBeUndefined();
    expect(response.body).toEqual({ error: 'temporarily_unavailable', error_description: TOO_MANY });
    await release();
  });

  it.each(['/health/live', '/health/ready', '/metrics', '/api/lifecycle/healthcheck'])(
    'never refuses %s',
    async (path) => {
      const release = await occupy();

      expect((await fetch(`${server.baseUrl}${path}`)).status).toBe(200);
      await release();
    },
  );

  it('counts requests in flight and refused requests', async () => {
    const release = await occupy();
    await server.call('register', { json: '{}' });
    await server.send({ method: 'GET', path: '/anything' });

    // The request for the metrics is counted too.
    expect(await metric('clientele_http_requests_in_flight')).toBe(3);
    expect(await metric('clientele_http_requests_refused_total')).toBe(2);
    expect(await metric('clientele_http_connections')).toBeGreaterThan(0);
    await release();
    expect(await metric('clientele_http_requests_in_flight')).toBe(1);
  });

  it('completes the admitted requests, and then accepts new requests', async () => {
    const release = await occupy();
    await server.call('register', { json: '{}' });
    const admitted = await release();

    expect(admitted.map(({ status, body }) => [status, body.resultCode])).toEqual([
      [200, 'A205306'],
      [200, 'A205306'],
    ]);
    await expect(server.register()).resolves.toBeDefined();
  });

  it('does not count requests whose body is still arriving', async () => {
    const protocolRequest = `POST ${registerPath()} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{`;
    const slow = [apiRequest('register', '{', '', 100), protocolRequest];
    const sockets = await Promise.all([...slow, ...slow].map((bytes) => openConnection(server.baseUrl, bytes)));
    await until(async () => (await metric('clientele_http_connections')) >= sockets.length);

    await expect(server.register()).resolves.toBeDefined();
    for (const socket of sockets) socket.destroy();
  });

  it('does not count completed or incomplete requests of disconnected callers', async () => {
    const whole = apiRequest('register', '{"json":"{}"}');
    const requests = [
      whole,
      whole.repeat(5),
      apiRequest('register', '{', '', 100),
      apiRequest('register', '1\r\n{\r\n').replace(/Content-Length: \d+/, 'Transfer-Encoding: chunked'),
      `GET ${registerPath(1)} HTTP/1.1\r\nHost: x\r\n\r\n`.repeat(5),
      `${whole}nonsense\r\n\r\n`,
    ];
    for (const bytes of [...requests, ...requests]) {
      const socket = await openConnection(server.baseUrl, bytes);
      socket.resetAndDestroy();
    }

    await until(async () => (await metric('clientele_http_requests_in_flight')) === 1);
    await expect(server.register()).resolves.toBeDefined();
  });

  it('counts requests in progress even if their callers disconnect', async () => {
    const sockets = await Promise.all(
      ISSUERS.map((issuer) =>
        openConnection(server.baseUrl, apiRequest('register', JSON.stringify(withStatementOf(issuer)))),
      ),
    );
    await until(() => held.length === 2);
    for (const socket of sockets) socket.resetAndDestroy();
    await until(async () => (await metric('clientele_http_connections')) <= 2);

    expect((await server.call('register', { json: '{}' })).body.resultCode).toBe('A001104');
    for (const response of held) response.setHeader('content-type', 'application/json').end('{"keys":[]}');
    await until(async () => (await metric('clientele_http_requests_in_flight')) === 1);
  });
});

it('an overloaded server stores exactly the acknowledged updates', async () => {
  const server = await startServer({ MAX_IN_FLIGHT: '4' });
  const clients: Registered[] = [];
  for (let i = 0; i < 60; i += 1) clients.push(await server.register({ client_name: 'before' }));
  const healthRequest = 'GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n';
  const sockets = await Promise.all(clients.map(() => openConnection(server.baseUrl, healthRequest)));
  await Promise.all(sockets.map((socket) => once(socket, 'data')));
  // The server knows all connections, so all requests arrive at once.
  for (const [i, { clientId, token }] of clients.entries()) {
    const json = JSON.stringify({ client_id: String(clientId), client_name: 'after' });
    sockets[i]?.write(apiRequest('update', JSON.stringify({ clientId, token, json }), 'Connection: close\r\n'));
  }
  const responses = await Promise.all(sockets.map(readToEnd));
  const isUpdated = responses.map((response) => {
    const [head = '', body = ''] = response.split('\r\n\r\n');
    const { action, resultCode } = JSON.parse(body) as RegistrationResponse;
    const refused = head.startsWith('HTTP/1.1 503 ') && /^retry-after: 1$/im.test(head) && resultCode === 'A001104';
    const updated = head.startsWith('HTTP/1.1 200 ') && action === 'UPDATED';
    expect(refused).toBe(!updated);
    return updated;
  });

  expect(isUpdated).toContain(true);
  expect(isUpdated).toContain(false);
  for (const [i, client] of clients.entries()) {
    expect((await server.get(client)).content.client_name).toBe(isUpdated[i] === true ? 'after' : 'before');
  }
  await server.close();
});

/** A request with a response that goes on. */
function endlessResponse(): string {
  const { authorization } = HEADERS;
  const head = `Host: x\r\nAuthorization: ${authorization}\r\nContent-Type: application/json\r\nContent-Length: 2`;
  return `POST /api/${SERVICE_ID}/service/impact HTTP/1.1\r\n${head}\r\n\r\n{}`;
}

it('a server with MAX_CONNECTIONS closes the one that has waited longest in favour of a new one', async () => {
  const server = await startServer({ MAX_CONNECTIONS: '3', MANAGEMENT_PORT: '0' });
  const request = `GET ${registerPath(1)} HTTP/1.1\r\nHost: x\r\n\r\n`;
  const end = endlessClients(server);
  const receiving = await openConnection(server.baseUrl, endlessResponse());
  expect(String(await once(receiving, 'data'))).toMatch(/^HTTP\/1.1 200 /);
  receiving.resume();
  const silent = await openConnection(server.baseUrl);
  const closed = readToEnd(silent);
  const sockets = [];
  for (let i = 0; i < 2; i++) {
    const socket = await openConnection(server.baseUrl, request);
    sockets.push(socket);
    expect(String(await once(socket, 'data'))).toMatch(/^HTTP\/1.1 401 /);
  }

  expect(await closed).toBe('');
  const metrics = await (await fetch(`${server.managementUrl}/metrics`)).text();
  expect(metrics).toMatch(/^clientele_http_connections 3$/m);
  expect(metrics).toMatch(/^clientele_http_connections_closed_total 1$/m);
  expect(metrics).toMatch(/^clientele_http_connections_refused_total 0$/m);
  for (const socket of [receiving, ...sockets]) socket.destroy();
  end();
  await server.close();
});

describe('a server with MAX_BODY_BYTES of unfinished bodies', () => {
  let server: TestServer;

  beforeEach(async () => {
    server = await startServer({ MAX_BODY_BYTES: '1048576', TRUSTED_PROXIES: '127.0.0.1' });
  });

  afterEach(() => server.close());

  const unfinished = (length: string, address = '127.0.0.1') =>
    openConnection(
      server.baseUrl,
      `POST ${registerPath()} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nX-Forwarded-For: ${address}\r\n${length}\r\n\r\n`,
    );
  /** Begins requests until one more than fits is refused. Returns the connections of the others. */
  const fill = async (count: number, length: string, address?: string) => {
    const sockets = await Promise.all(Array.from({ length: count }, () => unfinished(length, address)));
    const [refused, response] = await Promise.race(
      sockets.map(async (socket) => [socket, String(await once(socket, 'data'))] as const),
    );
    expect(response).toMatch(/^HTTP\/1.1 503 /);
    return sockets.filter((socket) => socket !== refused);
  };
  /** The length is more than client metadata may have, but the body is read. */
  const register = (length: number, address = '127.0.0.1') =>
    protocolOf(server).send(
      'POST',
      registerPath(),
      { 'content-type': 'application/json', 'x-forwarded-for': address },
      JSON.stringify(MINIMAL).padEnd(length),
    );

  it('refuses further bodies unread with 503, until callers finish or go', async () => {
    const sockets = await fill(6, 'Transfer-Encoding: chunked');
    const { headers, body } = await register(100_000);

    expect(headers).toMatchObject({ 'retry-after': '1', connection: 'close', 'access-control-allow-origin': '*' });
    expect(body).toEqual({ error: 'temporarily_unavailable', error_description: TOO_MANY });
    expect((await register(1000)).status).toBe(201);
    const refused = await server.send({ headers: HEADERS, body: JSON.stringify({ json: '{}' }).padEnd(100_000) });
    expect(refused).toMatchObject({ status: 503, text: expect.stringContaining('A001104') as unknown });

    sockets[0]?.resetAndDestroy();
    await until(async () => (await register(100_000)).status === 400);
    const [finished] = sockets.slice(1);
    finished?.write('2\r\n{}\r\n0\r\n\r\n');
    expect(String(await once(finished!, 'data'))).toMatch(/^HTTP\/1.1 400 /);
    expect((await register(190_000)).status).toBe(400);
    for (const socket of sockets) socket.destroy();
  });

  it('refuses an address with more than its part, and serves others', async () => {
    const sockets = await fill(4, 'Content-Length: 190000', '192.0.2.1');

    expect((await register(190_000, '192.0.2.1:1234')).status).toBe(503);
    expect((await register(190_000, '192.0.2.2')).status).toBe(400);
    for (const socket of sockets) socket.destroy();
  });
});

it('with MANAGEMENT_PORT, only the health check of the main port is never refused', async () => {
  const server = await startServer({ MAX_IN_FLIGHT: '1', MANAGEMENT_PORT: '0', ALLOW_LOOPBACK_FETCH: 'true' });
  const documents = createServer();
  await new Promise<void>((resolve) => documents.listen(0, '127.0.0.1', resolve));
  const { port } = documents.address() as AddressInfo;
  const jwksUri = `http://127.0.0.1:${port}/`;
  await server.configure({ softwareStatementIssuers: [{ issuer: ISSUERS[0] ?? '', jwksUri, algorithms: ['RS256'] }] });
  const inProgress = server.call('register', withStatementOf(ISSUERS[0] ?? ''));
  const [, held] = (await once(documents, 'request')) as [unknown, ServerResponse];
  const statusOf = async (path: string) => (await fetch(`${server.baseUrl}${path}`)).status;

  expect(await statusOf('/health/live')).toBe(503);
  expect(await statusOf('/metrics')).toBe(503);
  expect(await statusOf('/api/lifecycle/healthcheck')).toBe(200);
  held.setHeader('content-type', 'application/json').end('{"keys":[]}');
  await inProgress;
  await server.close();
  await new Promise((resolve) => documents.close(resolve));
});

/** The bytes of an API request; `length` is its Content-Length. */
function apiRequest(operation: Operation, body: string, headers = '', length = body.length): string {
  return (
    `POST ${pathOf(operation)} HTTP/1.1\r\nHost: x\r\nAuthorization: ${HEADERS.authorization}\r\n` +
    `Content-Type: application/json\r\nContent-Length: ${length}\r\n${headers}\r\n${body}`
  );
}

/** Polls until the condition is true; otherwise the test fails at its time limit. */
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await setImmediate();
}
