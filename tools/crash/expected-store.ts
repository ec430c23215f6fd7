import { isDeepStrictEqual } from 'node:util';
import { readDocument, type ClientMetadata } from '@clientele/model/metadata';
import type { Row } from '../../apps/server/src/database/database.ts';
import { ExpectedClient, Violation, type Result } from './expected-client.ts';
import type { Random } from './random.ts';

/** The first clients are chosen more often, so that changes overlap. */
const CROWDED_CLIENTS = 8;

/** The possible contents of a store: the registered clients, and the registrations without a response. */
export class ExpectedStore {
  private readonly byId = new Map<string, ExpectedClient>();
  /** Clients to choose from; deleted ones are removed when they are met. */
  private readonly candidates: ExpectedClient[] = [];
  private readonly changed = new Set<ExpectedClient>();
  private readonly inFlight = new Set<ClientMetadata>();

  get clients(): readonly ExpectedClient[] {
    return [...this.byId.values()];
  }

  /** Notes a registration before it is sent. */
  sends(metadata: ClientMetadata): void {
    this.inFlight.add(metadata);
  }

  /** Notes that a registration was not carried out. */
  forgets(metadata: ClientMetadata): void {
    this.inFlight.delete(metadata);
  }

  /** Notes the response to a registration. */
  receives(metadata: ClientMetadata, result: Result): void {
    this.inFlight.delete(metadata);
    const client = new ExpectedClient(metadata, result);
    if (this.byId.has(client.clientId)) throw new Violation(`Client ID ${client.clientId} was issued twice.`);
    this.byId.set(client.clientId, client);
    this.candidates.push(client);
    this.changed.add(client);
  }

  /** Chooses a client to change, which counts as changed from now on; `undefined` if there is none. */
  pick(random: Random): ExpectedClient | undefined {
    while (this.candidates.length > 0) {
      const crowded = random.below(4) === 0;
      const place = random.below(crowded ? Math.min(CROWDED_CLIENTS, this.candidates.length) : this.candidates.length);
      const client = this.candidates[place]!;
      if (!client.isGone) {
        this.changed.add(client);
        return client;
      }
      const last = this.candidates.pop()!;
      if (last !== client) this.candidates[place] = last;
    }
    return undefined;
  }

  /** Returns the clients that were changed since the last call, and some others. */
  takeChanged(random: Random, others: number): readonly ExpectedClient[] {
    const { clients } = this;
    const taken = new Set(this.changed);
    for (let n = 0; n < others && clients.length > 0; n++) taken.add(random.pick(clients));
    this.changed.clear();
    return [...taken];
  }

  /**
   * Compares with all clients of the stopped store: no client is missing, and every additional client is the complete result of a
   * registration without a response. Returns the number of these.
   */
  settle(rows: readonly Row[]): number {
    const expected = new Set(this.clients.filter(({ isGone }) => !isGone).map(({ clientId }) => clientId));
    let inFlight = 0;
    for (const { client_id: id, metadata: text } of rows) {
      const clientId = String(id);
      if (expected.delete(clientId)) continue;
      const { metadata } = readDocument(String(text));
      const registration = [...this.inFlight].find((sent) => isDeepStrictEqual(sent, metadata));
      if (registration === undefined || !this.inFlight.delete(registration)) {
        throw new Violation(`Client ${clientId} is in the store and should not be: ${JSON.stringify(metadata)}`);
      }
      inFlight += 1;
    }
    if (expected.size > 0) throw new Violation(`Not in the store: clients ${[...expected].join(', ')}.`);
    return inFlight;
  }
}
