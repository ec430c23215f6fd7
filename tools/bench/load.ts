import type { Calls } from './calls.ts';
import type { Connection } from './connection.ts';

export interface Load {
  readonly connections: number;
  readonly rounds: number;
  readonly seconds: number;
}

export interface Figures {
  /** Microseconds of the server's processor time per request. */
  readonly cpu: number;
  /** Responses per second. */
  readonly rate: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

/** Sends requests over all connections at once, on each as soon as the previous request has its response. */
export async function callUnderLoad(calls: Calls, { connections, seconds }: Load): Promise<Figures> {
  const { server } = calls.contender;
  const opened = await calls.open(connections);
  const latencies: number[] = [];
  const before = await server.usage();
  const start = performance.now();
  const caller = async (connection: Connection) => {
    for (let sentAt = start; sentAt < start + seconds * 1000;) {
      await calls.send(connection);
      const now = performance.now();
      latencies.push(now - sentAt);
      sentAt = now;
    }
  };
  await Promise.all(opened.map(caller));
  const took = (performance.now() - start) / 1000;
  const after = await server.usage();
  for (const connection of opened) connection.close();
  return {
    cpu: (after.cpu - before.cpu) / latencies.length,
    rate: latencies.length / took,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
  };
}

/** Lets contenders take turns in each round, so that other load on the machine meets all of them. */
export async function measureInTurns(
  contenders: readonly { readonly calls: Calls; readonly results: Figures[] }[],
  load: Load,
): Promise<void> {
  for (let round = 0; round <= load.rounds; round++) {
    for (const { calls, results } of contenders) {
      const figures = await callUnderLoad(calls, load);
      // In the first round, the engine compiles what it runs.
      if (round > 0) results.push(figures);
    }
  }
}

/** The smallest value that is not less than this part of all values. */
export function percentile(values: readonly number[], part: number): number {
  return values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(values.length * part) - 1)] ?? NaN;
}
