import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Launch {
  /** By default, starts the built server. */
  readonly command?: readonly [string, ...string[]];
  readonly cwd?: string;
  /** ID of the user and of the group of the process. */
  readonly uid?: number | undefined;
  /** Whether the process leads a process group of its own. */
  readonly detached?: boolean;
}

/** The server as a process, with exactly the settings it is given, and everything that it prints. It ends with this process. */
export class ServerProcess {
  stdout = '';
  stderr = '';
  readonly ended: Promise<Ended>;
  private readonly process: ChildProcess;

  constructor(
    settings: Readonly<Record<string, string>>,
    { command = [process.execPath, MAIN], uid, ...options }: Launch = {},
  ) {
    const [program, ...words] = command;
    const started = spawn(program, words, {
      ...options,
      env: { PORT: '0', ...settings },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(uid !== undefined && { uid, gid: uid }),
    });
    started.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
    });
    started.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    this.process = started;
    this.ended = new Promise((resolve) => {
      started.on('close', (code, signal) => {
        resolve({ code, signal });
      });
    });
    const killWithThisProcess = () => started.kill('SIGKILL');
    process.on('exit', killWithThisProcess);
    started.on('exit', () => process.off('exit', killWithThisProcess));
  }

  /** The ID of the process. */
  get pid(): number {
    if (this.process.pid === undefined) throw new Error('The server could not be started.');
    return this.process.pid;
  }

  /** What the pattern finds first in the standard output, as soon as it is there. Throws when the process ends without it. */
  printed(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const found = pattern.exec(this.stdout);
        if (!found) return;
        this.process.stdout?.off('data', look);
        resolve(found);
      };
      this.process.stdout?.on('data', look);
      look();
      void this.ended.then(() => {
        reject(new Error(`The server ended without printing ${String(pattern)}.\n${this.stdout}${this.stderr}`));
      });
    });
  }

  /** Where the server can be called, as soon as it can be. */
  async listening(): Promise<string> {
    const [, baseUrl = ''] = await this.printed(/Server listening at (http:[^"\s]+)/);
    return baseUrl;
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Ended> {
    this.process.kill(signal);
    return this.ended;
  }
}
