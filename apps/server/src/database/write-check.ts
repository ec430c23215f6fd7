import { StoreUnavailableError, type Database } from './database.ts';
import type { Table } from './table.ts';

/** Milliseconds for which the outcome of a write counts, and between two probes. */
const INTERVAL = 1_000;

/** One row that probes change, to find out whether the store can write. */
export const WRITE_PROBE_TABLE: Table = {
  name: 'write_probe',
  columns: { probe: 'id', probed_at: 'number' },
  primaryKey: ['probe'],
  firstRow: { probe: 1, probed_at: 0 },
  exported: false,
};

/** Changes the row of the probe. Throws if the store cannot write. */
export async function probeWrite(database: Database): Promise<void> {
  await database.write({ sql: 'UPDATE write_probe SET probed_at = $1', values: [Date.now()] });
}

/**
 * Whether the store can write, as its latest write shows. If that write failed or is older than a second, a probe follows, at most one
 * a second. Concurrent callers share it.
 */
export class WriteCheck {
  private failed = false;
  private writtenAt = -Infinity;
  private probedAt = -Infinity;
  private probing: Promise<void> | undefined;

  constructor(private readonly clock = () => performance.now()) {}

  /** Records the outcome of a write. A write that changed nothing does not need the disk, so it shows nothing. */
  record(changes: readonly number[] | StoreUnavailableError): void {
    const failed = changes instanceof StoreUnavailableError;
    if (!failed && !changes.some((changed) => changed > 0)) return;
    this.failed = failed;
    this.writtenAt = this.clock();
  }

  /** The database must record the outcomes of its writes here. */
  async canWrite(database: Database): Promise<boolean> {
    if (this.isProbeDue()) this.probing ??= this.probe(database).finally(() => (this.probing = undefined));
    await this.probing;
    return !this.failed;
  }

  private isProbeDue(): boolean {
    const now = this.clock();
    const isKnown = !this.failed && now - this.writtenAt < INTERVAL;
    return !isKnown && now - this.probedAt >= INTERVAL;
  }

  private async probe(database: Database): Promise<void> {
    this.probedAt = this.clock();
    try {
      await probeWrite(database);
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error;
    }
  }
}
