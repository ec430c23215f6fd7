import type { HashWorker } from './hash-worker.ts';

/** Whether a presented secret has the hash. Slow functions run in other threads. */
export type Comparison = (presented: string, worker: HashWorker) => boolean | Promise<boolean>;
