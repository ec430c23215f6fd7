import { GONE, REFUSED, type Result } from './expected-client.ts';
import type { ExpectedStore } from './expected-store.ts';
import { randomMetadata } from './metadata.ts';
import type { Random } from './random.ts';
import { nameOf, SentChanges } from './sent-changes.ts';
import { UNAVAILABLE, UNKNOWN, type Outcome, type RegistrationApi } from './registration-api.ts';

const CALLERS = 32;

/** The share of each operation; the rest are updates. */
const REGISTRATIONS = 0.2;
const DELETIONS = 0.15;

/** Number of acknowledged changes by operation. */
export interface Acknowledged {
  register: number;
  update: number;
  delete: number;
}

/** The actions of the log. */
const ACTIONS: Readonly<Record<keyof Acknowledged, string>> = {
  register: 'client.created',
  update: 'client.updated',
  delete: 'client.deleted',
};

/** Number of requests that failed because the store was down. */
export interface Failed {
  /** The server reported that nothing was changed. */
  unavailable: number;
  /** The outcome is unknown. */
  unknown: number;
}

/** Notes requests and their responses: a store its registrations, a client its changes. */
interface Expected<T> {
  sends(change: T): void;
  forgets(change: T): void;
  receives(change: T, result: Result): void;
}

/** The process that may be killed under load. */
export type Target = 'server' | 'store';

/**
 * Concurrent callers that register, update and delete clients. Each sends its next request after the last response, and notes
 * requests and responses in the expected store.
 */
export class Load {
  readonly acknowledged: Acknowledged = { register: 0, update: 0, delete: 0 };
  readonly failed: Failed = { unavailable: 0, unknown: 0 };
  readonly sent = new SentChanges();
  private markers = 0;
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly store: ExpectedStore,
    private readonly random: Random,
  ) {}

  /**
   * Calls until `isOver`. A caller without a response continues if the store is killed, and ends if the server is killed.
   * Returns the number of callers that ended in this way.
   */
  async run(api: RegistrationApi, target: Target, isOver: () => boolean): Promise<number> {
    const callers = Array.from({ length: CALLERS }, () => this.callUntil(isOver, target, api, this.random.fork()));
    return (await Promise.all(callers)).filter((inFlight) => inFlight).length;
  }

  /** Waits for a condition, which is checked after every response. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        const listener = () => {
          this.listeners.delete(listener);
          resolve();
        };
        this.listeners.add(listener);
      });
    }
  }

  /** Number of all acknowledged changes. */
  get changes(): number {
    const { register, update, delete: deleted } = this.acknowledged;
    return register + update + deleted;
  }

  /** Returns whether the last request of this caller had no response. */
  private async callUntil(
    isOver: () => boolean,
    target: Target,
    api: RegistrationApi,
    random: Random,
  ): Promise<boolean> {
    while (!isOver()) {
      const responded = await this.call(api, random);
      for (const listener of this.listeners) listener();
      if (responded || target === 'store') continue;
      if (!isOver()) throw new Error('A request had no response, although nothing was killed.');
      return true;
    }
    return false;
  }

  /** Sends a random request. Returns whether it had a response. */
  private call(api: RegistrationApi, random: Random): Promise<boolean> {
    const share = random.next();
    const client = share < REGISTRATIONS ? undefined : this.store.pick(random);
    if (client !== undefined && share < REGISTRATIONS + DELETIONS) {
      return this.send('delete', client.clientId, client, { to: GONE }, () => api.delete(client));
    }
    const marker = this.newMarker();
    const metadata = randomMetadata(random, marker);
    if (client === undefined) return this.send('register', marker, this.store, metadata, () => api.register(metadata));
    return this.send('update', marker, client, { to: metadata }, () => api.update(client, metadata));
  }

  /** Sends a request, and notes it and its response. Returns whether there was a response. */
  private async send<T>(
    operation: keyof Acknowledged,
    subject: string,
    expected: Expected<T>,
    change: T,
    request: () => Promise<Outcome>,
  ): Promise<boolean> {
    expected.sends(change);
    const outcome = await request();
    this.sent.notes(nameOf(ACTIONS[operation], subject), outcome);
    if (outcome === UNKNOWN) {
      this.failed.unknown += 1;
      return false;
    }
    if (outcome === UNAVAILABLE) {
      this.failed.unavailable += 1;
      expected.forgets(change);
      return false;
    }
    expected.receives(change, outcome);
    if (outcome !== REFUSED) this.acknowledged[operation] += 1;
    return true;
  }

  private newMarker(): string {
    this.markers += 1;
    return `marker-${this.markers}`;
  }
}
