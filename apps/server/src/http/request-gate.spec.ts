import { connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Config } from '../config/config.ts';
import { RequestGate } from './request-gate.ts';

describe('RequestGate', () => {
  it('serves the connections that wait when the server stops, also if they are many', async () => {
    const gate = new RequestGate(Config.from({}));
    gate.accept();
    const server = gate.createServer((_request, response) => response.end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const responses = Array.from({ length: 20 }, () => {
      const socket = connect(port, '127.0.0.1');
      socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
      return text(socket);
    });
    await Promise.all([gate.drain(), ...responses]);

    for (const response of responses) expect(await response).toMatch(/^HTTP\/1\.1 200 /);
  });
});
