import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createDatabase } from '../../../apps/server/test/support/postgres.ts';
import { clientIdOf, REGISTRATION_ACCESS_TOKEN } from '../store/clients.ts';
import { BareUpdates } from './bare-updates.ts';
import { ClientPool, type KnownClient } from './client-pool.ts';
import { callUnderLoad, fill, type Target } from './load.ts';
import { apiPlane, protocolPlane } from './plane.ts';
import { startServer, type RunningServer } from './server-process.ts';
import type { UnderLoad } from './turns.ts';

export type Engine = 'sqlite' | 'postgresql';

/** What is compared with others. */
export interface Contender extends UnderLoad {
  readonly stop: () => Promise<void>;
}

/** Where a contender keeps its clients, and how many it has to begin with. */
export interface Place {
  readonly databaseUrl: string;
  readonly clients: number;
}

export type Start = (place: Place) => Promise<Contender>;

/** What is compared on each engine. What begins with Clientele is ours, and is compared with everything that does not. */
export const CONTENDERS = {
  sqlite: {
    Clientele: clientele(),
    'Clientele, protocol plane': clientele({ plane: protocolPlane() }),
    'bare Fastify': floor,
    'one transaction each': clientele({ variant: 'one-transaction-each' }),
    'oidc-provider': oidcProvider(false),
    'oidc-provider, rotating': oidcProvider(true),
  },
  postgresql: {
    'Clientele on PostgreSQL': clientele(),
    'Clientele on PostgreSQL, 2 processes': clientele({ processes: 2 }),
    'bare Fastify, one statement': floor,
    'bare updates, no HTTP': bareUpdates,
  },
} as const satisfies Readonly<Record<Engine, Readonly<Record<string, Start>>>>;

export type ContenderName = { [E in Engine]: keyof (typeof CONTENDERS)[E] }[Engine];

export const isOurs = (name: string): boolean => name.startsWith('Clientele');

/** A database that nobody uses yet: a file of the folder, or on the server. */
export async function newDatabase(engine: Engine, folder: string, postgresUrl = ''): Promise<string> {
  if (engine === 'postgresql') return (await createDatabase(postgresUrl)).url;
  return `sqlite:${join(folder, randomBytes(8).toString('hex'))}.db`;
}

/** The built server, in so many processes on one store. */
function clientele({ variant = 'as-is', processes = 1, plane = apiPlane() } = {}): Start {
  return async ({ databaseUrl, clients }) => {
    // As many as there are connections in any load: none of them is to be refused.
    const settings = { ...settingsOf(databaseUrl), MAX_IN_FLIGHT: '256' };
    const servers: RunningServer[] = [];
    // One after the other: the first one makes what the others find.
    for (let process = 0; process < processes; process++) {
      servers.push(await startServer(['variant.ts', variant], settings));
    }
    return contender({ servers, plane, clients: new ClientPool() }, clients);
  };
}

async function floor({ databaseUrl, clients }: Place): Promise<Contender> {
  const server = await startServer(['floor.ts', String(clients)], settingsOf(databaseUrl));
  return contender({ servers: [server], plane: apiPlane(), clients: storedClients(clients) }, clients);
}

function oidcProvider(rotates: boolean): Start {
  return async ({ clients }) => {
    const server = await startServer(['oidc-provider.ts', ...(rotates ? ['rotating'] : [])], {});
    return contender({ servers: [server], plane: protocolPlane('/reg'), clients: new ClientPool(), rotates }, clients);
  };
}

async function bareUpdates({ databaseUrl, clients }: Place): Promise<Contender> {
  // Leaves the schema and the clients behind.
  await (await startServer(['floor.ts', String(clients)], settingsOf(databaseUrl))).stop();
  const updates = new BareUpdates(databaseUrl, storedClients(clients));
  return {
    turn: (workload, load) => {
      if (workload !== 'update') throw new Error(`There is no bare ${workload}.`);
      return updates.turn(load);
    },
    stop: () => updates.close(),
  };
}

/** The clients that the floor begins with. */
function storedClients(count: number): ClientPool {
  return new ClientPool(Array.from({ length: count }, (_, place) => storedClient(place)));
}

/** What a caller knows of a client that was put into the store, and not registered. */
export function storedClient(place: number): KnownClient {
  return { clientId: String(clientIdOf(place)), token: REGISTRATION_ACCESS_TOKEN };
}

async function contender(target: Target, clients: number): Promise<Contender> {
  const stop = async () => {
    for (const server of target.servers) await server.stop();
  };
  try {
    await fill(target, clients);
  } catch (error) {
    await stop();
    throw error;
  }
  return { turn: (workload, load) => callUnderLoad(target, workload, load), stop };
}

/** The settings of a server on this store, whose key nobody needs to know. */
export function settingsOf(databaseUrl: string): Readonly<Record<string, string>> {
  return { DATABASE_URL: databaseUrl, AUTO_MIGRATE: 'true', ENCRYPTION_KEY: randomBytes(32).toString('base64url') };
}
