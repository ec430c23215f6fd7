import { describeMachine, formatSpread, thisMachine, type Machine } from '../report.ts';
import { ratio, type Spread } from '../rounds.ts';
import { table } from '../../docs/markdown.ts';
import { ClientPool } from './client-pool.ts';
import { newDatabase, settingsOf, storedClient } from './contenders.ts';
import { callUnderLoad, type Target } from './load.ts';
import { apiPlane } from './plane.ts';
import { runProcess, startServer, type RunningServer } from './server-process.ts';
import { inTemporaryFolder } from './temporary-folder.ts';
import { figuresOf, measureInTurns, values, type Effort, type Figures } from './turns.ts';

/** Clients that calls are for, at most: evenly from all over the table. */
const CALLED = 50_000;

const WORKLOADS = ['get', 'update'] as const;

/** One caller for what a call takes, many for what a server does. */
const CONNECTIONS = [1, 64];

export interface GrowthLine {
  readonly workload: (typeof WORKLOADS)[number];
  readonly connections: number;
  readonly clients: number;
  readonly figures: Figures;
  /** How many times the median latency, and the requests in a second, that it is with the fewest clients. */
  readonly latency: Spread;
  readonly throughput: Spread;
}

export interface HttpGrowthReport {
  readonly machine: Machine;
  readonly effort: Effort;
  readonly lines: readonly GrowthLine[];
}

/** Measures servers on stores of so many clients each, the fewest first, in turns. */
export async function runGrowthBenchmark(sizes: readonly number[], effort: Effort): Promise<HttpGrowthReport> {
  const lines = await inTemporaryFolder(async (folder) => {
    const running: RunningServer[] = [];
    try {
      const subjects = [];
      for (const clients of sizes) {
        const settings = settingsOf(await newDatabase('sqlite', folder));
        await runProcess(['filled-store.ts', String(clients)], settings);
        const server = await startServer(['variant.ts', 'as-is'], settings);
        running.push(server);
        const target: Target = { servers: [server], plane: apiPlane(), clients: clientsAllOver(clients) };
        subjects.push({ name: clients, contender: { turn: callUnderLoad.bind(undefined, target) } });
      }
      return await measure(subjects, effort);
    } finally {
      for (const server of running) await server.stop();
    }
  });
  return { machine: thisMachine(), effort, lines };
}

async function measure(subjects: Parameters<typeof measureInTurns<number>>[0], effort: Effort): Promise<GrowthLine[]> {
  const lines: GrowthLine[] = [];
  for (const workload of WORKLOADS) {
    for (const connections of CONNECTIONS) {
      const measured = await measureInTurns(subjects, workload, connections, effort);
      const [fewest] = measured;
      if (fewest === undefined) throw new Error('There is no number of clients to measure.');
      for (const each of measured) {
        const beside = (name: 'p50' | 'requestsPerSecond') => ratio(values(each, name), values(fewest, name));
        lines.push({
          workload,
          connections,
          clients: each.name,
          figures: figuresOf(each.results),
          latency: beside('p50'),
          throughput: beside('requestsPerSecond'),
        });
      }
    }
  }
  return lines;
}

function clientsAllOver(count: number): ClientPool {
  const called = Math.min(count, CALLED);
  return new ClientPool(Array.from({ length: called }, (_, i) => storedClient(Math.floor((i * count) / called))));
}

export function growthPage({ machine, effort, lines }: HttpGrowthReport): string {
  return `# Calls over HTTP as the clients become more

\`npm run bench:growth\` on ${describeMachine(machine)}.

The built server on SQLite stores that hold so many clients of 2.5 KB; calls are for clients from all over the table. The servers take
turns of about ${effort.turn / 1000} s, ${effort.rounds} rounds of them; ratios are to the fewest clients, of turns in the same round. Medians, and in brackets the
smallest and the greatest.

${table(
  [
    'operation',
    'connections',
    'clients',
    'requests a second',
    'p50, ms',
    'p99, ms',
    'cpu, us',
    'p50, ratio',
    'requests, ratio',
  ],
  lines.map(({ workload, connections, clients, figures, latency, throughput }) => [
    workload,
    String(connections),
    clients.toLocaleString('en'),
    ...[figures.requestsPerSecond, figures.p50, figures.p99, figures.cpu, latency, throughput].map(formatSpread),
  ]),
)}
`;
}
