import { describeMachine, formatSpread, thisMachine, type Machine } from '../report.ts';
import { spread } from '../rounds.ts';
import { table } from '../../docs/markdown.ts';
import { ClientPool } from './client-pool.ts';
import { newDatabase, settingsOf } from './contenders.ts';
import { callUnderLoad, fill } from './load.ts';
import { apiPlane } from './plane.ts';
import { startServer } from './server-process.ts';
import { inTemporaryFolder } from './temporary-folder.ts';

export interface MemoryEffort {
  /** All updates together. */
  readonly updates: number;
  /** Updates from one look at the memory to the next. */
  readonly every: number;
  /** Updates after which the server has compiled what it runs, and its caches are full. */
  readonly warmUp: number;
  readonly connections: number;
  readonly clients: number;
}

export interface MemorySample {
  readonly updates: number;
  /** Bytes of the resident set. */
  readonly memory: number;
  readonly requestsPerSecond: number;
}

export interface MemoryReport {
  readonly machine: Machine;
  readonly effort: MemoryEffort;
  readonly samples: readonly MemorySample[];
  /** How much more, or less, memory the server has at the end than after the warm-up, as a part: medians of a fifth of the samples. */
  readonly growth: number;
}

/** Updates the same clients again and again, and looks at the memory of the server in between. */
export async function runMemoryBenchmark(effort: MemoryEffort): Promise<MemoryReport> {
  const { updates, every, warmUp, connections, clients } = effort;
  const samples = await inTemporaryFolder(async (folder) => {
    const server = await startServer(['variant.ts', 'as-is'], settingsOf(await newDatabase('sqlite', folder)));
    try {
      const target = { servers: [server], plane: apiPlane(), clients: new ClientPool() };
      await fill(target, clients);
      const taken: MemorySample[] = [{ updates: 0, memory: await server.memory(), requestsPerSecond: 0 }];
      for (let done = every; done <= updates; done += every) {
        const { requestsPerSecond } = await callUnderLoad(target, 'update', { connections, requests: every });
        taken.push({ updates: done, memory: await server.memory(), requestsPerSecond });
      }
      return taken;
    } finally {
      await server.stop();
    }
  });
  return { machine: thisMachine(), effort, samples, growth: growthOf(samples, warmUp) };
}

function growthOf(samples: readonly MemorySample[], warmUp: number): number {
  const warm = samples.filter(({ updates }) => updates >= warmUp).map(({ memory }) => memory);
  const fifth = Math.max(1, Math.floor(warm.length / 5));
  return spread(warm.slice(-fifth)).median / spread(warm.slice(0, fifth)).median - 1;
}

export function memoryPage({ machine, effort, samples, growth }: MemoryReport): string {
  const { updates, every, warmUp, connections, clients } = effort;
  const warm = samples.filter((sample) => sample.updates >= warmUp);
  return `# Memory of the server

\`npm run bench:memory\` on ${describeMachine(machine)}.

${count(updates)} updates over HTTP from ${connections} connections, of ${count(clients)} clients with 2.5 KB of metadata each, on SQLite, and the resident
set of the server after every ${count(every)}. Node.js takes memory as it comes and gives it back late, so single values go up and down.

After the first ${count(warmUp)} updates, of warm-up, the server had ${formatSpread(spread(warm.map(({ memory }) => memory / MEGABYTE)))} MB: median, smallest and greatest. From
the first fifth of these samples to the last one the median changed by ${(growth * 100).toFixed(1)} %; within 10 % is what it shall be.

${table(
  ['updates', 'memory, MB', 'updates a second'],
  samples.map((sample) => [
    count(sample.updates),
    (sample.memory / MEGABYTE).toFixed(0),
    sample.updates === 0 ? '' : sample.requestsPerSecond.toFixed(0),
  ]),
)}
`;
}

const MEGABYTE = 1_000_000;

const count = (value: number): string => value.toLocaleString('en');
