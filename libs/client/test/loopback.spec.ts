import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApiError, ConnectionError, TimeoutError } from '../src/index.ts';
import { ACCESS_TOKEN, clienteleWith, envelope, INFORMATION, rejection } from './support.ts';

/** The platform's own fetch, against servers on this machine. */

const reference = { clientId: 904520, token: 't' };
let servers: Server[] = [];

async function serve(listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/prefix/`;
  return { baseUrl, registration: clienteleWith(undefined, { baseUrl, maxRetries: 0 }).registration };
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

it('sends what the API expects and reads what it answers', async () => {
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

it('closes the connection of an attempt that takes too long', async () => {
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

it('follows no redirect, so that the tokens stay here', async () => {
  let asked = 0;
  const elsewhere = await serve(() => asked++);
  const { registration } = await serve((_, response) => response.writeHead(307, { Location: elsewhere.baseUrl }).end());
  const error = await rejection(registration.get(reference));
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ status: 307 });
  expect(asked).toBe(0);
});

it('takes an answer that breaks off for a broken connection', async () => {
  let asked = 0;
  const { baseUrl } = await serve((_, response) => {
    asked++;
    response.writeHead(200, { 'Content-Length': 100 }).write('{', () => response.destroy());
  });
  const { registration } = clienteleWith(undefined, { baseUrl });
  expect(await rejection(registration.register({ metadata: {} }))).toBeInstanceOf(ConnectionError);
  expect(asked).toBe(1);
});

it('says why there is no connection', async () => {
  const { baseUrl } = await serve(() => undefined);
  const closed = once(servers[0]!.close(), 'close');
  await closed;
  const { registration } = clienteleWith(undefined, { baseUrl, maxRetries: 0 });
  const error = await rejection(registration.get(reference));
  expect(error).toBeInstanceOf(ConnectionError);
  expect(error).toMatchObject({ attempts: 1, cause: { cause: { code: 'ECONNREFUSED' } } });
});
