import { setTimeout } from 'node:timers/promises';
import { ServerProcess as Process } from '../../apps/server/test/support/server-process.ts';

/** Milliseconds within which a server must listen, whatever the state of its store and the load of the machine. */
const START_LIMIT = 60_000;

/** Characters of the standard error that are reported. */
const REPORTED = 4_000;

/** The built server as a process, and the time that its start takes. */
export class ServerProcess {
  private readonly startedAt = performance.now();
  private readonly server: Process;

  /** Starts the server with exactly these settings: it does not see the environment of this process. */
  constructor(settings: Readonly<Record<string, string>>) {
    this.server = new Process(settings);
  }

  /** The end of what the server wrote to its standard error. */
  get errors(): string {
    return this.server.stderr.slice(-REPORTED);
  }

  /** Waits until the server listens. */
  async listening(): Promise<{ readonly baseUrl: string; readonly startMs: number }> {
    const tooLate = setTimeout(START_LIMIT, undefined, { ref: false }).then(() => {
      throw new Error(`The server does not listen after ${START_LIMIT} ms.`);
    });
    const baseUrl = await Promise.race([this.server.listening(), tooLate]);
    return { baseUrl, startMs: performance.now() - this.startedAt };
  }

  /** Kills the process, which gets no chance to clean up. */
  async kill(): Promise<void> {
    await this.server.stop('SIGKILL');
  }

  /** Asks the server to stop, and waits until it has stopped. */
  async stop(): Promise<void> {
    const { code, signal } = await this.server.stop();
    if (code !== 0 && signal !== 'SIGTERM') throw new Error(`The server failed to stop (${code ?? signal!}).`);
  }
}
