import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface Response {
  readonly status: number;
  readonly head: string;
  readonly body: Buffer;
}

/**
 * An HTTP/1.1 connection with one request at a time. It reads only responses with a `Content-Length`, as all contenders send them:
 * a complete HTTP client takes as much processor time as a server, and could not overload one on the same machine.
 */
export class Connection {
  private received: Buffer = Buffer.alloc(0);
  private waiting: PromiseWithResolvers | undefined;

  private constructor(private readonly socket: Socket) {
    socket.on('data', (chunk) => {
      this.receive(chunk);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => this.waiting?.reject(new Error('The server closed a connection.')));
  }

  static async open(port: number): Promise<Connection> {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    await once(socket, 'connect');
    return new Connection(socket);
  }

  send(request: string): Promise<Response> {
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.socket.write(request);
    });
  }

  close(): void {
    this.socket.destroy();
  }

  private receive(chunk: Buffer): void {
    this.received = this.received.length === 0 ? chunk : Buffer.concat([this.received, chunk]);
    const end = this.received.indexOf('\r\n\r\n');
    if (end < 0) return;
    const head = this.received.toString('latin1', 0, end);
    const body = this.received.subarray(end + 4);
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1]);
    if (Number.isNaN(length)) this.waiting?.reject(new Error(`A response has no Content-Length: ${head}`));
    if (body.length < length) return;
    this.received = Buffer.alloc(0);
    this.waiting?.resolve({ status: Number(head.slice(9, 12)), head, body });
  }
}

interface PromiseWithResolvers {
  readonly resolve: (response: Response) => void;
  readonly reject: (error: Error) => void;
}
