import { setTimeout } from 'node:timers/promises';
import type { ExpectedClient } from './expected-client.ts';
import { ExpectedStore } from './expected-store.ts';
import { Load, type Acknowledged, type Unanswered } from './load.ts';
import { Random } from './random.ts';
import { RegistrationApi, type Caller } from './registration-api.ts';
import { ServerProcess } from './server-process.ts';
import { newStore, type Engine, type StoreUnderTest } from './store-under-test.ts';
import { verify } from './verify.ts';

const CALLER: Caller = { serviceId: 986126671, accessToken: 'an-api-access-token-for-the-crash-test' };

/** Milliseconds under load, at least, until the server is killed. */
const SHORTEST_LOAD = 300;
const LONGEST_LOAD = 900;

/** One round in so many begins with a server that is killed already while it starts, the first on an empty store. */
const KILLED_STARTS = 4;
const LONGEST_KILLED_START = 1_000;

/** Requests that must have been answered with the store gone, and after it is back, before a round ends. */
const UNAVAILABLE_ANSWERS = 50;
const ANSWERS_AFTERWARDS = 200;

/** Clients that a round did not touch and that are verified nevertheless. */
const OTHERS = 100;

export interface CrashTestOptions {
  readonly rounds: number;
  /** SQLite, where nothing is said. */
  readonly engine?: Engine;
  /** Repeats the choices of an earlier run, though not its timing. */
  readonly seed: number;
  /** Called after each round with the figures so far. */
  readonly progress?: (figures: Figures) => void;
}

/** What a crash test did. */
export interface Figures {
  rounds: number;
  /** Servers killed under load. */
  killedServers: number;
  /** Stores killed under load, where they are processes of their own. */
  killedStores: number;
  readonly acknowledged: Acknowledged;
  /** Requests that were told, or not even told, that the store was not there. */
  readonly unanswered: Unanswered;
  /** Servers killed while they started. */
  killedStarts: number;
  /** Requests that a kill left without an answer. */
  inFlight: number;
  /** Those of them that turned out to have been carried out. */
  carriedOut: number;
  /** Milliseconds that each start of a server after a kill took. */
  readonly restarts: number[];
  /** Milliseconds from the restart of a killed store to the first change that the server, which was not, made on it. */
  readonly recoveries: number[];
}

/**
 * Kills the server under load with SIGKILL, round after round on the same store, and verifies after each restart that
 * everything it had answered is there, and of everything else either all or nothing. Where the store is a process of its own,
 * it is killed in every other round in the place of the server: that answers 503 until the store is back, and then goes on.
 *
 * What a killed process has written, the operating system still has. That a commit also survives the loss of power follows
 * from SQLite's `synchronous = FULL` and cannot be seen from here.
 */
export async function crashTest(options: CrashTestOptions): Promise<Figures> {
  const store = await newStore(options.engine ?? 'sqlite');
  try {
    const figures = await new CrashTest(store, options).run();
    await store.remove();
    return figures;
  } catch (error) {
    throw new Error(`${(error as Error).message}\nThe data directory was kept: ${store.place}`, { cause: error });
  }
}

class CrashTest {
  private readonly random: Random;
  private readonly store = new ExpectedStore();
  private readonly load: Load;
  private readonly settings: Readonly<Record<string, string>>;
  private readonly figures: Figures;

  constructor(
    private readonly underTest: StoreUnderTest,
    private readonly options: CrashTestOptions,
  ) {
    this.random = new Random(options.seed);
    this.load = new Load(this.store, this.random.fork());
    this.settings = {
      ...underTest.settings,
      // Each start listens on another port, and the URLs in answers are to stay as they were given out.
      BASE_URL: 'https://clients.example.com',
      BOOTSTRAP_SERVICE_ID: String(CALLER.serviceId),
      BOOTSTRAP_ACCESS_TOKEN: CALLER.accessToken,
    };
    const { acknowledged, unanswered } = this.load;
    const none = { rounds: 0, killedServers: 0, killedStores: 0, killedStarts: 0, inFlight: 0, carriedOut: 0 };
    this.figures = { ...none, acknowledged, unanswered, restarts: [], recoveries: [] };
  }

  async run(): Promise<Figures> {
    while (this.figures.rounds < this.options.rounds) {
      if (this.figures.rounds % KILLED_STARTS === 0) await this.killWhileStarting();
      await this.withServer(async (server, api) => {
        await this.verify(api, this.store.takeChanged(this.random, OTHERS));
        const { process } = this.underTest;
        if (process !== undefined && this.figures.rounds % 2 === 0) await this.killStoreUnderLoad(process, api);
        else await this.killUnderLoad(server, api);
      });
      this.figures.rounds += 1;
      this.options.progress?.(this.figures);
    }
    await this.withServer(async (server, api) => {
      await this.verify(api, this.store.clients);
      await server.stop();
    });
    this.figures.carriedOut += this.store.settle(await this.underTest.rows());
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
    const load = this.load.run(api, 'server', () => killed);
    await this.underLoad(load);
    killed = true;
    await server.kill();
    this.figures.inFlight += await load;
    this.figures.killedServers += 1;
  }

  /** Waits for a while, and until a change of every kind was acknowledged, so that each kill has something to lose. */
  private async underLoad(load: Promise<number>): Promise<void> {
    const { register, update, delete: deleted } = this.load.acknowledged;
    const everyChange = this.load.until(() => {
      const { acknowledged } = this.load;
      return acknowledged.register > register && acknowledged.update > update && acknowledged.delete > deleted;
    });
    const aWhile = setTimeout(this.random.between(SHORTEST_LOAD, LONGEST_LOAD));
    // The load ends before the kill only by what it found wrong.
    await Promise.race([load, Promise.all([everyChange, aWhile])]);
  }

  /** The server lives on: it says that the store is not there, for as long as it is not, and goes on by itself. */
  private async killStoreUnderLoad(store: NonNullable<StoreUnderTest['process']>, api: RegistrationApi): Promise<void> {
    let over = false;
    const load = this.load.run(api, 'store', () => over);
    const reaches = (condition: () => boolean) => Promise.race([load, this.load.until(condition)]);
    await this.underLoad(load);
    const { unanswered } = this.load;
    const unansweredBefore = unanswered.unavailable;
    await store.kill();
    await reaches(() => unanswered.unavailable >= unansweredBefore + UNAVAILABLE_ANSWERS);
    await store.resume();
    const resumedAt = performance.now();
    const { answered } = this.load;
    await reaches(() => this.load.answered > answered);
    this.figures.recoveries.push(performance.now() - resumedAt);
    await reaches(() => this.load.answered > answered + ANSWERS_AFTERWARDS);
    over = true;
    await load;
    this.figures.killedStores += 1;
    await this.verify(api, this.store.takeChanged(this.random, OTHERS));
  }
}
