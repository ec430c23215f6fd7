import autocannon from 'autocannon';
import type { ClientPool, KnownClient } from './client-pool.ts';
import type { Operation, Plane } from './plane.ts';
import type { RunningServer } from './server-process.ts';
import { deletionsIn, operationsOf, type Workload } from './workload.ts';

export interface Load {
  readonly connections: number;
  readonly requests: number;
}

/** What a load was answered. */
export interface LoadResult {
  readonly requestsPerSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Microseconds of processor time that the servers took for a request. */
  readonly cpu: number;
  /** The part of one processor that the load generator took. */
  readonly generator: number;
}

/** What is called: one or more processes on the same store, and the clients that they have. */
export interface Target {
  readonly servers: readonly RunningServer[];
  readonly plane: Plane;
  readonly clients: ClientPool;
  /** Whether every update is answered with a new registration access token. */
  readonly rotates?: boolean;
}

/**
 * The part of a load, at its beginning, whose time does not count: connections are opened and all send at once, to a process
 * that had to wait for the others, and whose memory made room for theirs.
 */
const LEAD = 0.15;

/** Connections that register what a workload will need. */
const FILLING = 16;

/** What is known of a call between its request and its answer. Autocannon has one such object for each request in flight. */
interface Context {
  operation?: Operation;
  client?: KnownClient | undefined;
}

/** Registers clients until there are so many to call for. */
export async function fill(target: Target, clients: number): Promise<void> {
  const missing = clients - target.clients.size;
  if (missing <= 0) return;
  const first = { ...target, servers: target.servers.slice(0, 1) };
  await call(first, 'register', { connections: Math.min(FILLING, missing), requests: missing }, true);
}

/** Calls from so many connections, each as soon as it is answered. Throws when an answer is anything but what it should be. */
export async function callUnderLoad(target: Target, workload: Workload, load: Load): Promise<LoadResult> {
  await fill(target, deletionsIn(workload, load.requests) + 2 * load.connections);
  return call(target, workload, load, workload !== 'register');
}

/** @param keeps Whether the clients that are registered are for later calls too. */
async function call(
  { servers, plane, clients, rotates = false }: Target,
  workload: Workload,
  { connections, requests }: Load,
  keeps: boolean,
): Promise<LoadResult> {
  const nextOperation = operationsOf(workload);
  const lead = Math.floor(requests * LEAD);
  const latencies: number[] = [];
  let answered = 0;
  let answeredAt = 0;
  let failure: string | undefined;

  const setupRequest = (request: autocannon.Request, context: Context): autocannon.Request => {
    const operation = (context.operation = nextOperation());
    if (operation === 'register') return { ...request, ...plane.register() };
    context.client = clients.take();
    return { ...request, ...plane.of(operation, context.client) };
  };
  const onResponse = (status: number, body: string, { operation = 'get', client }: Context): void => {
    if (!plane.isSuccess(operation, status, body)) failure ??= `${operation}: HTTP ${status}, ${body.slice(0, 300)}`;
    else if (operation === 'register' ? keeps : operation === 'update' && rotates)
      clients.giveBack(plane.clientIn(body));
    else if (operation !== 'delete' && client !== undefined) clients.giveBack(client);
  };

  const cpuBefore = await cpuOf(servers);
  const generatorBefore = process.cpuUsage();
  const startedAt = performance.now();
  let countedFrom = startedAt;
  const results = await Promise.all(
    servers.map(({ baseUrl }, i) =>
      autocannon({
        url: baseUrl,
        connections: share(connections, servers.length, i),
        amount: share(requests, servers.length, i),
        // How often it looks whether it is at its end.
        sampleInt: 50,
        requests: [{ setupRequest, onResponse }],
        setupClient: (client) => {
          client.on('response', (_status, _bytes, milliseconds) => {
            answered += 1;
            answeredAt = performance.now();
            if (answered > lead) latencies.push(milliseconds);
            else countedFrom = answeredAt;
          });
        },
      }),
    ),
  );
  const generator = process.cpuUsage(generatorBefore);
  const cpu = (await cpuOf(servers)) - cpuBefore;
  failure ??= results.find(({ errors }) => errors > 0) && 'connections were lost';
  if (failure !== undefined || answered !== requests) {
    throw new Error(
      `Not every call of "${workload}" was answered as it should be: ${failure ?? 'some were not at all'}.`,
    );
  }
  latencies.sort((a, b) => a - b);
  return {
    requestsPerSecond: (1000 * latencies.length) / (answeredAt - countedFrom),
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
    cpu: cpu / requests,
    generator: (generator.user + generator.system) / 1000 / (answeredAt - startedAt),
  };
}

async function cpuOf(servers: readonly RunningServer[]): Promise<number> {
  const times = await Promise.all(servers.map((server) => server.cpu()));
  return times.reduce((sum, time) => sum + time, 0);
}

/** The part of a whole that the one at this place has, when it is divided among so many. */
function share(whole: number, among: number, place: number): number {
  return Math.floor(whole / among) + (place < whole % among ? 1 : 0);
}

/** Of values in order; the smallest that is not less than so great a part of them. */
export function percentile(sorted: readonly number[], part: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? NaN;
}
