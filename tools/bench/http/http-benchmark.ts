import { Postgres } from '../../../apps/server/test/support/postgres.ts';
import { thisMachine, type Machine } from '../report.ts';
import { ratio, type Spread } from '../rounds.ts';
import {
  CONTENDERS,
  isOurs,
  newDatabase,
  type Contender,
  type ContenderName,
  type Engine,
  type Start,
} from './contenders.ts';
import type { Cell } from './plan.ts';
import { inTemporaryFolder } from './temporary-folder.ts';
import { figuresOf, measureInTurns, values, type Effort, type Figures, type Measured } from './turns.ts';
import type { Workload } from './workload.ts';

export interface BenchEffort extends Effort {
  /** Clients that the calls are for. */
  readonly clients: number;
}

/** How one of ours did beside one that is not. */
export interface Comparison {
  readonly ours: string;
  readonly beside: string;
  /** How many times as many requests in a second. */
  readonly throughput: Spread;
  /** How many times the processor time that ours takes for a request the other one takes. */
  readonly efficiency: Spread;
  /** The 99th percentile of ours as a multiple of the median of the other one. */
  readonly tail: Spread;
}

export interface CellReport {
  readonly engine: Engine;
  readonly workload: Workload;
  readonly connections: number;
  readonly figures: readonly { readonly name: string; readonly figures: Figures }[];
  readonly comparisons: readonly Comparison[];
}

export interface HttpReport {
  readonly machine: Machine;
  readonly effort: BenchEffort;
  readonly cells: readonly CellReport[];
}

/** Measures the cells: each contender in processes and on a store of its own, in turns. */
export async function runHttpBenchmark(plan: readonly Cell[], effort: BenchEffort): Promise<HttpReport> {
  const cells: CellReport[] = [];
  for (const engine of ['sqlite', 'postgresql'] as const) {
    const own = plan.filter((cell) => cell.engine === engine);
    if (own.length > 0) cells.push(...(await measureEngine(engine, own, effort)));
  }
  return { machine: thisMachine(), effort, cells };
}

async function measureEngine(engine: Engine, plan: readonly Cell[], effort: BenchEffort): Promise<CellReport[]> {
  const postgres = engine === 'postgresql' ? await Postgres.start({ durable: true }) : undefined;
  try {
    return await inTemporaryFolder((folder) =>
      measureCells(plan, effort, (name) => start(engine, name, folder, postgres?.url(), effort.clients)),
    );
  } finally {
    await postgres?.remove();
  }
}

async function start(
  engine: Engine,
  name: ContenderName,
  folder: string,
  postgresUrl: string | undefined,
  clients: number,
): Promise<Contender> {
  const begin = (CONTENDERS[engine] as Partial<Record<ContenderName, Start>>)[name];
  if (begin === undefined) throw new Error(`There is no ${name} on ${engine}.`);
  return begin({ databaseUrl: await newDatabase(engine, folder, postgresUrl), clients });
}

async function measureCells(
  plan: readonly Cell[],
  effort: BenchEffort,
  startContender: (name: ContenderName) => Promise<Contender>,
): Promise<CellReport[]> {
  const contenders = new Map<ContenderName, Contender>();
  try {
    const names = [...new Set(plan.flatMap((cell) => cell.contenders))];
    const starts = await Promise.allSettled(
      names.map(async (name) => contenders.set(name, await startContender(name))),
    );
    const failed = starts.find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') throw failed.reason;
    const reports: CellReport[] = [];
    for (const cell of plan) reports.push(await measureCell(cell, contenders, effort));
    return reports;
  } finally {
    for (const contender of contenders.values()) await contender.stop();
  }
}

async function measureCell(
  { engine, workload, connections, contenders: names }: Cell,
  contenders: ReadonlyMap<ContenderName, Contender>,
  effort: Effort,
): Promise<CellReport> {
  const subjects = names.map((name) => {
    const contender = contenders.get(name);
    if (contender === undefined) throw new Error(`${name} was not started.`);
    return { name, contender };
  });
  const measured = await measureInTurns(subjects, workload, connections, effort);
  const ours = measured.filter(({ name }) => isOurs(name));
  const others = measured.filter(({ name }) => !isOurs(name));
  return {
    engine,
    workload,
    connections,
    figures: measured.map(({ name, results }) => ({ name, figures: figuresOf(results) })),
    comparisons: ours.flatMap((our) => others.map((other) => compared(our, other))),
  };
}

function compared(ours: Measured, other: Measured): Comparison {
  return {
    ours: ours.name,
    beside: other.name,
    throughput: ratio(values(ours, 'requestsPerSecond'), values(other, 'requestsPerSecond')),
    efficiency: ratio(values(other, 'cpu'), values(ours, 'cpu')),
    tail: ratio(values(ours, 'p99'), values(other, 'p50')),
  };
}
