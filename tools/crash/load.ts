import type { ClientMetadata } from '@clientele/model/metadata';
import { GONE, REFUSED, type Change, type ExpectedClient } from './expected-client.ts';
import type { ExpectedStore } from './expected-store.ts';
import { randomMetadata } from './metadata.ts';
import type { Random } from './random.ts';
import type { RegistrationApi } from './registration-api.ts';

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

/**
 * Callers that register, update and delete clients side by side, each as fast as it is answered, and note in the expected
 * store what they send and what they are told.
 */
export class Load {
  readonly acknowledged: Acknowledged = { register: 0, update: 0, delete: 0 };
  private markers = 0;

  constructor(
    private readonly store: ExpectedStore,
    private readonly random: Random,
  ) {}

  /** Calls until the server is killed. How many requests were in flight then. */
  async run(api: RegistrationApi, isKilled: () => boolean): Promise<number> {
    const callers = Array.from({ length: CALLERS }, () => this.callUntil(isKilled, api, this.random.fork()));
    return (await Promise.all(callers)).filter((inFlight) => inFlight).length;
  }

  /** Whether the last request of this caller was left without an answer. */
  private async callUntil(isKilled: () => boolean, api: RegistrationApi, random: Random): Promise<boolean> {
    while (!isKilled()) {
      if (await this.call(api, random)) continue;
      if (!isKilled()) throw new Error('A request was left without an answer, and the server was not killed.');
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
    if (answer === undefined) return false;
    this.store.answers(metadata, answer);
    this.acknowledged.register += 1;
    return true;
  }

  private async update(api: RegistrationApi, client: ExpectedClient, metadata: ClientMetadata): Promise<boolean> {
    const change: Change = { to: metadata };
    client.sends(change);
    const answer = await api.update(client, metadata);
    if (answer === undefined) return false;
    client.answers(change, answer);
    if (answer !== REFUSED) this.acknowledged.update += 1;
    return true;
  }

  private async delete(api: RegistrationApi, client: ExpectedClient): Promise<boolean> {
    const change: Change = { to: GONE };
    client.sends(change);
    const answer = await api.delete(client);
    if (answer === undefined) return false;
    client.answers(change, answer);
    if (answer !== REFUSED) this.acknowledged.delete += 1;
    return true;
  }

  private newMetadata(random: Random): ClientMetadata {
    this.markers += 1;
    return randomMetadata(random, `marker-${this.markers}`);
  }
}
