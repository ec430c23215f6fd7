import { SHAPES } from '../documents.ts';
import { describeMachine, formatSpread, thisMachine, type Machine } from '../report.ts';
import { spread, type Spread } from '../rounds.ts';
import { table } from '../../docs/markdown.ts';
import { ClientPool } from './client-pool.ts';
import { newDatabase, settingsOf } from './contenders.ts';
import { callUnderLoad, fill, type Target } from './load.ts';
import { apiPlane } from './plane.ts';
import { startServer } from './server-process.ts';
import { inTemporaryFolder } from './temporary-folder.ts';
import { figuresOf, measureInTurns, values, type Effort, type Figures } from './turns.ts';

const CONNECTIONS = 16;

/** Clients of each size. */
const CLIENTS = 256;

/** The shape of document that grows; others are measured without HTTP (parse.md). */
const SHAPE = 'redirect URIs';

const WORKLOADS = ['update', 'get'] as const;

export interface SizeLine {
  readonly workload: (typeof WORKLOADS)[number];
  readonly characters: number;
  readonly figures: Figures;
  /** Microseconds of processor time for each thousand characters more than the next smaller document has. */
  readonly perThousand: Spread | undefined;
}

export interface HttpSizeReport {
  readonly machine: Machine;
  readonly effort: Effort;
  readonly lines: readonly SizeLine[];
}

/** Measures one server with clients whose metadata has so many characters, the fewest first, in turns. */
export async function runSizeBenchmark(sizes: readonly number[], effort: Effort): Promise<HttpSizeReport> {
  const lines = await inTemporaryFolder(async (folder) => {
    const server = await startServer(['variant.ts', 'as-is'], settingsOf(await newDatabase('sqlite', folder)));
    try {
      const subjects = [];
      for (const size of sizes) {
        const document = SHAPES[SHAPE]?.(size) ?? '';
        const target: Target = { servers: [server], plane: apiPlane(document), clients: new ClientPool() };
        await fill(target, CLIENTS);
        subjects.push({ name: document.length, contender: { turn: callUnderLoad.bind(undefined, target) } });
      }
      const measured: SizeLine[] = [];
      for (const workload of WORKLOADS) {
        measured.push(...linesOf(workload, await measureInTurns(subjects, workload, CONNECTIONS, effort)));
      }
      return measured;
    } finally {
      await server.stop();
    }
  });
  return { machine: thisMachine(), effort, lines };
}

function linesOf(
  workload: SizeLine['workload'],
  measured: Awaited<ReturnType<typeof measureInTurns<number>>>,
): SizeLine[] {
  return measured.map((each, i) => {
    const smaller = measured[i - 1];
    const step = smaller && {
      characters: each.name - smaller.name,
      cpu: values(each, 'cpu').map((cpu, round) => cpu - (values(smaller, 'cpu')[round] ?? NaN)),
    };
    return {
      workload,
      characters: each.name,
      figures: figuresOf(each.results),
      perThousand: step && spread(step.cpu.map((cpu) => (1000 * cpu) / step.characters)),
    };
  });
}

export function sizePage({ machine, effort, lines }: HttpSizeReport): string {
  return `# Calls over HTTP as the metadata grows

\`npm run bench:growth\` on ${describeMachine(machine)}.

One built server on SQLite, ${CONNECTIONS} connections, clients whose metadata is a growing list of ${SHAPE}. The sizes take turns of about ${effort.turn / 1000} s,
${effort.rounds} rounds of them. \`cpu\` is the processor time of the server for a request; \`each further 1,000\` what it grows by with a thousand characters, from
the size before: about the same all the way where cost is linear. Medians, and in brackets the smallest and the greatest.

${table(
  ['operation', 'characters', 'requests a second', 'p50, ms', 'cpu, us', 'each further 1,000, us'],
  lines.map(({ workload, characters, figures, perThousand }) => [
    workload,
    characters.toLocaleString('en'),
    ...[figures.requestsPerSecond, figures.p50, figures.cpu].map(formatSpread),
    perThousand === undefined ? '' : formatSpread(perThousand),
  ]),
)}
`;
}
