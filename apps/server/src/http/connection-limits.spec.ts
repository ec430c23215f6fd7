import { EventEmitter } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { CallerAddresses } from './caller-addresses.ts';
import { ConnectionLimits } from './connection-limits.ts';
import { MOST_PIPELINED, MOST_UNREAD } from './limits.ts';

/** A connection that closes as soon as it is destroyed. */
class FakeSocket extends EventEmitter {
  destroyed = false;

  constructor(readonly remoteAddress: string | undefined) {
    super();
  }

  destroy(): void {
    this.destroyed = true;
    this.emit('close');
  }
}

const response = () => new EventEmitter() as ServerResponse;

describe('limits of connections', () => {
  const start = (most: number, mostPerAddress: number) => {
    const server = new EventEmitter();
    const refusals: string[] = [];
    const limits = new ConnectionLimits({ most, mostPerAddress }, new CallerAddresses(['10.0.0.1']), (caller) =>
      refusals.push(caller),
    );
    limits.limit(server as Server);
    const connect = (address: string | undefined) => {
      const socket = new FakeSocket(address);
      server.emit('connection', socket);
      return { socket, request: { socket } as unknown as IncomingMessage };
    };
    return { limits, connect, refusals };
  };

  it('close the connection that has waited longest for its caller, in favour of a new one', () => {
    const { limits, connect } = start(3, 0);
    const [first, second, third] = [connect('192.0.2.1'), connect('192.0.2.1'), connect('192.0.2.2')];
    expect(limits.admit(first.request, response())).toBe(true);
    limits.startWork(second.request);
    limits.endWork(second.request);
    const fourth = connect('192.0.2.3');
    const fifth = connect('192.0.2.3');

    expect([third, first, second, fourth, fifth].map(({ socket }) => socket.destroyed)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(limits).toMatchObject({ count: 3, closed: 2, refused: 0 });
  });

  it('close the connections whose callers have been reading for longest, if too much is unread', () => {
    const { limits, connect } = start(0, 0);
    const [first, second, third, fourth] = Array.from({ length: 4 }, () => connect('192.0.2.1'));
    const part = MOST_UNREAD / 3;
    const read = response();
    limits.send(first!.request, read, part);
    limits.send(second!.request, response(), part);
    limits.send(second!.request, response(), 1);
    read.emit('close');
    limits.send(third!.request, response(), part);
    limits.send(first!.request, response(), part - 1);
    const before = [first, second, third].map((each) => each!.socket.destroyed);
    limits.send(fourth!.request, response(), 1);

    expect(before).toEqual([false, false, false]);
    expect([first, second, third, fourth].map((each) => each!.socket.destroyed)).toEqual([false, true, false, false]);
    // The responses of the closed connection do not count any more.
    limits.send(fourth!.request, response(), part);
    expect(limits).toMatchObject({ count: 3, closed: 1 });
  });

  it('refuse a new connection if the server works for all others', () => {
    const { limits, connect } = start(1, 0);
    const busy = connect('192.0.2.1');
    limits.startWork(busy.request);
    limits.startWork(busy.request);
    limits.endWork(busy.request);

    expect(connect('192.0.2.2').socket.destroyed).toBe(true);
    expect(busy.socket.destroyed).toBe(false);
    expect(limits).toMatchObject({ count: 1, closed: 0, refused: 1 });
    limits.endWork(busy.request);
    expect(connect('192.0.2.2').socket.destroyed).toBe(false);
    expect(busy.socket.destroyed).toBe(true);
  });

  it('refuse connections of an address that has too many, until one of them is closed', () => {
    const { limits, connect, refusals } = start(100, 2);
    const [first] = [connect('192.0.2.1'), connect('192.0.2.1')];

    expect(connect('::ffff:192.0.2.1').socket.destroyed).toBe(true);
    expect(connect('192.0.2.2').socket.destroyed).toBe(false);
    expect(refusals).toEqual(['192.0.2.1']);
    first.socket.destroy();
    expect(connect('192.0.2.1').socket.destroyed).toBe(false);
    expect(limits).toMatchObject({ count: 3, refused: 1 });
  });

  it('do not count connections of trusted proxies and of this machine by address', () => {
    const { limits, connect } = start(100, 1);
    for (const address of ['10.0.0.1', '127.0.0.1', '::1', undefined])
      for (let i = 0; i < 3; i++) expect(connect(address).socket.destroyed).toBe(false);

    expect(limits).toMatchObject({ count: 12, refused: 0 });
  });

  it('close a connection with too many requests whose responses were not sent, and admit as many again after each response', () => {
    const { limits, connect } = start(100, 0);
    const [reading, pipelining] = [connect('192.0.2.1'), connect('192.0.2.1')];
    const send = ({ request }: typeof reading) => {
      const sent = response();
      return limits.admit(request, sent) ? sent : undefined;
    };
    for (let i = 0; i < 20; i++) send(reading)?.emit('close');
    const admitted = Array.from({ length: 20 }, () => send(pipelining)).filter((sent) => sent !== undefined);

    expect(admitted).toHaveLength(MOST_PIPELINED);
    expect([reading, pipelining].map(({ socket }) => socket.destroyed)).toEqual([false, true]);
    expect(send(reading)).toBeDefined();
    expect(limits.count).toBe(1);
  });

  it('end each request once, with its response or with its connection', () => {
    const { limits, connect } = start(100, 1);
    const { socket, request } = connect('192.0.2.1');
    const ended: string[] = [];
    const respond = (name: string) => {
      const sent = response();
      limits.whenEnded(request, sent, () => ended.push(name));
      return sent;
    };
    const first = respond('first');
    respond('second, which waits for the first');

    first.emit('close');
    expect(ended).toEqual(['first']);
    socket.destroy();
    first.emit('close');
    expect(ended).toEqual(['first', 'second, which waits for the first']);
  });
});
