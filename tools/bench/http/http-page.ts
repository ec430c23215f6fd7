import { table } from '../../docs/markdown.ts';
import { describeMachine, formatSpread } from '../report.ts';
import type { Engine } from './contenders.ts';
import type { CellReport, HttpReport } from './http-benchmark.ts';
import { judge } from './targets.ts';

const ENGINES: Readonly<Record<Engine, string>> = { sqlite: 'SQLite', postgresql: 'PostgreSQL' };

export function httpPage(report: HttpReport): string {
  const { machine, effort, cells } = report;
  return `# What a call costs over HTTP

\`npm run bench\` on ${describeMachine(machine)}; the load generator, and PostgreSQL, on the same machine.

Calls are for ${effort.clients.toLocaleString('en')} clients with the same 2.5 KB of metadata, more than forty members. \`mixed\` is 80 % get, 15 % update, 4 % register
and 1 % delete. Contenders take turns of about ${effort.turn / 1000} s, ${effort.rounds} rounds of them, after a warm-up of ${effort.warmUp / 1000} s of
processor time each; a ratio is of turns in the same
round. Every figure is a median, and in brackets the smallest and the greatest. [How it is measured](README.md#how-calls-over-http-are-measured).

${targetsOf(report)}${(['sqlite', 'postgresql'] as const)
    .map((engine) =>
      sectionOf(
        engine,
        cells.filter((cell) => cell.engine === engine),
      ),
    )
    .join('')}`;
}

function targetsOf(report: HttpReport): string {
  const judged = judge(report);
  if (judged.length === 0) return '';
  return `## Targets

${table(
  ['64 connections', 'beside', 'shall be', 'is', 'reached'],
  judged.map(({ workload, ours, beside, ratio, atLeast, below, comparison, isReached }) => [
    `${workload}, ${ours}${ratio === 'tail' ? ', p99' : ''}`,
    `${beside}${ratio === 'tail' ? ', p50' : ''}`,
    atLeast === undefined ? `below ${below ?? ''} times` : `at least ${atLeast} times`,
    formatSpread(comparison[ratio]),
    isReached ? 'yes' : 'no',
  ]),
)}

`;
}

function sectionOf(engine: Engine, cells: readonly CellReport[]): string {
  if (cells.length === 0) return '';
  return `## On ${ENGINES[engine]}: ratios

Throughput: how many times the other one's requests in a second ours answers. Efficiency: how many times the processor time that
ours takes for a request the other one takes; what else the machine does changes it less.

${table(
  ['workload', 'connections', 'ours', 'beside', 'throughput', 'efficiency'],
  cells.flatMap(({ workload, connections, comparisons }) =>
    comparisons.map(({ ours, beside, throughput, efficiency }) => [
      workload,
      String(connections),
      ours,
      beside,
      formatSpread(throughput),
      formatSpread(efficiency),
    ]),
  ),
)}

## On ${ENGINES[engine]}: figures

\`cpu\` is the processor time that the contender's processes took for a request, all their threads together and without PostgreSQL's;
\`generator\` the part of one processor that the load generator took meanwhile: where it is near 1, the contender could do more.

${table(
  ['workload', 'connections', 'contender', 'requests a second', 'p50, ms', 'p99, ms', 'cpu, us', 'generator'],
  cells.flatMap(({ workload, connections, figures }) =>
    figures.map(({ name, figures: { requestsPerSecond, p50, p99, cpu, generator } }) => [
      workload,
      String(connections),
      name,
      ...[requestsPerSecond, p50, p99, cpu, generator].map(formatSpread),
    ]),
  ),
)}

`;
}
