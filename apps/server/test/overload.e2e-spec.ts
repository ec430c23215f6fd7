import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import type { RegistrationResponse } from '@clientele/model/metadata';
import { MINIMAL, protocolOf, registerPath } from './support/protocol.ts';
import { HEADERS, pathOf, startServer, type Operation, type Registered, type TestServer } from './support/server.ts';
import { openConnection, readToEnd } from './support/sockets.ts';

/** Each has a document of its own, since those who need one document share its fetch. */
const ISSUERS = ['https://0.example.com', 'https://1.example.com'];

/** What registers with a statement of an issuer and anybody's signature: to check it, the keys of the issuer are fetched. */
function withStatementOf(issuer: string): { json: string } {
  const statement = [{ alg: 'RS256', kid: 'k' }, { iss: issuer }]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .concat('c2lnbmF0dXJl')
    .join('.');
  return { json: JSON.stringify({ software_statement: statement }) };
}

const TOO_MANY = '[A001104] There are too many requests. Nothing was changed; repeat the call later.';

describe('a server with more requests in flight than MAX_IN_FLIGHT', () => {
  let server: TestServer;
  let documents: Server;
  /** Fetches that wait to be answered: as long as they do, so do the requests that need them. */
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

  /** Two requests that are worked on until they are released; what they are answered in the end. */
  const occupy = async () => {
    const answers = ISSUERS.map((issuer) => server.call('register', withStatementOf(issuer)));
    await until(() => held.length === 2);
    return async () => {
      for (const response of held.splice(0)) response.setHeader('content-type', 'application/json').end('{"keys":[]}');
      return Promise.all(answers);
    };
  };

  const metric = async (name: string): Promise<number> => {
    const page = await (await fetch(`${server.baseUrl}/metrics`)).text();
    return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(page)?.[1] ?? Number.NaN);
  };

  it('refuses the next on the API plane: 503 with Retry-After, as its own failure in both planes', async () => {
    const release = await occupy();
    const answer = await server.call('register', { json: '{}' }, { 'x-request-id': 'a-known-request' });

    expect(answer.status).toBe(503);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'retry-after': '1',
      'cache-control': 'no-store',
      pragma: 'no-cache',
      'x-request-id': 'a-known-request',
      'content-type': 'application/json; charset=utf-8',
    });
    expect(answer.body).toEqual({
      resultCode: 'A001104',
      resultMessage: TOO_MANY,
      action: 'INTERNAL_SERVER_ERROR',
      responseContent: JSON.stringify({ error: 'server_error', error_description: TOO_MANY }),
    });
    await release();
  });

  it('refuses the next on the protocol plane: 503 temporarily_unavailable, which any page may read', async () => {
    const release = await occupy();
    const answer = await protocolOf(server).register(MINIMAL, { origin: 'https://app.example.com' });

    expect(answer.status).toBe(503);
    expect(answer.headers).toMatchObject({
      'retry-after': '1',
      'cache-control': 'no-store',
      'access-control-allow-origin': '*',
    });
    expect(answer.headers['www-authenticate']).toBeUndefined();
    expect(answer.body).toEqual({ error: 'temporarily_unavailable', error_description: TOO_MANY });
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

  it('counts what is in flight and what is refused', async () => {
    const release = await occupy();
    await server.call('register', { json: '{}' });
    await server.send({ method: 'GET', path: '/anything' });

    // The request for the metrics is one too.
    expect(await metric('clientele_http_requests_in_flight')).toBe(3);
    expect(await metric('clientele_http_requests_refused_total')).toBe(2);
    expect(await metric('clientele_http_connections')).toBeGreaterThan(0);
    await release();
    expect(await metric('clientele_http_requests_in_flight')).toBe(1);
  });

  it('answers those that it admitted as ever, and all at once again when there is room', async () => {
    const release = await occupy();
    await server.call('register', { json: '{}' });
    const admitted = await release();

    expect(admitted.map(({ status, body }) => [status, body.resultCode])).toEqual([
      [200, 'A205306'],
      [200, 'A205306'],
    ]);
    await expect(server.register()).resolves.toBeDefined();
  });

  it('has the room of requests whose body is still arriving', async () => {
    const protocolRequest = `POST ${registerPath()} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{`;
    const slow = [apiRequest('register', '{', '', 100), protocolRequest];
    const sockets = await Promise.all([...slow, ...slow].map((bytes) => openConnection(server.baseUrl, bytes)));
    await until(async () => (await metric('clientele_http_connections')) >= sockets.length);

    await expect(server.register()).resolves.toBeDefined();
    for (const socket of sockets) socket.destroy();
  });

  it('has the room of requests whose caller has gone, once they are done or cannot be', async () => {
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

  it('counts those whose caller has gone for as long as they are worked on', async () => {
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

it('under many more requests than it takes, the clients are as the acknowledged updates left them', async () => {
  const server = await startServer({ MAX_IN_FLIGHT: '4' });
  const clients: Registered[] = [];
  for (let i = 0; i < 60; i += 1) clients.push(await server.register({ client_name: 'before' }));
  const greeting = 'GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n';
  const sockets = await Promise.all(clients.map(() => openConnection(server.baseUrl, greeting)));
  await Promise.all(sockets.map((socket) => once(socket, 'data')));
  // The server knows all connections, so all requests arrive at once.
  for (const [i, { clientId, token }] of clients.entries()) {
    const json = JSON.stringify({ client_id: String(clientId), client_name: 'after' });
    sockets[i]?.write(apiRequest('update', JSON.stringify({ clientId, token, json }), 'Connection: close\r\n'));
  }
  const answers = await Promise.all(sockets.map(readToEnd));
  const isUpdated = answers.map((answer) => {
    const [head = '', body = ''] = answer.split('\r\n\r\n');
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

it('closes connections beyond MAX_CONNECTIONS as they come, and counts them', async () => {
  const server = await startServer({ MAX_CONNECTIONS: '2', MANAGEMENT_PORT: '0' });
  const request = `GET ${registerPath(1)} HTTP/1.1\r\nHost: x\r\n\r\n`;
  const first = await openConnection(server.baseUrl, request);
  const second = await openConnection(server.baseUrl, request);
  await Promise.all([first, second].map((socket) => new Promise((resolve) => socket.once('data', resolve))));

  expect(await readToEnd(await openConnection(server.baseUrl))).toBe('');
  const metrics = await (await fetch(`${server.managementUrl}/metrics`)).text();
  expect(metrics).toMatch(/^clientele_http_connections 2$/m);
  expect(metrics).toMatch(/^clientele_http_connections_refused_total 1$/m);

  first.destroy();
  await until(
    async () =>
      (
        await protocolOf(server)
          .read(1, 'wrong')
          .catch(() => undefined)
      )?.status === 401,
  );
  second.destroy();
  await server.close();
});

/** The bytes of an API call; `length` is what it says of its body. */
function apiRequest(operation: Operation, body: string, headers = '', length = body.length): string {
  return (
    `POST ${pathOf(operation)} HTTP/1.1\r\nHost: x\r\nAuthorization: ${HEADERS.authorization}\r\n` +
    `Content-Type: application/json\r\nContent-Length: ${length}\r\n${headers}\r\n${body}`
  );
}

/** Asks until it is so; the time limit of the test says when it never will be. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await setImmediate();
}
