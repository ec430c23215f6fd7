import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { ExpectedClient } from './expected-client.ts';
import { ExpectedStore } from './expected-store.ts';
import { Load, type Acknowledged } from './load.ts';
import { Random } from './random.ts';
import { RegistrationApi, type Caller } from './registration-api.ts';
import { ServerProcess } from './server-process.ts';
import { readStoppedStore } from './stopped-store.ts';
import { verify } from './verify.ts';

const CALLER: Caller = { serviceId: 986126671, accessToken: 'an-api-access-token-for-the-crash-test' };

/** Milliseconds under load until the server is killed. */
const SHORTEST_LOAD = 300;
const LONGEST_LOAD = 900;

/** One round in so many begins with a server that is killed already while it starts, the first on an empty store. */
const KILLED_STARTS = 4;
const LONGEST_KILLED_START = 1_000;

/** Clients that a round did not touch and that are verified nevertheless. */
const OTHERS = 100;

export interface CrashTestOptions {
  readonly rounds: number;
  /** Repeats the choices of an earlier run, though not its timing. */
  readonly seed: number;
  /** Called after each round with the figures so far. */
  readonly progress?: (figures: Figures) => void;
}

/** What a crash test did. */
export interface Figures {
  /** As many servers were killed under load. */
  rounds: number;
  readonly acknowledged: Acknowledged;
  /** Servers killed while they started. */
  killedStarts: number;
  /** Requests that a kill left without an answer. */
  inFlight: number;
  /** Those of them that turned out to have been carried out. */
  carriedOut: number;
  /** Milliseconds that each start after a kill took. */
  readonly restarts: number[];
}

/**
 * Kills the server under load with SIGKILL, round after round on the same store, and verifies after each restart that
 * everything it had answered is there, and of everything else either all or nothing.
 *
 * What a killed process has written, the operating system still has. That a commit also survives the loss of power follows
 * from SQLite's `synchronous = FULL` and cannot be seen from here.
 */
export async function crashTest(options: CrashTestOptions): Promise<Figures> {
  const dataDir = await mkdtemp(join(tmpdir(), 'clientele-crash-test-'));
  try {
    const figures = await new CrashTest(dataDir, options).run();
    await rm(dataDir, { recursive: true });
    return figures;
  } catch (error) {
    throw new Error(`${(error as Error).message}\nThe data directory was kept: ${dataDir}`, { cause: error });
  }
}

class CrashTest {
  private readonly random: Random;
  private readonly store = new ExpectedStore();
  private readonly load: Load;
  private readonly settings: Readonly<Record<string, string>>;
  private readonly figures: Figures;

  constructor(
    private readonly dataDir: string,
    private readonly options: CrashTestOptions,
  ) {
    this.random = new Random(options.seed);
    this.load = new Load(this.store, this.random.fork());
    this.settings = {
      DATA_DIR: dataDir,
      // Each start listens on another port, and the URLs in answers are to stay as they were given out.
      BASE_URL: 'https://clients.example.com',
      BOOTSTRAP_SERVICE_ID: String(CALLER.serviceId),
      BOOTSTRAP_ACCESS_TOKEN: CALLER.accessToken,
    };
    const { acknowledged } = this.load;
    this.figures = { rounds: 0, acknowledged, killedStarts: 0, inFlight: 0, carriedOut: 0, restarts: [] };
  }

  async run(): Promise<Figures> {
    while (this.figures.rounds < this.options.rounds) {
      if (this.figures.rounds % KILLED_STARTS === 0) await this.killWhileStarting();
      await this.withServer(async (server, api) => {
        await this.verify(api, this.store.takeChanged(this.random, OTHERS));
        await this.killUnderLoad(server, api);
      });
      this.figures.rounds += 1;
      this.options.progress?.(this.figures);
    }
    await this.withServer(async (server, api) => {
      await this.verify(api, this.store.clients);
      await server.stop();
    });
    this.figures.carriedOut += this.store.settle(await readStoppedStore(join(this.dataDir, 'clientele.db')));
    return this.figures;
  }

  private async killWhileStarting(): Promise<void> {
    const server = new ServerProcess(this.settings);
    await setTimeout(this.random.between(0, LONGEST_KILLED_START));
    await server.kill();
    this.figures.killedStarts += 1;
  }

  private async withServer(use: (server: ServerProcess, api: RegistrationApi) => Promise<void>): Promise<void> {
    const server = new ServerProcess(this.settings);
    try {
      const { baseUrl, startMs } = await server.listening();
      if (this.figures.rounds > 0) this.figures.restarts.push(startMs);
      await use(server, new RegistrationApi(baseUrl, CALLER));
    } catch (error) {
      throw new Error(`${(error as Error).message}\n${server.errors}`, { cause: error });
    } finally {
      await server.kill();
    }
  }

  private async verify(api: RegistrationApi, clients: readonly ExpectedClient[]): Promise<void> {
    this.figures.carriedOut += await verify(api, clients);
  }

  private async killUnderLoad(server: ServerProcess, api: RegistrationApi): Promise<void> {
    let killed = false;
    const load = this.load.run(api, () => killed);
    // The load ends before the kill only by what it found wrong.
    await Promise.race([load, setTimeout(this.random.between(SHORTEST_LOAD, LONGEST_LOAD))]);
    killed = true;
    await server.kill();
    this.figures.inFlight += await load;
  }
}
