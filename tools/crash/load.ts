import type { ClientMetadata } from '@clientele/model/metadata';
import { GONE, REFUSED, type Change, type ExpectedClient } from './expected-client.ts';
import type { ExpectedStore } from './expected-store.ts';
import { randomMetadata } from './metadata.ts';
import type { Random } from './random.ts';
import { UNAVAILABLE, UNKNOWN, type Outcome, type RegistrationApi } from './registration-api.ts';

const CALLERS = 32;

/** The share of each operation; the rest are updates. */
const REGISTRATIONS = 0.2;
const DELETIONS = 0.15;

/** How many changes were answered, by operation. */
export interface Acknowledged {
  register: number;
  update: number;
  delete: number;
}

/** How many requests were not, because the store was not there. */
export interface Unanswered {
  /** Nothing was changed, the server says. */
  unavailable: number;
  /** Nobody knows whether it was. */
  unknown: number;
}

/** What may end under load. */
export type Target = 'server' | 'store';

/**
 * Callers that register, update and delete clients side by side, each as fast as it is answered, and note in the expected
 * store what they send and what they are told.
 */
export class Load {
  readonly acknowledged: Acknowledged = { register: 0, update: 0, delete: 0 };
  readonly unanswered: Unanswered = { unavailable: 0, unknown: 0 };
  private markers = 0;
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly store: ExpectedStore,
    private readonly random: Random,
  ) {}

  /**
   * Calls until it is told to stop. While the store may be gone, callers go on without answers; while the server may, those
   * that are left without one end. How many requests of the last of each caller had no answer.
   */
  async run(api: RegistrationApi, target: Target, isOver: () => boolean): Promise<number> {
    const callers = Array.from({ length: CALLERS }, () => this.callUntil(isOver, target, api, this.random.fork()));
    return (await Promise.all(callers)).filter((inFlight) => inFlight).length;
  }

  /** Waits until the load has come so far. */
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

  /** Changes that were answered. */
  get answered(): number {
    const { register, update, delete: deleted } = this.acknowledged;
    return register + update + deleted;
  }

  /** Whether the last request of this caller was left without an answer. */
  private async callUntil(
    isOver: () => boolean,
    target: Target,
    api: RegistrationApi,
    random: Random,
  ): Promise<boolean> {
    while (!isOver()) {
      const answered = await this.call(api, random);
      for (const listener of this.listeners) listener();
      if (answered || target === 'store') continue;
      if (!isOver()) throw new Error('A request was left without an answer, and nothing was killed.');
      return true;
    }
    return false;
  }

  /** One request of any kind; whether it was answered. */
  private call(api: RegistrationApi, random: Random): Promise<boolean> {
    const share = random.next();
    const client = share < REGISTRATIONS ? undefined : this.store.pick(random);
    if (client === undefined) return this.register(api, this.newMetadata(random));
    if (share < REGISTRATIONS + DELETIONS) return this.delete(api, client);
    return this.update(api, client, this.newMetadata(random));
  }

  private async register(api: RegistrationApi, metadata: ClientMetadata): Promise<boolean> {
    this.store.sends(metadata);
    const answer = await api.register(metadata);
    const forget = () => {
      this.store.forgets(metadata);
    };
    if (this.isMissing(answer, forget)) return false;
    this.store.answers(metadata, answer);
    this.acknowledged.register += 1;
    return true;
  }

  private async update(api: RegistrationApi, client: ExpectedClient, metadata: ClientMetadata): Promise<boolean> {
    const change: Change = { to: metadata };
    client.sends(change);
    const answer = await api.update(client, metadata);
    const forget = () => {
      client.forgets(change);
    };
    if (this.isMissing(answer, forget)) return false;
    client.answers(change, answer);
    if (answer !== REFUSED) this.acknowledged.update += 1;
    return true;
  }

  private async delete(api: RegistrationApi, client: ExpectedClient): Promise<boolean> {
    const change: Change = { to: GONE };
    client.sends(change);
    const answer = await api.delete(client);
    const forget = () => {
      client.forgets(change);
    };
    if (this.isMissing(answer, forget)) return false;
    client.answers(change, answer);
    if (answer !== REFUSED) this.acknowledged.delete += 1;
    return true;
  }

  /** Whether there is no answer to a change; forgets it where the server says that it was not made. */
  private isMissing(outcome: Outcome, forget: () => void): outcome is typeof UNAVAILABLE | typeof UNKNOWN {
    if (outcome === UNAVAILABLE) {
      this.unanswered.unavailable += 1;
      forget();
      return true;
    }
    if (outcome !== UNKNOWN) return false;
    this.unanswered.unknown += 1;
    return true;
  }

  private newMetadata(random: Random): ClientMetadata {
    this.markers += 1;
    return randomMetadata(random, `marker-${this.markers}`);
  }
}
