import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { SYSTEM } from '../changes/change.ts';
import { ClientStore } from '../clients/client-store.ts';
import { cautiousNow } from '../database/clock.ts';
import { Database } from '../database/database.ts';
import { Sweeper } from '../database/sweeper.ts';
import { eachService } from '../services/service-store.ts';

/** Milliseconds between two sweeps. */
const INTERVAL = 10 * 60 * 1000;

/** Clients that are found at once. */
const PAGE = 100;

/**
 * Deletes clients that were registered without a token and that nobody used, after the time that their service sets
 * (`unusedRegistrationLifetime`). Each deletion checks again that the client is unused.
 */
@Injectable()
export class UnusedRegistrations implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly sweeper = new Sweeper('UnusedRegistrations', INTERVAL, () => this.sweep());

  constructor(
    private readonly clients: ClientStore,
    private readonly database: Database,
  ) {}

  /** Deletes the expired registrations of all services; returns their number. */
  async sweep(now = cautiousNow()): Promise<number> {
    let deleted = 0;
    for await (const { apiKey, unusedRegistrationLifetime: lifetime } of eachService(this.database)) {
      if (lifetime > 0) deleted += await this.sweepService(apiKey, now - lifetime * 1000);
    }
    return deleted;
  }

  private async sweepService(serviceId: number, since: number): Promise<number> {
    let deleted = 0;
    for (;;) {
      const unused = await this.clients.findUnused(serviceId, since, PAGE);
      const outcomes = await Promise.all(unused.map((client) => this.clients.deleteUnused(client, SYSTEM)));
      const count = outcomes.filter(Boolean).length;
      deleted += count;
      // A client that was used meanwhile is not found again.
      if (unused.length < PAGE || count === 0) return deleted;
    }
  }

  onApplicationBootstrap(): void {
    this.sweeper.start();
  }

  onModuleDestroy(): void {
    this.sweeper.stop();
  }
}
