import type { ContenderName } from './contenders.ts';
import type { Comparison, HttpReport } from './http-benchmark.ts';
import type { Workload } from './workload.ts';

/** What a comparison at 64 connections shall be. */
interface Target {
  readonly workload: Workload;
  readonly ours: ContenderName;
  readonly beside: ContenderName;
  readonly ratio: 'throughput' | 'tail';
  /** The ratio is to be at least, or below, so much. */
  readonly atLeast?: number;
  readonly below?: number;
}

const CONNECTIONS = 64;

const TARGETS: readonly Target[] = [
  { workload: 'update', ours: 'Clientele', beside: 'oidc-provider', ratio: 'throughput', atLeast: 5 },
  { workload: 'register', ours: 'Clientele', beside: 'oidc-provider', ratio: 'throughput', atLeast: 3 },
  { workload: 'update', ours: 'Clientele', beside: 'bare Fastify', ratio: 'throughput', atLeast: 0.65 },
  { workload: 'get', ours: 'Clientele', beside: 'bare Fastify', ratio: 'throughput', atLeast: 0.7 },
  {
    workload: 'update',
    ours: 'Clientele on PostgreSQL',
    beside: 'bare Fastify, one statement',
    ratio: 'throughput',
    atLeast: 0.8,
  },
  { workload: 'update', ours: 'Clientele', beside: 'oidc-provider', ratio: 'tail', below: 1 },
];

/** A target beside what was measured. */
export interface Judged extends Target {
  readonly comparison: Comparison;
  readonly isReached: boolean;
}

/** The targets that something was measured for. */
export function judge({ cells }: Pick<HttpReport, 'cells'>): Judged[] {
  return TARGETS.flatMap((target) => {
    const comparison = cells
      .find(({ workload, connections, figures }) => {
        return (
          workload === target.workload &&
          connections === CONNECTIONS &&
          figures.some(({ name }) => name === target.ours)
        );
      })
      ?.comparisons.find(({ ours, beside }) => ours === target.ours && beside === target.beside);
    if (comparison === undefined) return [];
    const { median } = comparison[target.ratio];
    const isReached = median >= (target.atLeast ?? -Infinity) && median < (target.below ?? Infinity);
    return [{ ...target, comparison, isReached }];
  });
}
