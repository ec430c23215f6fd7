import type { Calls } from './calls.ts';
import type { Connection } from './connection.ts';
import type { Operation } from './planes.ts';

export type Load = Readonly<{ connections: number; rounds: number; seconds: number }>;

/** Microseconds of the server's processor time per request, responses per second, and latencies in milliseconds. */
export type Figures = Readonly<{ cpu: number; rate: number; p50: number; p99: number }>;

export type Subject = Readonly<{ name: string; calls: Readonly<Record<Operation, Calls>> }>;
export type Measured = Readonly<{ name: string; operation: Operation; calls: Calls; results: Figures[] }>;

/** Lets all take turns in each round, so that other load on the machine meets all of them. */
export async function measureInTurns(subjects: Subject[], operations: Operation[], load: Load): Promise<Measured[]> {
  const measured: Measured[] = operations.flatMap((operation) =>
    subjects.map(({ name, calls }) => ({ name, operation, calls: calls[operation], results: [] })),
  );
  for (let round = 0; round <= load.rounds; round++) {
    for (const { calls, results } of measured) {
      const figures = await callUnderLoad(calls, load);
      // In the first round, the engine compiles what it runs.
      if (round > 0) results.push(figures);
    }
  }
  return measured;
}

/** Sends requests over all connections at once, on each as soon as the previous request has its response. */
export async function callUnderLoad(
  calls: Calls,
  { connections, seconds }: Load,
  /** Waits for work that the server does later, whose processor time counts too. */
  later: () => Promise<void> = () => Promise.resolve(),
): Promise<Figures> {
  const { server } = calls.contender;
  const opened = await calls.open(connections);
  const latencies: number[] = [];
  const before = await server.usage();
  const start = performance.now();
  const end = start + seconds * 1000;
  const caller = async (connection: Connection) => {
    for (let sentAt = start; sentAt < end; sentAt = performance.now()) {
      await calls.send(connection);
      latencies.push(performance.now() - sentAt);
    }
  };
  await Promise.all(opened.map(caller));
  const took = (performance.now() - start) / 1000;
  await later();
  const after = await server.usage();
  for (const connection of opened) connection.close();
  const cpu = (after.cpu - before.cpu) / latencies.length;
  return { cpu, rate: latencies.length / took, p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99) };
}

/** The smallest value that is not less than this part of all values. */
export function percentile(values: readonly number[], part: number): number {
  return values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(values.length * part) - 1)] ?? NaN;
}
