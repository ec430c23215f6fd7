import { Injectable, Logger } from '@nestjs/common';
import type { ChangedBy } from '../changes/change.ts';
import { PendingChanges } from '../changes/pending-changes.ts';
import { ClockError } from '../database/clock.ts';
import { Database, StoreUnavailableError } from '../database/database.ts';
import { readableSecret, subjectOf, type ClientHead } from './client.ts';

/** Milliseconds for which further reads of the same secret by the same caller are not written. */
const INTERVAL = 3_600_000;

/** Reads that are remembered. */
const REMEMBERED = 100_000;

/**
 * Notes in the log who reads the secret of a client in the clear. A server process writes at most one entry for each client, caller and
 * hour.
 */
@Injectable()
export class SecretReads {
  private readonly logger = new Logger('SecretReads');
  /** The time of each written read, oldest first. */
  private readonly written = new Map<string, number>();

  constructor(
    private readonly database: Database,
    private readonly changes: PendingChanges,
  ) {}

  /** Notes in the log that the caller reads the secret, if there is one. If it returns false, the caller must not get the secret. */
  async permit(client: ClientHead, by: ChangedBy): Promise<boolean> {
    return readableSecret(client) === undefined || (await this.note(client, by, Date.now()));
  }

  private async note(client: ClientHead, by: ChangedBy, now: number): Promise<boolean> {
    const { serviceId, clientId } = client;
    const read = JSON.stringify([serviceId, clientId, by.actor]);
    // A time far in the future is that of a clock that was ahead.
    if (Math.abs(now - (this.written.get(read) ?? -INTERVAL)) < INTERVAL) return true;
    try {
      await this.database.write(
        await this.changes.statementOf(
          { action: 'client_secret.read', subject: subjectOf('client_secret', client), ...by },
          { serviceId, clientId, at: now },
        ),
      );
    } catch (error) {
      if (!(error instanceof StoreUnavailableError || error instanceof ClockError)) throw error;
      this.logger.warn(
        `The secret of client ${clientId} was withheld, because its read was not logged: ${error.message}`,
      );
      return false;
    }
    this.remember(read, now);
    return true;
  }

  private remember(read: string, now: number): void {
    this.written.delete(read);
    this.written.set(read, now);
    const [oldest] = this.written.keys();
    if (this.written.size > REMEMBERED && oldest !== undefined) this.written.delete(oldest);
  }
}
