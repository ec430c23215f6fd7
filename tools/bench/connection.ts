import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export type Response = Readonly<{ status: number; head: string; body: Buffer }>;

/**
 * An HTTP/1.1 connection with one request at a time. It reads only responses with a `Content-Length`, as all contenders send them:
 * a complete HTTP client takes as much processor time as a server, and could not overload one on the same machine.
 */
export class Connection {
  private received: Buffer = Buffer.alloc(0);
  private settle: (result: Response | Error) => void = () => undefined;

  private constructor(private readonly socket: Socket) {
    socket.on('data', this.receive);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.settle(new Error('The server closed a connection.'));
    });
  }

  static async open(port: number): Promise<Connection> {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    await once(socket, 'connect');
    return new Connection(socket);
  }

  async send(request: string): Promise<Response> {
    const result = await new Promise<Response | Error>((resolve) => {
      this.settle = resolve;
      // It reports also that the connection was closed before.
      this.socket.write(request, (error) => {
        if (error instanceof Error) resolve(error);
      });
    });
    if (result instanceof Error) throw result;
    return result;
  }

  close(): void {
    this.socket.destroy();
  }

  private readonly receive = (chunk: Buffer): void => {
    this.received = this.received.length === 0 ? chunk : Buffer.concat([this.received, chunk]);
    const end = this.received.indexOf('\r\n\r\n');
    if (end < 0) return;
    const head = this.received.toString('latin1', 0, end);
    const body = this.received.subarray(end + 4);
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1]);
    if (Number.isNaN(length)) this.settle(new Error(`A response has no Content-Length: ${head}`));
    if (body.length < length) return;
    this.received = Buffer.alloc(0);
    this.settle({ status: Number(head.slice(9, 12)), head, body });
  };
}
