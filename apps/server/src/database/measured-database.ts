import { Logger } from '@nestjs/common';
import type { Metrics } from '../observability/metrics.ts';
import { Database, StoreUnavailableError, type Row, type SqlSession, type Statement } from './database.ts';
import type { WriteCheck } from './write-check.ts';

type Operation = 'read' | 'write';

/** Milliseconds between two log lines about failures. */
const LOG_INTERVAL = 1_000;

/**
 * Measures the reads and writes of a database, and counts their failures. It is the one place that logs that the store is unavailable:
 * every request fails then, so there is at most one line a second.
 */
export class MeasuredDatabase extends Database {
  private readonly logger = new Logger('Store');
  private loggedAt = -Infinity;
  /** Histograms with their label bound, because every statement needs one. */
  private readonly seconds: Readonly<Record<Operation, { readonly observe: (seconds: number) => void }>>;

  constructor(
    private readonly database: Database,
    private readonly metrics: Metrics,
    private readonly writeCheck: WriteCheck,
    private readonly clock = () => performance.now(),
  ) {
    super();
    this.seconds = { read: metrics.storeSeconds.labels('read'), write: metrics.storeSeconds.labels('write') };
    database.onCommit = (writes) => {
      metrics.commitWrites.observe(writes);
    };
  }

  override get now(): string {
    return this.database.now;
  }

  override read(statement: Statement): Promise<readonly Row[]> {
    return this.measure('read', this.database.read(statement));
  }

  override write(...statements: readonly Statement[]): Promise<readonly number[]> {
    const { writesWaiting } = this.metrics;
    writesWaiting.inc();
    const settled = () => {
      writesWaiting.dec();
    };
    const changes = this.database.write(...statements);
    changes.then(settled, settled);
    changes.then(
      (changed) => {
        this.writeCheck.record(changed);
      },
      (error: unknown) => {
        if (error instanceof StoreUnavailableError) this.writeCheck.record(error);
      },
    );
    return this.measure('write', changes);
  }

  override changeSchema<T>(change: (session: SqlSession) => Promise<T>): Promise<T> {
    return this.database.changeSchema(change);
  }

  override close(): Promise<void> {
    return this.database.close();
  }

  private measure<T>(operation: Operation, result: Promise<T>): Promise<T> {
    const started = performance.now();
    result.then(
      () => {
        this.seconds[operation].observe((performance.now() - started) / 1000);
      },
      (error: unknown) => {
        this.metrics.storeFailures.inc({ operation, reason: reasonOf(error) });
        if (error instanceof StoreUnavailableError) this.log(error);
      },
    );
    return result;
  }

  private log(error: StoreUnavailableError): void {
    const now = this.clock();
    if (now - this.loggedAt < LOG_INTERVAL) return;
    this.loggedAt = now;
    this.logger.error(error);
  }
}

function reasonOf(error: unknown): 'unavailable' | 'outcome_unknown' | 'refused' {
  if (!(error instanceof StoreUnavailableError)) return 'refused';
  return error.outcomeUnknown ? 'outcome_unknown' : 'unavailable';
}
