import { setTimeout } from 'node:timers/promises';
import type { ExpectedClient } from './expected-client.ts';
import { ExpectedStore } from './expected-store.ts';
import { Load, type Acknowledged, type Failed } from './load.ts';
import { checkLog, type StoreContents } from './log-check.ts';
import { Random } from './random.ts';
import { RegistrationApi, type Caller } from './registration-api.ts';
import { ServerProcess } from './server-process.ts';
import { newStore, type Engine, type StoreUnderTest } from './store-under-test.ts';
import { verify } from './verify.ts';

const CALLER: Caller = { serviceId: 986126671, accessToken: 'an-api-access-token-for-the-crash-test' };

/** Range of milliseconds under load before a kill. */
const SHORTEST_LOAD = 300;
const LONGEST_LOAD = 900;

/** Every fourth round begins with a server that is killed while it starts; the first one starts on an empty store. */
const KILLED_STARTS = 4;
const LONGEST_KILLED_START = 1_000;

/** Rounds after which the log is checked, and at the end. */
const ROUNDS_PER_LOG_CHECK = 20;

/** Responses that a round waits for while the store is down, and after it is back. */
const UNAVAILABLE_RESPONSES = 50;
const RESPONSES_AFTERWARDS = 200;

/** Unchanged clients that are verified too in each round. */
const OTHERS = 100;

export interface CrashTestOptions {
  readonly rounds: number;
  /** SQLite by default. */
  readonly engine?: Engine;
  /** Repeats the random choices of an earlier run, but not its timing. */
  readonly seed: number;
  /** Called after each round with the figures so far. */
  readonly progress?: (figures: Figures) => void;
}

/** The figures of a crash test. */
export interface Figures {
  rounds: number;
  /** Servers killed under load. */
  killedServers: number;
  /** Stores killed under load. */
  killedStores: number;
  readonly acknowledged: Acknowledged;
  /** Requests that failed because the store was down. */
  readonly failed: Failed;
  /** Servers killed during their start. */
  killedStarts: number;
  /** Requests that have no response because of a kill. */
  inFlight: number;
  /** Requests without a response that the server had carried out. */
  carriedOut: number;
  /** Checks of the log. */
  logChecks: number;
  /** Changes in the log at the last check: sealed, and still pending. */
  sealed: number;
  pending: number;
  /** Largest number of pending changes that a check found. */
  mostPending: number;
  /** Milliseconds of each start of a server after a kill. */
  readonly restarts: number[];
  /** Milliseconds from each restart of a killed store to the first change afterwards. */
  readonly recoveries: number[];
}

/**
 * Kills the server under load with SIGKILL, round after round on the same store. After each restart, every acknowledged change
 * must be there and in the log, and every other change either completely or not at all. PostgreSQL is killed instead of the server in every
 * other round; the server responds with 503 until PostgreSQL is back, and then continues.
 *
 * The test does not prove that a commit survives a power failure, because the operating system still has what a killed
 * process has written. SQLite's `synchronous = FULL` is responsible for that.
 */
export async function crashTest(options: CrashTestOptions): Promise<Figures> {
  const store = await newStore(options.engine ?? 'sqlite');
  try {
    const figures = await new CrashTest(store, options).run();
    await store.remove();
    return figures;
  } catch (error) {
    throw new Error(`${(error as Error).message}\nThe data directory is still there: ${store.place}`, { cause: error });
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
      // Each start uses another port, but the URLs in responses must not change.
      BASE_URL: 'https://clients.example.com',
      OPEN_REGISTRATIONS_PER_DAY: '0',
      OPEN_UPDATES_PER_DAY: '0',
      UPDATES_PER_CLIENT_PER_DAY: '0',
      BOOTSTRAP_SERVICE_ID: String(CALLER.serviceId),
      BOOTSTRAP_ACCESS_TOKEN: CALLER.accessToken,
    };
    const { acknowledged, failed } = this.load;
    const none = { rounds: 0, killedServers: 0, killedStores: 0, killedStarts: 0, inFlight: 0, carriedOut: 0 };
    const log = { logChecks: 0, sealed: 0, pending: 0, mostPending: 0 };
    this.figures = { ...none, ...log, acknowledged, failed, restarts: [], recoveries: [] };
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
      if (this.figures.rounds % ROUNDS_PER_LOG_CHECK === 0) await this.checkLog();
      this.options.progress?.(this.figures);
    }
    await this.withServer(async (server, api) => {
      await this.verify(api, this.store.clients);
      await server.stop();
    });
    const { client } = await this.checkLog();
    this.figures.carriedOut += this.store.settle(client);
    return this.figures;
  }

  /** Compares the log with the store and with the requests while no server runs. */
  private async checkLog(): Promise<StoreContents> {
    const contents = await this.underTest.contents();
    const { sealed, pending } = checkLog(contents, this.load.sent);
    const { mostPending, logChecks } = this.figures;
    Object.assign(this.figures, {
      sealed,
      pending,
      mostPending: Math.max(mostPending, pending),
      logChecks: logChecks + 1,
    });
    return contents;
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

  /** Waits for a random time, and until a change of every kind is acknowledged, so that each kill can lose something. */
  private async underLoad(load: Promise<number>): Promise<void> {
    const { register, update, delete: deleted } = this.load.acknowledged;
    const everyChange = this.load.until(() => {
      const { acknowledged } = this.load;
      return acknowledged.register > register && acknowledged.update > update && acknowledged.delete > deleted;
    });
    const aWhile = setTimeout(this.random.between(SHORTEST_LOAD, LONGEST_LOAD));
    // Before the kill, the load ends only with an error.
    await Promise.race([load, Promise.all([everyChange, aWhile])]);
  }

  /** The server must report that the store is down, and continue without a restart when the store is back. */
  private async killStoreUnderLoad(store: NonNullable<StoreUnderTest['process']>, api: RegistrationApi): Promise<void> {
    let over = false;
    const load = this.load.run(api, 'store', () => over);
    const reaches = (condition: () => boolean) => Promise.race([load, this.load.until(condition)]);
    await this.underLoad(load);
    const { failed } = this.load;
    const unavailableBefore = failed.unavailable;
    await store.kill();
    await reaches(() => failed.unavailable >= unavailableBefore + UNAVAILABLE_RESPONSES);
    await store.resume();
    const resumedAt = performance.now();
    const { changes } = this.load;
    await reaches(() => this.load.changes > changes);
    this.figures.recoveries.push(performance.now() - resumedAt);
    await reaches(() => this.load.changes > changes + RESPONSES_AFTERWARDS);
    over = true;
    await load;
    this.figures.killedStores += 1;
    await this.verify(api, this.store.takeChanged(this.random, OTHERS));
  }
}
