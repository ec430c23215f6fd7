import { Injectable, Logger } from '@nestjs/common';
import { ClientStore } from './client-store.ts';
import type { ClientHead } from './client.ts';
import { StoreUnavailableError } from '../database/database.ts';

/** Milliseconds between two notes of the use of a client. */
const INTERVAL = 3_600_000;

/** Notes when clients are used: at most once per client and hour. */
@Injectable()
export class ClientUse {
  private readonly logger = new Logger('ClientUse');

  constructor(private readonly clients: ClientStore) {}

  /** Notes a use. A store that cannot write does not prevent the use: the next one is noted. */
  async note(client: ClientHead, now = Date.now()): Promise<void> {
    // A time far in the future is that of a clock that was ahead.
    if (Math.abs(now - client.provenance.lastUsedAt) < INTERVAL) return;
    try {
      await this.clients.touch(client, now);
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error;
      this.logger.warn(`The use of client ${client.clientId} was not noted: ${error.message}`);
    }
  }
}
