import { setTimeout } from 'node:timers/promises';
import { MIGRATIONS } from '../database/migrations/index.ts';
import type { Database } from '../database/database.ts';
import type { SecretEncryption } from '../crypto/secret-encryption.ts';

/** Milliseconds in which the store must answer to count as there. */
const ANSWER_LIMIT = 1_000;

/** What a server must have to answer its callers. */
export type Check = 'process' | 'store' | 'schema' | 'encryptionKey';

/** Whether the server can answer its callers now; why not, for each check that failed. Never holds a secret. */
export interface ReadinessReport {
  readonly ready: boolean;
  readonly reasons: Readonly<Partial<Record<Check, string>>>;
}

type Reasons = ReadinessReport['reasons'];

/**
 * Whether callers should be sent here: the store answers, its schema is what this server needs, and its secrets can be
 * decrypted. @nestjs/terminus does the same for modules of Nest; this is asked of outside Nest too, on a port of its own.
 */
export class Readiness {
  private stopping = false;
  private underway: Promise<Reasons> | undefined;

  constructor(
    private readonly database: Database,
    private readonly encryption: SecretEncryption,
  ) {}

  /** From now on the answer is no. */
  stop(): void {
    this.stopping = true;
  }

  async report(): Promise<ReadinessReport> {
    if (this.stopping) return reportOf({ process: 'The server is stopping.' });
    return reportOf(await this.inTime(this.checkOnce()));
  }

  /** Who asks often asks the store no more than once at a time: a store that does not answer is not asked by ever more. */
  private checkOnce(): Promise<Reasons> {
    this.underway ??= this.check().finally(() => (this.underway = undefined));
    return this.underway;
  }

  private async check(): Promise<Reasons> {
    try {
      const [[schema], keys] = await Promise.all([
        this.database.read({ sql: 'SELECT MAX(version) AS version FROM schema_migration', values: [] }),
        this.database.read({ sql: 'SELECT key_id FROM encryption_key', values: [] }),
      ]);
      const version = Number(schema?.version ?? 0);
      const needed = MIGRATIONS.at(-1)?.version ?? 0;
      return {
        // A newer schema is that of the next release, which the servers of this one see while they are replaced.
        ...(version < needed && { schema: `The schema has version ${version}; this server needs version ${needed}.` }),
        ...(!keys.every((row) => this.encryption.holds(String(row.key_id))) && {
          encryptionKey: 'ENCRYPTION_KEY does not hold every key that secrets in the store are encrypted with.',
        }),
      };
    } catch {
      // The store says in the log what ails it; here it is read by people who may not know more than that it does.
      return { store: 'The store cannot answer.' };
    }
  }

  private async inTime(reasons: Promise<Reasons>): Promise<Reasons> {
    const timer = new AbortController();
    const late: Promise<Reasons> = setTimeout(
      ANSWER_LIMIT,
      { store: `The store did not answer within ${ANSWER_LIMIT} ms.` },
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
