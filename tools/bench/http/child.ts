import type { AddressInfo, Server } from 'node:net';

/** What a server process tells the benchmark that started it. */
export interface Message {
  readonly port: number;
  /** Microseconds of processor time that the process has taken so far. */
  readonly cpu: number;
  /** Bytes of memory that the process has now, its resident set. */
  readonly memory: number;
}

/** Tells the benchmark where the server listens, and from then on, when asked, what the process has taken of the machine. */
export function answerBenchmark(server: Server): void {
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    tell({ cpu: user + system, memory: process.memoryUsage.rss() });
  });
  process.once('disconnect', () => process.exit());
  tell({ port: (server.address() as AddressInfo).port });
}

function tell(message: Partial<Message>): void {
  process.send?.(message);
}
