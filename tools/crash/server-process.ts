import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../apps/server/dist/main.js', import.meta.url));

/** Milliseconds in which a server must be there, whatever state it finds its store in and however busy the machine is. */
const START_LIMIT = 60_000;

const LISTENING = /Server listening at (http:[^"\s]+)/;

/** Characters of what the server writes that are kept. */
const KEPT = 4_000;

/** The built server as a process of its own, on a free port. */
export class ServerProcess {
  private readonly startedAt = performance.now();
  private readonly process: ChildProcess;
  /** The exit code, or the signal that ended the process. */
  private readonly ended: Promise<number | NodeJS.Signals>;
  private readonly address: Promise<string>;
  private lastErrors = '';

  /** Starts the server with exactly these settings: nothing of this process's environment reaches it. */
  constructor(settings: Readonly<Record<string, string>>) {
    const server = spawn(process.execPath, [MAIN], {
      env: { PORT: '0', ...settings },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.process = server;
    this.ended = new Promise((resolve, reject) => {
      server.on('error', reject);
      server.on('exit', (code, signal) => {
        resolve(code ?? signal!);
      });
    });
    this.address = new Promise((resolve) => {
      let output = '';
      server.stdout.setEncoding('utf8').on('data', (text: string) => {
        output = (output + text).slice(-KEPT);
        const baseUrl = LISTENING.exec(output)?.[1];
        if (baseUrl !== undefined) resolve(baseUrl);
      });
    });
    server.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.lastErrors = (this.lastErrors + text).slice(-KEPT);
    });

    const killWithThisProcess = () => server.kill('SIGKILL');
    process.on('exit', killWithThisProcess);
    server.on('exit', () => process.off('exit', killWithThisProcess));
  }

  /** What the server wrote of errors; empty as long as there is none. */
  get errors(): string {
    return this.lastErrors;
  }

  /** Waits until the server can be called: where it is, and the milliseconds that its start took. */
  async listening(): Promise<{ readonly baseUrl: string; readonly startMs: number }> {
    const baseUrl = await Promise.race([
      this.address,
      this.ended.then((end) => this.fail(`ended (${end}) instead of listening`)),
      setTimeout(START_LIMIT, undefined, { ref: false }).then(() =>
        this.fail(`does not listen after ${START_LIMIT} ms`),
      ),
    ]);
    return { baseUrl, startMs: performance.now() - this.startedAt };
  }

  /** Ends the process without giving it a chance to do anything about it. */
  async kill(): Promise<void> {
    this.process.kill('SIGKILL');
    await this.ended;
  }

  /** Asks the server to stop, and waits for it. */
  async stop(): Promise<void> {
    this.process.kill('SIGTERM');
    const end = await this.ended;
    if (end !== 0 && end !== 'SIGTERM') this.fail(`ended (${end}) instead of stopping`);
  }

  private fail(problem: string): never {
    throw new Error(`The server ${problem}.`);
  }
}
