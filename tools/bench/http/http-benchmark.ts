import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Postgres } from '../../../apps/server/test/support/postgres.ts';
import { thisMachine, type Machine } from '../report.ts';
import { ratio, spread, type Spread } from '../rounds.ts';
import {
  CONTENDERS,
  isOurs,
  newDatabase,
  type Contender,
  type ContenderName,
  type Engine,
  type Start,
} from './contenders.ts';
import type { LoadResult } from './load.ts';
import type { Cell } from './plan.ts';
import type { Workload } from './workload.ts';

export interface Effort {
  /** How often every contender has its turn. */
  readonly rounds: number;
  /** Milliseconds of one turn, about. */
  readonly turn: number;
  /**
   * Milliseconds of its processor time that each contender has under each load before anything is counted: in them the engine
   * compiles what it will run.
   */
  readonly warmUp: number;
  /** Clients that the calls are for. */
  readonly clients: number;
}

export type Figures = Readonly<Record<keyof LoadResult, Spread>>;

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
  readonly effort: Effort;
  readonly cells: readonly CellReport[];
}

/** Measures the cells: each contender in processes and on a store of its own, in turns. */
export async function runHttpBenchmark(plan: readonly Cell[], effort: Effort): Promise<HttpReport> {
  const cells: CellReport[] = [];
  for (const engine of ['sqlite', 'postgresql'] as const) {
    const own = plan.filter((cell) => cell.engine === engine);
    if (own.length > 0) cells.push(...(await measureEngine(engine, own, effort)));
  }
  return { machine: thisMachine(), effort, cells };
}

async function measureEngine(engine: Engine, plan: readonly Cell[], effort: Effort): Promise<CellReport[]> {
  const folder = mkdtempSync(join(tmpdir(), 'clientele-bench-'));
  const postgres = engine === 'postgresql' ? await Postgres.start({ durable: true }) : undefined;
  const contenders = new Map<ContenderName, Contender>();
  try {
    const names = [...new Set(plan.flatMap((cell) => cell.contenders))];
    const starts = await Promise.allSettled(
      names.map(async (name) => {
        const start = (CONTENDERS[engine] as Partial<Record<ContenderName, Start>>)[name];
        if (start === undefined) throw new Error(`There is no ${name} on ${engine}.`);
        const databaseUrl = await newDatabase(engine, folder, postgres?.url() ?? '');
        contenders.set(name, await start({ databaseUrl, clients: effort.clients }));
      }),
    );
    const failed = starts.find((start) => start.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    const reports: CellReport[] = [];
    for (const cell of plan) reports.push(await measureCell(cell, contenders, effort));
    return reports;
  } finally {
    for (const contender of contenders.values()) await contender.stop();
    await postgres?.remove();
    rmSync(folder, { recursive: true });
  }
}

async function measureCell(
  { engine, workload, connections, contenders: names }: Cell,
  contenders: ReadonlyMap<ContenderName, Contender>,
  { rounds, turn, warmUp }: Effort,
): Promise<CellReport> {
  const measured = names.map((name) => {
    const contender = contenders.get(name);
    if (contender === undefined) throw new Error(`${name} was not started.`);
    return { name, contender, requests: 0, results: [] as LoadResult[] };
  });
  for (const each of measured)
    each.requests = await requestsThatTake(turn, warmUp, each.contender, workload, connections);
  for (let round = 0; round < rounds; round++) {
    for (const { contender, requests, results } of measured) {
      results.push(await contender.turn(workload, { connections, requests }));
    }
  }
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

/**
 * Calls until that has taken so many milliseconds of the contender's processor time, more and more at once; how many requests
 * fill a turn, by the speed of the last ones.
 */
async function requestsThatTake(
  turn: number,
  warmUp: number,
  contender: Contender,
  workload: Workload,
  connections: number,
): Promise<number> {
  for (let requests = connections, spent = 0; ; requests *= 2) {
    const { requestsPerSecond, cpu } = await contender.turn(workload, { connections, requests });
    spent += (cpu * requests) / 1000;
    if (spent >= warmUp) return Math.max(connections, Math.round((requestsPerSecond * turn) / 1000));
  }
}

function figuresOf(results: readonly LoadResult[]): Figures {
  const over = (name: keyof LoadResult) => spread(results.map((result) => result[name]));
  return {
    requestsPerSecond: over('requestsPerSecond'),
    p50: over('p50'),
    p99: over('p99'),
    cpu: over('cpu'),
    generator: over('generator'),
  };
}

interface Measured {
  readonly name: string;
  readonly results: readonly LoadResult[];
}

function compared(ours: Measured, other: Measured): Comparison {
  const values = ({ results }: Measured, name: keyof LoadResult) => results.map((result) => result[name]);
  return {
    ours: ours.name,
    beside: other.name,
    throughput: ratio(values(ours, 'requestsPerSecond'), values(other, 'requestsPerSecond')),
    efficiency: ratio(values(other, 'cpu'), values(ours, 'cpu')),
    tail: ratio(values(ours, 'p99'), values(other, 'p50')),
  };
}
