import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { httpServer } from './connections.ts';

const TIMEOUTS = { headersTimeout: 10_000, requestTimeout: 10_000, keepAliveTimeout: 10_000 };

describe('a server', () => {
  it('disconnects a caller that reads nothing of a response', async () => {
    // More than the buffers of the operating system hold.
    const body = Buffer.alloc(64 * 1024 * 1024);
    const server = httpServer(TIMEOUTS, (_request, response) => response.end(body), 100).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const responded = once(server, 'request') as Promise<[unknown, NodeJS.EventEmitter]>;
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').pause();
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');

    const [, response] = await responded;
    await once(response, 'close');
    let received = 0;
    socket.on('error', () => undefined).on('data', (bytes) => (received += bytes.length));
    await once(socket.resume(), 'close');

    expect(received).toBeLessThan(body.length);
    server.close();
  });
});
