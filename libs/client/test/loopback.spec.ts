import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApiError, ConnectionError, TimeoutError } from '../src/index.ts';
import { ACCESS_TOKEN, createClientele, envelope, INFORMATION, rejection } from './support.ts';

/** Tests of the built-in `fetch` with servers on this machine. */

const reference = { clientId: 904520, token: 't' };
let servers: Server[] = [];

async function serve(listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/prefix/`;
  const { registration, clients } = createClientele(undefined, { baseUrl, maxRetries: 0 });
  return { baseUrl, registration, clients };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk as string;
  return text;
}

afterEach(() => {
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
  servers = [];
});

it('sends the request of the API and reads its response', async () => {
  const seen: unknown[] = [];
  const { registration } = await serve((request, response) => {
    void textOf(request).then((body) => {
      const { authorization, accept } = request.headers;
      seen.push([
        request.method,
        request.url,
        request.headers['content-type'],
        authorization,
        accept,
        JSON.parse(body),
      ]);
      response.setHeader('Content-Type', 'application/json').end(JSON.stringify(envelope('UPDATED')));
    });
  });
  const result = await registration.update({ ...reference, metadata: { client_name: 'クライアント' } });
  expect(result).toMatchObject({ action: 'UPDATED', content: INFORMATION });
  const body = { ...reference, json: '{"client_name":"クライアント","client_id":"904520"}' };
  const path = '/prefix/api/715948317/client/registration/update';
  expect(seen).toEqual([['POST', path, 'application/json', `Bearer ${ACCESS_TOKEN}`, 'application/json', body]]);
});

it('sends identifiers as one segment, and no content type without a body', async () => {
  const seen: unknown[] = [];
  const { clients } = await serve(({ method, url, headers }, response) => {
    seen.push([method, url, headers['content-type'], headers['if-match']]);
    response.writeHead(204, { ETag: '"v2"' }).end();
  });
  const { data, response } = await clients.delete('https://a.example/ä?b#c', { ifMatch: '"v1"' }).withResponse();
  expect([data, response.status, response.headers.get('etag')]).toEqual([undefined, 204, '"v2"']);
  const path = '/prefix/api/715948317/client/delete/https%3A%2F%2Fa.example%2F%C3%A4%3Fb%23c';
  expect(seen).toEqual([['DELETE', path, undefined, '"v1"']]);
});

it('closes the connection of an attempt that times out', async () => {
  let closed: Promise<unknown> | undefined;
  const { registration } = await serve((request) => {
    closed = once(request.socket, 'close');
  });
  expect(await rejection(registration.get(reference, { timeoutMs: 100 }))).toBeInstanceOf(TimeoutError);
  await closed;
});

it('rejects with the reason of the signal', async () => {
  const controller = new AbortController();
  const { registration } = await serve(() => {
    controller.abort(new Error('enough'));
  });
  expect(await rejection(registration.get(reference, { signal: controller.signal }))).toBe(controller.signal.reason);
});

it('does not follow a redirect, so no other server receives the tokens', async () => {
  let requests = 0;
  const elsewhere = await serve(() => requests++);
  const { registration } = await serve((_, response) => response.writeHead(307, { Location: elsewhere.baseUrl }).end());
  const error = await rejection(registration.get(reference));
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ status: 307 });
  expect(requests).toBe(0);
});

it('reports an incomplete response as a ConnectionError', async () => {
  let requests = 0;
  const { baseUrl } = await serve((_, response) => {
    requests++;
    response.writeHead(200, { 'Content-Length': 100 }).write('{', () => response.destroy());
  });
  const { registration } = createClientele(undefined, { baseUrl });
  expect(await rejection(registration.register({ metadata: {} }))).toBeInstanceOf(ConnectionError);
  expect(requests).toBe(1);
});

it('gives the cause of a failed connection', async () => {
  const { baseUrl } = await serve(() => undefined);
  await once(servers[0]!.close(), 'close');
  const { registration } = createClientele(undefined, { baseUrl, maxRetries: 0 });
  const error = await rejection(registration.get(reference));
  expect(error).toBeInstanceOf(ConnectionError);
  expect(error).toMatchObject({ attempts: 1, cause: { cause: { code: 'ECONNREFUSED' } } });
});
