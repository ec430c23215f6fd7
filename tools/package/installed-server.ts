import { spawn, type ChildProcess } from 'node:child_process';

/** How a server is started from where it is installed. */
export interface Launch {
  readonly command: readonly [string, ...string[]];
  readonly folder: string;
  /** All that it knows of the environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** ID of the user and the group that it runs as; those of this process when unset. */
  readonly user?: number | undefined;
}

/** A server that prints the credentials of its first start: a command, and whatever processes it starts. */
export class InstalledServer {
  /** The exit code of the command, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  private readonly process: ChildProcess;
  private output = '';

  constructor({ command: [program, ...words], folder, environment, user }: Launch) {
    this.process = spawn(program, words, {
      cwd: folder,
      env: { ...environment, PORT: '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
      // npm's commands leave it to the terminal to pass signals on to what they started: to all of their group.
      detached: true,
      ...(user !== undefined && { uid: user, gid: user }),
    });
    const keep = (text: string): void => {
      this.output += text;
    };
    this.process.stdout?.setEncoding('utf8').on('data', keep);
    this.process.stderr?.setEncoding('utf8').on('data', keep);
    this.ended = new Promise((resolve, reject) => {
      this.process.on('error', reject);
      // Not `exit`: the command may end before the server that it started, which has the other ends of the pipes.
      this.process.on('close', (code, signal) => {
        resolve(code ?? signal!);
      });
    });
  }

  /** Where the server can be called, and with what. */
  async firstStart(): Promise<{ readonly baseUrl: string; readonly serviceId: string; readonly accessToken: string }> {
    return {
      baseUrl: await this.printed(/Server listening at (http:[^"\s]+)/),
      serviceId: await this.printed(/Service ID +(\d+)/),
      accessToken: await this.printed(/API access token +(\S+)\n/),
    };
  }

  /** Sends a signal to the command and all that it started, and waits until they have ended: how the command ended. */
  stop(signal: NodeJS.Signals): Promise<number | NodeJS.Signals> {
    process.kill(-this.process.pid!, signal);
    return this.ended;
  }

  /** What the first group of the pattern finds in the output. Throws when the processes end without it. */
  private printed(pattern: RegExp): Promise<string> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const [, found] = pattern.exec(this.output) ?? [];
        if (found !== undefined) resolve(found);
      };
      this.process.stdout?.on('data', look);
      look();
      void this.ended.then((end) => {
        reject(new Error(`The server ended (${end}) without printing ${String(pattern)}.\n${this.output}`));
      }, reject);
    });
  }
}
