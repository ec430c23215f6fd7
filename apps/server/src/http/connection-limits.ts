import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Budget } from './budget.ts';
import type { CallerAddresses } from './caller-addresses.ts';
import { MOST_PIPELINED, MOST_UNREAD } from './limits.ts';

interface Connection {
  /** The number of its requests on which the server works. */
  working: number;
  /** The number of its requests whose responses were not sent completely. */
  unanswered: number;
  /** The characters of its responses that were not sent completely. */
  unread: number;
  /** The listeners for the ends of its requests that have not ended. */
  readonly requests: Set<() => void>;
  readonly giveBack: () => void;
}

interface Limits {
  readonly most: number;
  readonly mostPerAddress: number;
}

/**
 * Limits open connections, in total and for each address. If too many are open, the connection that has waited longest for its caller
 * is closed: to send a request, the rest of one, or to read a response. So idle connections cannot exclude others. Limits what callers
 * leave unread, too.
 */
export class ConnectionLimits {
  private readonly open = new Map<Socket, Connection>();
  /** The connections that wait for their callers, in the order in which they began to wait. */
  private readonly waiting = new Set<Socket>();
  /** The connections that have unread characters, in the order in which the first of them were sent. */
  private readonly reading = new Set<Socket>();
  private unread = 0;
  private readonly byAddress: Budget;
  private readonly most: number;
  private refusedConnections = 0;
  private closedConnections = 0;

  constructor(
    { most, mostPerAddress }: Limits,
    private readonly addresses: CallerAddresses,
    private readonly onRefusal: (caller: string) => void = () => undefined,
  ) {
    this.most = most || Infinity;
    this.byAddress = new Budget(Infinity, mostPerAddress || Infinity);
  }

  get count(): number {
    return this.open.size;
  }

  /** The number of connections that were closed at once. */
  get refused(): number {
    return this.refusedConnections;
  }

  /** The number of connections that were closed in favour of others. */
  get closed(): number {
    return this.closedConnections;
  }

  /** Limits the connections of a server. */
  limit(server: Server): void {
    server.on('connection', (socket) => {
      this.add(socket);
    });
  }

  /** Reads nothing from the connections that are open now, until `resume`. Requests in progress go on. */
  pause(): void {
    for (const socket of this.open.keys()) socket.pause();
  }

  resume(): void {
    for (const socket of this.open.keys()) socket.resume();
  }

  /**
   * The connection brought a request; returns whether the server may handle it. A connection with too many requests without a complete
   * response is closed: its caller reads nothing, and each response would stay in memory.
   */
  admit({ socket }: IncomingMessage, response: ServerResponse): boolean {
    const connection = this.open.get(socket);
    if (connection === undefined || socket.destroyed) return false;
    if (connection.unanswered >= MOST_PIPELINED) {
      socket.destroy();
      return false;
    }
    connection.unanswered += 1;
    response.once('close', () => {
      connection.unanswered -= 1;
    });
    if (this.waiting.delete(socket)) this.waiting.add(socket);
    return true;
  }

  /** The server works on a request of the connection. */
  startWork({ socket }: IncomingMessage): void {
    const connection = this.open.get(socket);
    if (connection === undefined) return;
    connection.working += 1;
    this.waiting.delete(socket);
  }

  /** The server has finished its work on a request, or must receive more of it. */
  endWork({ socket }: IncomingMessage): void {
    const connection = this.open.get(socket);
    if (connection === undefined) return;
    connection.working -= 1;
    if (connection.working === 0) this.waiting.add(socket);
  }

  /**
   * The server sends a response, which stays in memory until its caller has read it. If too much is unread, the connections are closed
   * whose callers have been reading for longest.
   */
  send({ socket }: IncomingMessage, response: ServerResponse, characters: number): void {
    const connection = this.open.get(socket);
    if (connection === undefined) return;
    connection.unread += characters;
    this.unread += characters;
    this.reading.add(socket);
    response.once('close', () => {
      if (this.open.get(socket) !== connection) return;
      connection.unread -= characters;
      this.unread -= characters;
      if (connection.unread === 0) this.reading.delete(socket);
    });
    while (this.unread > MOST_UNREAD) {
      const [longest] = this.reading;
      if (longest === undefined) return;
      this.close(longest);
    }
  }

  /** Calls the listener once, when the response was sent or the caller has gone. */
  whenEnded({ socket }: IncomingMessage, response: ServerResponse, listener: () => void): void {
    const requests = this.open.get(socket)?.requests;
    if (requests === undefined) {
      process.nextTick(listener);
      return;
    }
    const end = (): void => {
      if (requests.delete(end)) listener();
    };
    requests.add(end);
    // A response that waits for that to an earlier request is not closed with the connection.
    response.once('close', end);
  }

  private add(socket: Socket): void {
    const caller = this.addresses.sharerOf(socket.remoteAddress);
    const giveBack = this.byAddress.take(caller, 1);
    if (giveBack === undefined) {
      this.refuse(socket);
      this.onRefusal(caller ?? '');
      return;
    }
    if (this.open.size >= this.most && !this.closeLongestWaiting()) {
      giveBack();
      this.refuse(socket);
      return;
    }
    this.open.set(socket, { working: 0, unanswered: 0, unread: 0, requests: new Set(), giveBack });
    this.waiting.add(socket);
    socket.once('close', () => {
      this.remove(socket);
    });
  }

  private refuse(socket: Socket): void {
    this.refusedConnections += 1;
    socket.destroy();
  }

  /** Returns whether a connection was closed. */
  private closeLongestWaiting(): boolean {
    const [longest] = this.waiting;
    if (longest === undefined) return false;
    this.close(longest);
    return true;
  }

  private close(socket: Socket): void {
    this.closedConnections += 1;
    socket.destroy();
    this.remove(socket);
  }

  private remove(socket: Socket): void {
    const connection = this.open.get(socket);
    if (connection === undefined) return;
    this.open.delete(socket);
    this.waiting.delete(socket);
    this.reading.delete(socket);
    this.unread -= connection.unread;
    connection.giveBack();
    for (const end of connection.requests) end();
  }
}
