import { Connection, type Response } from './connection.ts';
import type { Contender } from './contenders.ts';
import { clientIn, type KnownClient, type Operation } from './planes.ts';

/** A prime number: in steps of it all clients come in turn, and neighbours in the store do not follow each other. */
const STEP = 999_983;

const NEW_CLIENT: KnownClient = { clientId: '', token: '', secret: '' };

/** The requests of one operation, each for another client. */
export class Calls {
  private client = 0;

  constructor(
    readonly contender: Contender,
    readonly operation: Operation,
    private readonly document: string,
    private readonly clients: readonly KnownClient[] = [],
  ) {}

  next(): string {
    const { plane } = this.contender;
    const request = plane[this.operation];
    if (request === undefined) throw new Error(`The contender has no ${this.operation}.`);
    if (this.operation === 'register') return request(NEW_CLIENT, this.document);
    this.client = (this.client + STEP) % this.clients.length;
    return request(this.clients[this.client]!, this.document);
  }

  /** Throws unless it is a success: the run ends with an error. */
  check(response: Response): void {
    if (this.contender.plane.isSuccess(this.operation, response)) return;
    throw new Error(`${this.operation} failed: HTTP ${response.status} ${response.body.toString().slice(0, 500)}`);
  }

  async send(connection: Connection): Promise<Response> {
    const response = await connection.send(this.next());
    this.check(response);
    return response;
  }

  /** Opens connections one after the other, with a request on each; `page.ts` says why. */
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

/** Registers clients, and returns the calls of each operation for them. */
export async function registerClients(contender: Contender, document: string, count: number) {
  const clients: KnownClient[] = [];
  const callsOf = (operation: Operation) => new Calls(contender, operation, document, clients);
  const calls = {
    update: callsOf('update'),
    get: callsOf('get'),
    register: callsOf('register'),
    resolve: callsOf('resolve'),
    find: callsOf('find'),
    verify: callsOf('verify'),
  };
  const register = async (connection: Connection) => {
    while (clients.length < count) clients.push(clientIn(await calls.register.send(connection)));
    connection.close();
  };
  await Promise.all((await calls.register.open(32)).map(register));
  return calls;
}
