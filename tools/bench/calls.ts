import { Connection, type Response } from './connection.ts';
import type { Contender } from './contenders.ts';
import type { KnownClient, Operation } from './planes.ts';

/** A prime number: in steps of it all clients come in turn, and neighbours in the store do not follow each other. */
const STEP = 999_983;

/** The requests of one operation, each for another client. */
export class Calls {
  private client = 0;

  constructor(
    readonly contender: Contender,
    private readonly operation: Operation,
    private readonly document: string,
    private readonly clients: readonly KnownClient[] = [],
  ) {}

  next(): string {
    const { plane } = this.contender;
    if (this.operation === 'register') return plane.register(this.document);
    this.client = (this.client + STEP) % this.clients.length;
    return plane[this.operation](this.clients[this.client]!, this.document);
  }

  /** Throws unless it is a success: the run ends with an error. */
  check({ status, body }: Response): void {
    const success = this.contender.plane.success[this.operation];
    if (status === success.status && body.includes(success.text)) return;
    throw new Error(`${this.operation} failed: HTTP ${status} ${body.toString().slice(0, 500)}`);
  }

  async send(connection: Connection): Promise<Response> {
    const response = await connection.send(this.next());
    this.check(response);
    return response;
  }

  /**
   * Opens connections one after the other, with a request on each. libuv accepts one connection in a turn of the event loop: if all
   * came at once, the last would wait for the requests of all others, and these first requests would be the 99th percentile.
   */
  async open(count: number): Promise<Connection[]> {
    const connections: Connection[] = [];
    while (connections.length < count) {
      const connection = await Connection.open(this.contender.server.port);
      await this.send(connection);
      connections.push(connection);
    }
    return connections;
  }
}

export async function registerClients(contender: Contender, document: string, count: number): Promise<KnownClient[]> {
  const calls = new Calls(contender, 'register', document);
  const clients: KnownClient[] = [];
  const connections = await calls.open(32);
  const register = async (connection: Connection) => {
    while (clients.length < count) {
      const { body } = await calls.send(connection);
      const information = JSON.parse(contender.plane.clientInformation(body.toString())) as Record<string, string>;
      clients.push({ clientId: information.client_id!, token: information.registration_access_token! });
    }
    connection.close();
  };
  await Promise.all(connections.map(register));
  return clients;
}
