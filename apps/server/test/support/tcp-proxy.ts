import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Passes connections on to a server, until it is told to be a network that fails. */
export class TcpProxy {
  private readonly pairs = new Set<readonly [Socket, Socket]>();
  private readonly server: Server;
  private isSilent = false;
  private count = 0;

  private constructor(private readonly target: URL) {
    // Half open: the end of a connection is no more answered than anything else while it is silent.
    this.server = createServer({ allowHalfOpen: true }, (near) => {
      this.pass(near);
    });
  }

  /** A proxy before the server of this URL, listening on loopback. */
  static async before(target: string): Promise<TcpProxy> {
    const proxy = new TcpProxy(new URL(target));
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  /** The URL of the server, by way of the proxy. */
  get url(): string {
    const url = new URL(this.target);
    url.host = `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return url.href;
  }

  /** How many connections there have been. */
  get accepted(): number {
    return this.count;
  }

  /** From now on nothing arrives, in no direction, and nobody is told. */
  silence(): void {
    this.isSilent = true;
    for (const [near, far] of this.pairs) {
      near.unpipe();
      far.unpipe();
      near.on('data', () => undefined);
      far.on('data', () => undefined);
    }
  }

  /** Ends every connection without a word; new ones are as the first. */
  cut(): void {
    this.isSilent = false;
    for (const pair of this.pairs) for (const socket of pair) socket.destroy();
    this.pairs.clear();
  }

  /** Ends every connection and refuses new ones, until it is told to listen again. */
  async refuse(): Promise<{ readonly listen: () => Promise<void> }> {
    const { port } = this.server.address() as AddressInfo;
    await this.close();
    const listen = () => new Promise<void>((resolve) => this.server.listen(port, '127.0.0.1', resolve));
    return { listen };
  }

  /** Ends every connection, and takes no new ones. */
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
      // Whatever ends one side ends the other.
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
