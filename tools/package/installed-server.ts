import { ServerProcess, type Ended } from '../../apps/server/test/support/server-process.ts';

/** How to start a server where it is installed. */
export interface InstalledServerOptions {
  readonly command: readonly [string, ...string[]];
  readonly folder: string;
  /** The whole environment of the process, apart from the port. */
  readonly environment: Readonly<Record<string, string>>;
  /** ID of the user and of the group of the process; by default, those of this process. */
  readonly user?: number | undefined;
}

/** An installed server that prints the credentials of its first start. */
export class InstalledServer extends ServerProcess {
  constructor({ command, folder, environment, user }: InstalledServerOptions) {
    // npm does not pass signals on to the server that it starts. A terminal sends them to the whole group, and so does stop().
    super(environment, { command, cwd: folder, uid: user, detached: true });
  }

  /** The address and the credentials of the server. */
  async firstStart(): Promise<{ readonly baseUrl: string; readonly serviceId: string; readonly accessToken: string }> {
    return {
      baseUrl: await this.listening(),
      serviceId: (await this.printed(/Service ID +(\d+)/))[1]!,
      accessToken: (await this.printed(/API access token +(\S+)\n/))[1]!,
    };
  }

  /** Sends a signal to the command and to all that it started, and waits until they have ended. */
  override stop(signal: NodeJS.Signals): Promise<Ended> {
    process.kill(-this.pid, signal);
    return this.ended;
  }
}
