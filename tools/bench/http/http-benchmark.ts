import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { table } from '../../docs/markdown.ts';
import { describeMachine, formatSpread, thisMachine, type Machine } from '../report.ts';
import { ratio, spread, type Spread } from '../rounds.ts';
import { callUnderLoad, OPERATIONS, registerClients, type LoadResult, type Operation } from './load.ts';
import { startServer, type RunningServer } from './server-process.ts';

/** What is compared, and how each is started. */
const SERVERS = { server: ['variant.ts', 'as-is'], floor: ['floor.ts'] } as const;

type ServerName = keyof typeof SERVERS;

const NAMES = Object.keys(SERVERS) as ServerName[];

export interface Effort {
  readonly rounds: number;
  /** Clients that the updates and gets are for, in turn. */
  readonly clients: number;
  /** Requests of each operation that are not counted: in them the engine compiles what it will run. */
  readonly warmUp: number;
  /** How many requests a turn has at so many connections. */
  readonly turns: readonly { readonly connections: number; readonly requests: number }[];
}

interface Measured {
  readonly requestsPerSecond: Spread;
  /** Milliseconds. */
  readonly p50: Spread;
  readonly p99: Spread;
  /** Microseconds of processor time of the server for a request. */
  readonly cpu: Spread;
}

interface Line {
  readonly operation: Operation;
  readonly connections: number;
  readonly server: Measured;
  readonly floor: Measured;
  /** What part of the floor's requests in a second the server answers. */
  readonly throughput: Spread;
  /** What part of the processor time that the server takes for a request the floor takes for one. */
  readonly efficiency: Spread;
}

export interface HttpReport {
  readonly machine: Machine;
  readonly effort: Effort;
  readonly lines: readonly Line[];
}

/** Measures the built server on SQLite beside the floor: each in a process of its own, on a copy of the same store, in turns. */
export async function runHttpBenchmark(effort: Effort): Promise<HttpReport> {
  const folder = mkdtempSync(join(tmpdir(), 'clientele-bench-'));
  const key = randomBytes(32).toString('base64url');
  const start = (name: ServerName) =>
    startServer(SERVERS[name], { DATABASE_URL: `sqlite:${folder}/${name}/clientele.db`, ENCRYPTION_KEY: key });
  const running: Partial<Record<ServerName, RunningServer>> = {};
  try {
    running.server = await start('server');
    const bodies = await registerClients(running.server.baseUrl, effort.clients);
    await running.server.stop();
    cpSync(join(folder, 'server'), join(folder, 'floor'), { recursive: true });
    const servers = { server: (running.server = await start('server')), floor: (running.floor = await start('floor')) };

    const lines: Line[] = [];
    for (const operation of Object.keys(OPERATIONS) as Operation[]) {
      for (const name of NAMES) {
        await callUnderLoad(servers[name], operation, bodies, { connections: 64, requests: effort.warmUp });
      }
      for (const turn of effort.turns) {
        const results: Record<ServerName, LoadResult[]> = { server: [], floor: [] };
        for (let round = 0; round < effort.rounds; round++) {
          for (const name of NAMES) results[name].push(await callUnderLoad(servers[name], operation, bodies, turn));
        }
        lines.push(compared(operation, turn.connections, results));
      }
    }
    return { machine: thisMachine(), effort, lines };
  } finally {
    for (const server of Object.values(running)) await server.stop();
    rmSync(folder, { recursive: true });
  }
}

function compared(
  operation: Operation,
  connections: number,
  { server, floor }: Readonly<Record<ServerName, readonly LoadResult[]>>,
): Line {
  const values = (results: readonly LoadResult[], name: keyof LoadResult) => results.map((result) => result[name]);
  const measured = (results: readonly LoadResult[]): Measured => ({
    requestsPerSecond: spread(values(results, 'requestsPerSecond')),
    p50: spread(values(results, 'p50')),
    p99: spread(values(results, 'p99')),
    cpu: spread(values(results, 'cpu')),
  });
  return {
    operation,
    connections,
    server: measured(server),
    floor: measured(floor),
    throughput: ratio(values(server, 'requestsPerSecond'), values(floor, 'requestsPerSecond')),
    efficiency: ratio(values(floor, 'cpu'), values(server, 'cpu')),
  };
}

export function httpPage({ machine, effort, lines }: HttpReport): string {
  const header = ['operation', 'connections', 'requests a second', 'p50, ms', 'p99, ms', 'cpu, us'];
  const row = ({ operation, connections }: Line, { requestsPerSecond, p50, p99, cpu }: Measured) => [
    operation,
    String(connections),
    ...[requestsPerSecond, p50, p99, cpu].map(formatSpread),
  ];
  return `# What a call costs over HTTP

\`npm run bench\` on ${describeMachine(machine)}; the load generator on the same machine.

The built server with its default settings, on SQLite, every commit flushed to disk; its log goes nowhere. Calls are for ${effort.clients}
clients of 2.5 KB in turn. Beside it, the floor: bare Fastify on a copy of the same store, which looks clients up and keeps them as
the server does, and answers as much, but judges, authenticates, converts and logs nothing. Both take turns, ${effort.rounds} rounds of them;
ratios are of turns in the same round. \`cpu\` is the processor time that the process took for a request, all its threads together.
Medians, and in brackets the smallest and the greatest.

## Of the floor

Throughput: the part of the floor's requests in a second that the server answers. Efficiency: the part of the processor time that the
server takes for a request that the floor takes for one; what else the machine does changes it less.

${table(
  ['operation', 'connections', 'throughput', 'efficiency'],
  lines.map(({ operation, connections, throughput, efficiency }) => [
    operation,
    String(connections),
    formatSpread(throughput),
    formatSpread(efficiency),
  ]),
)}

## The server

${table(
  header,
  lines.map((line) => row(line, line.server)),
)}

## The floor

${table(
  header,
  lines.map((line) => row(line, line.floor)),
)}
`;
}
