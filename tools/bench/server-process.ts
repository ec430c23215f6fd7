import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../apps/server/test/support/free-port.ts';
import { Connection } from './connection.ts';

/** A server in a process of its own, whose use of the machine can be read. */
export class ServerProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly port: number,
  ) {}

  /** Starts a file (relative to this one) with these settings, and waits until it accepts connections. */
  static async start(file: string, settings: Readonly<Record<string, string>>): Promise<ServerProcess> {
    const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));
    const port = await freePort();
    const child = fork(path(file), {
      execArgv: ['--import', path('usage.mjs'), ...(file.endsWith('.ts') ? ['--import', 'tsx'] : [])],
      env: { PATH: process.env.PATH, PORT: String(port), ...settings },
      // The log is written, but nobody reads it.
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    while (child.exitCode === null) {
      try {
        (await Connection.open(port)).close();
        return new ServerProcess(child, port);
      } catch {
        await setTimeout(2);
      }
    }
    throw new Error(`${file} ended instead of listening.`);
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** See `usage.mjs`. */
  async usage() {
    this.child.send('usage');
    const [usage] = (await once(this.child, 'message')) as [{ cpu: number; memory: number }];
    return usage;
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (this.child.kill(signal)) await once(this.child, 'exit');
  }
}
