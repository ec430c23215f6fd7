import { OPERATIONS, type Operation } from './plane.ts';

export const WORKLOADS = [...OPERATIONS, 'mixed'] as const;

export type Workload = (typeof WORKLOADS)[number];

/** Of a hundred calls of the mixed workload. */
const MIX: Readonly<Record<Operation, number>> = { get: 80, update: 15, register: 4, delete: 1 };

const MIXED = OPERATIONS.flatMap((operation) => Array<Operation>(MIX[operation]).fill(operation));

/** Has no factor in common with a hundred: visits every place of the mix once, and neighbours far from each other. */
const STEP = 37;

/** The operation of each call, one after the other. */
export function operationsOf(workload: Workload): () => Operation {
  if (workload !== 'mixed') return () => workload;
  let place = 0;
  return () => MIXED[(place = (place + STEP) % MIXED.length)] ?? 'get';
}

/** How many clients a workload of so many calls removes. */
export function deletionsIn(workload: Workload, requests: number): number {
  if (workload === 'delete') return requests;
  return workload === 'mixed' ? Math.ceil((requests * MIX.delete) / MIXED.length) : 0;
}
