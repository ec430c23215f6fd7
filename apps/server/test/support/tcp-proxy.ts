import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Forwards connections to a server, and simulates network failures. */
export class TcpProxy {
  private readonly pairs = new Set<readonly [Socket, Socket]>();
  private readonly server: Server;
  private isSilent = false;
  private count = 0;

  private constructor(private readonly target: URL) {
    // Half open, because a silent proxy must not react to the end of a connection either.
    this.server = createServer({ allowHalfOpen: true }, (near) => {
      this.pass(near);
    });
  }

  /** Starts a proxy for the server of this URL on loopback. */
  static async before(target: string): Promise<TcpProxy> {
    const proxy = new TcpProxy(new URL(target));
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  /** The URL of the server through the proxy. */
  get url(): string {
    const url = new URL(this.target);
    url.host = `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return url.href;
  }

  /** The number of connections so far. */
  get accepted(): number {
    return this.count;
  }

  /** Discards all data in both directions from now on, without ending a connection. */
  silence(): void {
    this.isSilent = true;
    for (const [near, far] of this.pairs) {
      near.unpipe();
      far.unpipe();
      near.on('data', () => undefined);
      far.on('data', () => undefined);
    }
  }

  /** Ends every connection without notice; new connections work again. */
  cut(): void {
    this.isSilent = false;
    for (const pair of this.pairs) for (const socket of pair) socket.destroy();
    this.pairs.clear();
  }

  /** Ends every connection and refuses new ones until `listen` is called. */
  async refuse(): Promise<{ readonly listen: () => Promise<void> }> {
    const { port } = this.server.address() as AddressInfo;
    await this.close();
    const listen = () => new Promise<void>((resolve) => this.server.listen(port, '127.0.0.1', resolve));
    return { listen };
  }

  /** Ends every connection and accepts no new ones. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.cut();
    await closed;
  }

  private pass(near: Socket): void {
    this.count += 1;
    const far = connect(Number(this.target.port), this.target.hostname);
    const pair = [near, far] as const;
    this.pairs.add(pair);
    for (const [socket, other] of [pair, [far, near] as const]) {
      // If one side ends, the other side ends too.
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        if (!this.isSilent) other.destroy();
        this.pairs.delete(pair);
      });
    }
    if (this.isSilent) {
      near.on('data', () => undefined);
      return;
    }
    near.pipe(far);
    far.pipe(near);
  }
}
