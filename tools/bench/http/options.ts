import { parseArgs } from 'node:util';
import type { BenchEffort } from './http-benchmark.ts';
import { PLAN, type Cell } from './plan.ts';
import { WORKLOADS } from './workload.ts';

export const USAGE = `npm run bench -- [workload...] [options]

Workloads: ${WORKLOADS.join(', ')}; all of them when none is named.

  --engine <name>        sqlite or postgresql only
  --connections <n>      only the loads of so many connections (1, 16, 64, 256); may be given several times
  --contender <text>     only contenders whose name has this in it; may be given several times
  --rounds <n>           rounds (5 when not given)
  --turn <ms>            milliseconds of a turn
  --warm-up <ms>         milliseconds of processor time of a warm-up
  --write                write the pages in docs/benchmarks even when not everything was measured`;

export interface BenchOptions {
  readonly plan: readonly Cell[];
  readonly effort: BenchEffort;
  /** Whether the pages are written: what is measured is all there is, or it was asked for. */
  readonly writes: boolean;
}

const EFFORT: BenchEffort = { rounds: 5, turn: 1_200, warmUp: 2_000, clients: 1_000 };

/** What is to be measured, by the arguments of the command. Throws, with a reason for people, where they make no sense. */
export function optionsFrom(args: readonly string[]): BenchOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      engine: { type: 'string' },
      connections: { type: 'string', multiple: true },
      contender: { type: 'string', multiple: true },
      rounds: { type: 'string' },
      turn: { type: 'string' },
      'warm-up': { type: 'string' },
      write: { type: 'boolean', default: false },
    },
  });
  const unknown = positionals.find((name) => !WORKLOADS.some((workload) => workload === name));
  if (unknown !== undefined) throw new Error(`${unknown} is no workload. There are ${WORKLOADS.join(', ')}.`);
  const plan = PLAN.filter(
    ({ engine, workload, connections }) =>
      (positionals.length === 0 || positionals.includes(workload)) &&
      (values.engine === undefined || values.engine === engine) &&
      (values.connections === undefined || values.connections.includes(String(connections))),
  )
    .map((cell) => ({
      ...cell,
      contenders: cell.contenders.filter(
        (name) => values.contender === undefined || values.contender.some((part) => name.includes(part)),
      ),
    }))
    .filter(({ contenders }) => contenders.length > 0);
  if (plan.length === 0) throw new Error('Nothing of what is measured is left.');
  const effort = {
    ...EFFORT,
    ...(values.rounds !== undefined && { rounds: positive('rounds', values.rounds) }),
    ...(values.turn !== undefined && { turn: positive('turn', values.turn) }),
    ...(values['warm-up'] !== undefined && { warmUp: positive('warm-up', values['warm-up']) }),
  };
  return { plan, effort, writes: args.length === 0 || values.write };
}

function positive(name: string, value: string): number {
  if (!/^[1-9]\d*$/.test(value)) throw new Error(`--${name} must be a positive whole number.`);
  return Number(value);
}
