import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import fc from 'fast-check';
import { hostileDocument } from '../../libs/model/test/hostile.ts';

export interface Target {
  readonly host: string;
  readonly port: number;
  /** Path of the registration endpoint for clients. */
  readonly path: string;
}

/** One thing that a hostile caller does until the signal: at an address of its own, and again whenever the server ends it. */
type Abuse = (target: Target, localAddress: string, signal: AbortSignal) => Promise<void>;

const SLOW_BODIES = 80;
const IDLE_CONNECTIONS = 300;
/** Milliseconds between two requests of one kind from one address: three times the limit of requests a minute. */
const PAUSE = 70;

const HOSTILE_DOCUMENTS = fc.sample(hostileDocument, 100);

export const ABUSES: Readonly<Record<string, Abuse>> = {
  slowBodies: (target, localAddress, signal) =>
    many(SLOW_BODIES, signal, async () => {
      const socket = await open(target, localAddress);
      socket.write(head(target, 190_000));
      while (!socket.destroyed && !signal.aborted) {
        socket.write(' ');
        await setTimeout(1_000);
      }
      socket.destroy();
    }),

  idleConnections: (target, localAddress, signal) =>
    many(IDLE_CONNECTIONS, signal, async () => {
      const socket = await open(target, localAddress);
      socket.resume();
      await once(socket, 'close');
    }),

  hostileDocuments: repeat((i) => [HOSTILE_DOCUMENTS[i % HOSTILE_DOCUMENTS.length]!]),

  /** Names of a domain whose name server does not respond, if `SILENT_DOMAIN` is one. */
  silentNames: repeat(() => [
    JSON.stringify({
      redirect_uris: ['https://a.example.org/', 'https://b.example.org/'],
      subject_type: 'pairwise',
      sector_identifier_uri: `https://${randomUUID()}.${process.env.SILENT_DOMAIN ?? 'example.net'}/sector.json`,
    }),
  ]),

  idempotencyKeys: repeat(() => [
    JSON.stringify({ redirect_uris: ['https://a.example.org/'], client_name: 'x'.repeat(1_900) }).padEnd(60_000),
    `Idempotency-Key: ${randomUUID()}\r\n`,
  ]),
};

/** Sends one request after the other. */
function repeat(request: (i: number) => readonly [body: string, headers?: string]): Abuse {
  return async (target, localAddress, signal) => {
    for (let i = 0; !signal.aborted; i++) {
      const [body, headers] = request(i);
      try {
        const socket = await open(target, localAddress);
        socket.end(head(target, Buffer.byteLength(body), `Connection: close\r\n${headers ?? ''}`) + body);
        socket.resume();
      } catch {
        // The server refuses connections of this address.
      }
      await setTimeout(PAUSE);
    }
  };
}

/** The open connections of all hostile callers. */
const OPEN = new Set<Socket>();

/** Closes the connections, so that every abuse ends after its signal. */
export function closeConnections(): void {
  for (const socket of OPEN) socket.destroy();
}

/** Keeps as many of these going as the server admits. */
async function many(count: number, signal: AbortSignal, one: () => Promise<void>): Promise<void> {
  const again = async (): Promise<void> => {
    while (!signal.aborted) {
      await one().catch(() => undefined);
      await setTimeout(500);
    }
  };
  await Promise.all(Array.from({ length: count }, again));
}

async function open({ host, port }: Target, localAddress: string): Promise<Socket> {
  const socket = connect({ host, port, localAddress });
  OPEN.add(socket);
  socket.on('error', () => undefined).once('close', () => OPEN.delete(socket));
  await Promise.race([
    once(socket, 'connect'),
    once(socket, 'close').then(() => {
      throw new Error('The server refused a connection.');
    }),
  ]);
  return socket;
}

function head({ path }: Target, length: number, headers = ''): string {
  return `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n${headers}\r\n`;
}
