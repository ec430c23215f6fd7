import type { ResolveResult, VerifySecretResult } from '../client-result.ts';
import type { ResolveRequest, VerifySecretRequest } from '../client-requests.ts';
import type { RequestOptions } from '../options.ts';
import { readCacheOptions, type CacheSettings, type ClientCacheOptions } from './cache-options.ts';
import { isUsable, isUsableInOutage, isWithin, type Entry } from './entry.ts';
import { isVerified, readEntry } from './read-result.ts';
import { isOutage } from './outage.ts';
import { RecentMap } from './recent-map.ts';
import type { ResolvedClient } from './resolved-client.ts';
import { hasDigest, isUnexpired } from './secret-digests.ts';

/** The calls of `clientele.clients` that a cache uses. */
export interface ClientSource {
  resolve(request: ResolveRequest, options?: RequestOptions): PromiseLike<ResolveResult>;
  verifySecret(request: VerifySecretRequest): PromiseLike<VerifySecretResult>;
}

/** A request for a client that has not been completed. */
interface Flight {
  readonly client: Promise<ResolvedClient | undefined>;
  /** Whether `drop` was called after the request was sent. Its response may be outdated and is not kept. */
  dropped: boolean;
  /** The clients that were dropped meanwhile. Which client an alias identifies is known only after the response. */
  readonly droppedClients: Set<string>;
}

/** A copy of at least this age may lack a secret that was just rotated, so a mismatch is checked again. */
const RECHECK_AFTER_MS = 1_000;

/** The most characters of an identifier or a secret. A longer one, or an empty one, identifies no client and is no secret. */
const MAX_LENGTH = 2_048;

/** For a client that may be used in an outage: its callers need not wait for retries. */
const NO_RETRIES: RequestOptions = { maxRetries: 0 };

/**
 * Keeps resolved clients in memory, for an authorization server that needs a client with each request. It asks the API once per
 * identifier at a time, and uses a stale client during an outage.
 */
export class ClientCache {
  readonly #clients: ClientSource;
  readonly #settings: CacheSettings;
  readonly #entries: RecentMap<Entry>;
  /** When the API said that a client is unknown or locked. A map of its own, so that unknown identifiers do not replace clients. */
  readonly #refusals: RecentMap<number>;
  readonly #flights = new Map<string, Flight>();

  /** @throws {TypeError} if an option is invalid. The message names the option. */
  constructor(clients: ClientSource, options: ClientCacheOptions = {}) {
    this.#clients = clients;
    this.#settings = readCacheOptions(options);
    this.#entries = new RecentMap(this.#settings.maxEntries);
    this.#refusals = new RecentMap(this.#settings.maxEntries);
  }

  /**
   * Returns a client, or undefined if it does not exist, has expired or is locked.
   *
   * @throws {ApiError | ConnectionError | TimeoutError | UnavailableError} if the API could not be asked and no copy may be used.
   */
  async resolve(clientId: string): Promise<ResolvedClient | undefined> {
    return this.#resolve(clientId, Infinity);
  }

  /**
   * Returns whether the secret is a valid secret of the client. Asks the API to verify it only if a secret of the client has no
   * digest. Resolves the client again after a mismatch.
   *
   * @throws {ApiError | ConnectionError | TimeoutError | UnavailableError} if the API could not be asked.
   */
  async verifySecret(clientId: string, secret: string): Promise<boolean> {
    const client = await this.resolve(clientId);
    if (client === undefined || !isPossible(secret)) return false;
    const verified = await this.#verify(client, clientId, secret);
    if (verified !== undefined) return verified;
    const current = await this.#resolve(clientId, RECHECK_AFTER_MS);
    return current !== undefined && ((await this.#verify(current, clientId, secret)) ?? false);
  }

  /** Forgets what is known about a client, for example because it was changed. */
  drop(clientId: string): void {
    this.#entries.deleteWhere((key, { client }) => key === clientId || client.clientId === clientId);
    this.#refusals.delete(clientId);
    for (const { droppedClients } of this.#flights.values()) droppedClients.add(clientId);
    const flight = this.#flights.get(clientId);
    if (flight === undefined) return;
    flight.dropped = true;
    this.#flights.delete(clientId);
  }

  /** Returns a client that was confirmed at most `maxAgeMs` ago, or earlier during an outage. */
  async #resolve(clientId: string, maxAgeMs: number): Promise<ResolvedClient | undefined> {
    if (!isPossible(clientId)) return undefined;
    const { now, negativeMaxAgeMs } = this.#settings;
    const entry = this.#entries.get(clientId);
    if (entry !== undefined && isUsable(entry, now(), maxAgeMs)) return entry.client;
    if (isWithin(this.#refusals.get(clientId), negativeMaxAgeMs, now())) return undefined;
    return (this.#flights.get(clientId) ?? this.#send(clientId, entry)).client;
  }

  #send(clientId: string, entry: Entry | undefined): Flight {
    const state = { dropped: false, droppedClients: new Set<string>() };
    const client = this.#request(clientId, entry, state).finally(() => {
      if (!flight.dropped) this.#flights.delete(clientId);
    });
    const flight: Flight = Object.assign(state, { client });
    this.#flights.set(clientId, flight);
    return flight;
  }

  async #request(
    clientId: string,
    entry: Entry | undefined,
    flight: Omit<Flight, 'client'>,
  ): Promise<ResolvedClient | undefined> {
    const { now } = this.#settings;
    const sentAt = now();
    const options = entry !== undefined && isUsableInOutage(entry, sentAt) ? NO_RETRIES : undefined;
    try {
      const result = await this.#clients.resolve({ clientId, etag: entry?.client.etag }, options);
      const confirmed = readEntry(result, { previous: entry?.client, sentAt, ...this.#settings });
      const isDropped = flight.dropped || flight.droppedClients.has(confirmed?.client.clientId ?? '');
      if (!isDropped) this.#keep(clientId, confirmed, sentAt);
      return confirmed?.client;
    } catch (error) {
      if (
        entry === undefined ||
        flight.dropped ||
        flight.droppedClients.has(entry.client.clientId) ||
        !isOutage(error) ||
        !isUsableInOutage(entry, now())
      )
        throw error;
      this.#entries.set(clientId, { ...entry, failedAt: now() });
      return entry.client;
    }
  }

  #keep(clientId: string, entry: Entry | undefined, sentAt: number): void {
    if (entry !== undefined) {
      this.#entries.set(clientId, entry);
      return;
    }
    this.#entries.delete(clientId);
    this.#refusals.set(clientId, sentAt);
  }

  /** Returns undefined if all valid secrets have digests and none matches: the copy of the client may be outdated. */
  async #verify(client: ResolvedClient, clientId: string, secret: string): Promise<boolean | undefined> {
    const now = this.#settings.now();
    const valid = client.secrets?.filter((each) => isUnexpired(each, now));
    if (valid !== undefined && (await hasDigest(secret, valid))) return true;
    if (valid?.every(({ sha256 }) => sha256 !== undefined)) return undefined;
    const result = await this.#clients.verifySecret({ clientId, clientSecret: secret });
    return isVerified(result);
  }
}

function isPossible(presented: string): boolean {
  return presented !== '' && presented.length <= MAX_LENGTH;
}
