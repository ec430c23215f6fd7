import type { Profiler } from 'node:inspector';
import { Session } from 'node:inspector/promises';
import type { AddressInfo, Server } from 'node:net';

/** What a server process tells the benchmark that started it. */
export interface Message {
  readonly port: number;
  /** Microseconds of processor time that the process has taken so far. */
  readonly cpu: number;
  /** Bytes of memory that the process has now, its resident set. */
  readonly memory: number;
  readonly profiling: true;
  readonly profile: Profiler.Profile;
}

/** What the benchmark asks for. */
export type Question = 'usage' | 'start profile' | 'stop profile';

/** Tells the benchmark where the server listens, and from then on, when asked, what the process does with the machine. */
export function answerBenchmark(server: Server): void {
  process.on('message', (question: Question) => {
    if (question === 'usage') {
      const { user, system } = process.cpuUsage();
      tell({ cpu: user + system, memory: process.memoryUsage.rss() });
    } else if (question === 'start profile') {
      profiler.connect();
      void profiler
        .post('Profiler.enable')
        .then(() => profiler.post('Profiler.start'))
        .then(() => {
          tell({ profiling: true });
        });
    } else {
      void profiler.post('Profiler.stop').then(({ profile }) => {
        tell({ profile });
      });
    }
  });
  process.once('disconnect', () => process.exit());
  tell({ port: (server.address() as AddressInfo).port });
}

const profiler = new Session();

function tell(message: Partial<Message>): void {
  process.send?.(message);
}
