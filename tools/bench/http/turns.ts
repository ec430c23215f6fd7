import { spread, type Spread } from '../rounds.ts';
import type { Load, LoadResult } from './load.ts';
import type { Workload } from './workload.ts';

export interface Effort {
  /** How often everything that is compared has its turn. */
  readonly rounds: number;
  /** Milliseconds of one turn, about. */
  readonly turn: number;
  /**
   * Milliseconds of processor time that each has under each load before anything is counted: in them the engine compiles what it
   * will run.
   */
  readonly warmUp: number;
}

/** What takes its turn under load. */
export interface UnderLoad {
  readonly turn: (workload: Workload, load: Load) => Promise<LoadResult>;
}

export interface Measured<Name extends string | number = string> {
  readonly name: Name;
  /** One of each round. */
  readonly results: readonly LoadResult[];
}

export type Figures = Readonly<Record<keyof LoadResult, Spread>>;

/** Calls the subjects in turn, round after round: what else the machine does falls on all of them alike. */
export async function measureInTurns<Name extends string | number>(
  subjects: readonly { readonly name: Name; readonly contender: UnderLoad }[],
  workload: Workload,
  connections: number,
  { rounds, turn, warmUp }: Effort,
): Promise<Measured<Name>[]> {
  const measured = [];
  for (const { name, contender } of subjects) {
    const requests = await requestsThatTake(turn, warmUp, contender, workload, connections);
    measured.push({ name, contender, requests, results: [] as LoadResult[] });
  }
  for (let round = 0; round < rounds; round++) {
    for (const { contender, requests, results } of measured) {
      results.push(await contender.turn(workload, { connections, requests }));
    }
  }
  return measured;
}

/**
 * Calls until that has taken so many milliseconds of the contender's processor time, more and more at once; how many requests
 * fill a turn, by the speed of the last ones.
 */
async function requestsThatTake(
  turn: number,
  warmUp: number,
  contender: UnderLoad,
  workload: Workload,
  connections: number,
): Promise<number> {
  for (let requests = connections, spent = 0; ; requests *= 2) {
    const { requestsPerSecond, cpu } = await contender.turn(workload, { connections, requests });
    spent += (cpu * requests) / 1000;
    if (spent >= warmUp) return Math.max(connections, Math.round((requestsPerSecond * turn) / 1000));
  }
}

/** What a figure was in each round. */
export function values({ results }: Pick<Measured, 'results'>, name: keyof LoadResult): number[] {
  return results.map((result) => result[name]);
}

export function figuresOf(results: readonly LoadResult[]): Figures {
  const over = (name: keyof LoadResult) => spread(values({ results }, name));
  return {
    requestsPerSecond: over('requestsPerSecond'),
    p50: over('p50'),
    p99: over('p99'),
    cpu: over('cpu'),
    generator: over('generator'),
  };
}
