import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { httpServer, refuseUnreadable } from './connections.ts';

const TIMEOUTS = { headersTimeout: 60_000, requestTimeout: 60_000, keepAliveTimeout: 60_000 };

/** Expects that a server disconnects a caller that reads nothing of the response to a request, which `next` follows. */
async function expectDisconnected(next: string): Promise<void> {
  // More than the buffers of the operating system hold.
  const body = Buffer.alloc(64 * 1024 * 1024);
  const server = httpServer(TIMEOUTS, (_request, response) => response.end(body), 100).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const responded = once(server, 'request') as Promise<[unknown, NodeJS.EventEmitter]>;
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').pause();
  socket.write(`GET / HTTP/1.1\r\nHost: x\r\n\r\n${next}`);

  const [, response] = await responded;
  await once(response, 'close');
  let received = 0;
  socket.on('error', () => undefined).on('data', (bytes) => (received += bytes.length));
  await once(socket.resume(), 'close');

  expect(received).toBeLessThan(body.length);
  server.close();
}

describe('a server', () => {
  it('disconnects a caller that reads nothing of a response', async () => {
    await expectDisconnected('');
  });

  it('disconnects a caller that reads nothing and has sent half of its next request', async () => {
    await expectDisconnected('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{');
  });

  it('responds with 408 to a body that stalls for longer than a response may stay unread', async () => {
    const server = httpServer({ ...TIMEOUTS, requestTimeout: 500 }, () => undefined, 50).listen(0, '127.0.0.1');
    server.on('clientError', refuseUnreadable);
    await once(server, 'listening');
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{');

    expect(await text(socket)).toMatch(/^HTTP\/1.1 408 /);
    server.close();
  });
});
