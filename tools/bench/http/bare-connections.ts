import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Call } from './plane.ts';

export interface Answer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

type Settle = (answer: Answer | Error) => void;

const END_OF_HEAD = '\r\n\r\n';

/**
 * HTTP/1.1 over so many connections, a call on each at a time. It understands only answers that have a `Content-Length`, as those
 * of the server all do: clients that understand everything cost as much processor time as the server itself, and could not
 * overload it from the same machine.
 */
export class BareConnections {
  private readonly open = new Set<Socket>();
  private readonly free = new Set<Connection>();
  private readonly address: { readonly host: string; readonly port: number };

  constructor(baseUrl: string) {
    const { hostname, port } = new URL(baseUrl);
    this.address = { host: hostname, port: Number(port) };
  }

  /** Opens so many, one after the other: Node.js accepts one in each turn of its event loop, and few can wait for that. */
  async openMany(count: number): Promise<void> {
    while (this.open.size < count) {
      const socket = connect({ ...this.address, noDelay: true });
      await once(socket, 'connect');
      this.open.add(socket);
      const connection = new Connection(socket, () => this.free.add(connection));
      this.free.add(connection);
      socket.once('close', () => {
        this.open.delete(socket);
        this.free.delete(connection);
      });
    }
  }

  /** Calls, and settles with the answer, or with what kept it from coming; false, without a call, where no connection is free. */
  call(call: Call, settle: Settle): boolean {
    const [connection] = this.free;
    if (connection === undefined) return false;
    this.free.delete(connection);
    connection.send(requestOf(call, this.address.host), settle);
    return true;
  }

  close(): void {
    for (const socket of this.open) socket.destroy();
  }
}

/** One connection, and the call that is on it. */
class Connection {
  private settle: Settle | undefined;
  private received: Buffer[] = [];
  private missing = 0;

  constructor(
    private readonly socket: Socket,
    private readonly onFree: () => void,
  ) {
    socket.on('data', (chunk) => {
      this.receive(chunk);
    });
    socket.on('error', (error) => {
      this.end(error);
    });
    socket.on('close', () => {
      this.end(new Error('the connection was closed'));
    });
  }

  send(request: Buffer, settle: Settle): void {
    this.settle = settle;
    this.socket.write(request);
  }

  private receive(chunk: Buffer): void {
    this.received.push(chunk);
    this.missing -= chunk.length;
    if (this.missing > 0) return;
    const all = this.received.length === 1 ? chunk : Buffer.concat(this.received);
    const end = all.indexOf(END_OF_HEAD);
    if (end < 0) return;
    const head = all.toString('latin1', 0, end);
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1]);
    const start = end + END_OF_HEAD.length;
    this.missing = start + length - all.length;
    if (this.missing > 0) return;
    this.received = [];
    this.missing = 0;
    this.settleWith({ status: Number(head.slice(9, 12)), head, body: all.toString('latin1', start) });
    this.onFree();
  }

  private end(error: Error): void {
    this.settleWith(error);
  }

  private settleWith(answer: Answer | Error): void {
    const { settle } = this;
    this.settle = undefined;
    settle?.(answer);
  }
}

function requestOf({ method, path, headers, body = '' }: Call, host: string): Buffer {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const length = Buffer.byteLength(body);
  return Buffer.from(
    `${method} ${path} HTTP/1.1\r\nhost: ${host}\r\n${lines.join('')}content-length: ${length}${END_OF_HEAD}${body}`,
  );
}
