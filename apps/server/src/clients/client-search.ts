import { setImmediate } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { ClientFilterDto } from '@clientele/model';
import { OverloadError } from '../shares/overload-error.ts';
import { Shares } from '../shares/shares.ts';
import { Slots } from '../shares/slots.ts';
import { ClientLookup } from './client-lookup.ts';
import { listedTerm, matches, namesOfFilters, rangeOf } from './client-filter.ts';
import { ClientPages, type PlacedClient, type Position } from './client-pages.ts';
import type { FoundClient } from './client.ts';

/** The fewest and the most clients that are read at once. Between two reads, the event loop continues with other requests. */
const SMALLEST_BATCH = 10;
const LARGEST_BATCH = 100;

/** The most clients that are read for one page, and the most characters, beside those of its last client. */
export const SCANNED = 2_000;
export const SCANNED_CHARACTERS = 4_000_000;

export interface FoundPage {
  readonly clients: readonly FoundClient[];
  /** Where the next page begins; absent if no more clients can match. */
  readonly next?: Position;
}

/** Pages that are read at a time. Further ones wait, so that one turn of the event loop never reads for all of them. */
export const AT_A_TIME = 2;

/** Pages that are read or wait, in all and for one service. */
export const MOST_WAITING = 50;
export const PER_SERVICE = 25;

/** Finds clients by filters. The cost of a page is bounded: it ends early if few clients match, or if they are large. */
@Injectable()
export class ClientSearch {
  private readonly slots = new Slots(AT_A_TIME);
  private readonly shares = new Shares(MOST_WAITING, { service: PER_SERVICE });

  constructor(
    private readonly pages: ClientPages,
    private readonly lookup: ClientLookup,
  ) {}

  /** A page of at most `limit` clients that match, without their secrets. Throws `OverloadError` or `StoreUnavailableError`. */
  async find(serviceId: number, filter: ClientFilterDto, after: Position, limit: number): Promise<FoundPage> {
    const { identifier } = filter;
    if (identifier !== undefined) return { clients: await this.findOne(serviceId, identifier, filter, after) };
    const share = this.shares.take({ service: serviceId });
    if (share === undefined) throw new OverloadError();
    return share.during(this.slots.run(() => this.scan(serviceId, filter, after, limit)));
  }

  private async scan(serviceId: number, filter: ClientFilterDto, after: Position, limit: number): Promise<FoundPage> {
    const range = rangeOf(filter);
    const clients: FoundClient[] = [];
    let position = after;
    let left = SCANNED;
    let charactersLeft = SCANNED_CHARACTERS;
    // If all clients of the range match, no more are read than the page has, and one to know whether it is the last page.
    const scans = namesOfFilters(filter).length > (range === 'all' ? 0 : 1);
    // Clients may be large, so the first reads are small, and the others have about as many clients as the page may still have.
    let most = SMALLEST_BATCH;
    for (;;) {
      const batch = scans ? most : Math.min(most, limit + 1 - clients.length);
      const placed = await this.pages.read(serviceId, range, position, batch);
      for (const [index, each] of placed.entries()) {
        ({ position } = each);
        left -= 1;
        charactersLeft -= each.characters;
        if (isListed(each, filter) && matches(each.client, filter)) clients.push(each.client);
        const isLast = placed.length < batch && index === placed.length - 1;
        if (!isLast && (clients.length === limit || left === 0 || charactersLeft <= 0))
          return { clients, next: position };
      }
      if (placed.length < batch) return { clients };
      const average = placed.reduce((sum, { characters }) => sum + characters, 0) / placed.length;
      most = Math.min(2 * most, LARGEST_BATCH, Math.ceil(charactersLeft / average));
      await setImmediate();
    }
  }

  private async findOne(
    serviceId: number,
    identifier: string,
    filter: ClientFilterDto,
    after: Position,
  ): Promise<readonly FoundClient[]> {
    const client = await this.lookup.findStored(serviceId, identifier);
    return client !== undefined && client.clientId > after.clientId && matches(client, filter) ? [client] : [];
  }
}

/** Whether the client is listed at this place, if the clients are ordered by name. */
function isListed({ client, position }: PlacedClient, { clientName }: ClientFilterDto): boolean {
  return clientName === undefined || position.term === '' || position.term === listedTerm(client, clientName);
}
