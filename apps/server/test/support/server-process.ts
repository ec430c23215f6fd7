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
  /** The ID of the user and group of the process. */
  readonly uid?: number | undefined;
  /** Whether the process leads its own process group. */
  readonly detached?: boolean;
}

/** A server process with exactly the given settings, and its output. It ends with this process. */
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

  /** Waits for the first match in the standard output. Throws if the process ends without a match. */
  printed(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const check = (): void => {
        const found = pattern.exec(this.stdout);
        if (!found) return;
        this.process.stdout?.off('data', check);
        resolve(found);
      };
      this.process.stdout?.on('data', check);
      check();
      void this.ended.then(() => {
        reject(new Error(`The server ended without printing ${String(pattern)}.\n${this.stdout}${this.stderr}`));
      });
    });
  }

  /** Waits until the server is listening, and returns its base URL. */
  async listening(): Promise<string> {
    const [, baseUrl = ''] = await this.printed(/Server listening at (http:[^"\s]+)/);
    return baseUrl;
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Ended> {
    this.process.kill(signal);
    return this.ended;
  }
}
