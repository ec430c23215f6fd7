import { setTimeout } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { SecretEncryption } from '../crypto/secret-encryption.ts';
import { isUsableClock } from '../database/clock.ts';
import { Database } from '../database/database.ts';
import { Schema } from '../database/schema.ts';
import { WriteCheck } from '../database/write-check.ts';

/** Milliseconds within which the store must respond. */
const RESPONSE_LIMIT = 1_000;

type Check = 'process' | 'clock' | 'store' | 'schema' | 'encryptionKey';

/** Whether the server can serve callers, and the reason of each failed check. Never contains a secret. */
export interface ReadinessReport {
  readonly ready: boolean;
  readonly reasons: Readonly<Partial<Record<Check, string>>>;
}

type Reasons = ReadinessReport['reasons'];

/**
 * Checks that the clock is usable, that the store responds and can write, that its schema is current, and that its secrets can be
 * decrypted. It does not use @nestjs/terminus, because the management server is outside of Nest.
 */
@Injectable()
export class Readiness {
  private readonly logger = new Logger('Readiness');
  private storeFailed = false;
  /** Why the server serves no callers now, whatever the store does. */
  private outOfService: string | undefined = 'The server is starting.';
  private pending: Promise<Reasons> | undefined;

  constructor(
    private readonly database: Database,
    private readonly encryption: SecretEncryption,
    private readonly schema: Schema,
    private readonly writeCheck: WriteCheck,
  ) {}

  /** The server serves callers from now on. */
  start(): void {
    this.outOfService = undefined;
  }

  /** The server is not ready from now on. */
  stop(): void {
    this.outOfService = 'The server is stopping.';
  }

  async report(): Promise<ReadinessReport> {
    if (this.outOfService !== undefined) return reportOf({ process: this.outOfService });
    return reportOf(await this.withinLimit(this.checkOnce()));
  }

  /** Concurrent readiness checks share one query. */
  private checkOnce(): Promise<Reasons> {
    this.pending ??= this.check().finally(() => (this.pending = undefined));
    return this.pending;
  }

  private async check(): Promise<Reasons> {
    try {
      const [[newest], keys, canWrite] = await Promise.all([
        this.database.read({ sql: 'SELECT MAX(version) AS version FROM schema_migration', values: [] }),
        this.database.read({ sql: 'SELECT key_id FROM encryption_key', values: [] }),
        this.writeCheck.canWrite(this.database),
      ]);
      this.storeFailed = false;
      const version = Number(newest?.version ?? 0);
      const required = this.schema.version;
      return {
        ...(!isUsableClock() && { clock: 'The clock of this machine is wrong.' }),
        ...(!canWrite && { store: 'The store cannot write.' }),
        // A newer schema is that of the next release, whose servers may replace those of this release one after the other.
        ...(version < required && {
          schema: `The schema has version ${version}; this server needs version ${required}.`,
        }),
        ...(!keys.every((row) => this.encryption.holds(String(row.key_id))) && {
          encryptionKey: 'ENCRYPTION_KEY does not contain every key with which secrets in the store are encrypted.',
        }),
      };
    } catch (error) {
      // Readers of this report must not learn the reason.
      // Anybody may call often, so an outage is logged once.
      if (!this.storeFailed) this.logger.warn(error);
      this.storeFailed = true;
      return { store: 'The store cannot respond.' };
    }
  }

  private async withinLimit(reasons: Promise<Reasons>): Promise<Reasons> {
    const timer = new AbortController();
    const late: Promise<Reasons> = setTimeout(
      RESPONSE_LIMIT,
      { store: `The store did not respond within ${RESPONSE_LIMIT} ms.` },
      { signal: timer.signal },
    );
    late.catch(() => undefined);
    try {
      return await Promise.race([reasons, late]);
    } finally {
      timer.abort();
    }
  }
}

function reportOf(reasons: Reasons): ReadinessReport {
  return { ready: Object.keys(reasons).length === 0, reasons };
}
