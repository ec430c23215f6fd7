import { Database, StoreUnavailableError, type Row, type SchemaSession, type Statement } from './database.ts';
import type { Metrics } from '../observability/metrics.ts';

type Operation = 'read' | 'write';

/** A database that is timed, and whose failures are counted. */
export class MeasuredDatabase extends Database {
  /** Each with its label bound: it is looked up for every statement otherwise. */
  private readonly seconds: Readonly<Record<Operation, { readonly observe: (seconds: number) => void }>>;

  constructor(
    private readonly database: Database,
    private readonly metrics: Metrics,
  ) {
    super();
    this.seconds = { read: metrics.storeSeconds.labels('read'), write: metrics.storeSeconds.labels('write') };
    database.onCommit = (writes) => {
      metrics.commitWrites.observe(writes);
    };
  }

  override read(statement: Statement): Promise<readonly Row[]> {
    return this.measured('read', this.database.read(statement));
  }

  override write(...statements: readonly Statement[]): Promise<readonly number[]> {
    const { writesWaiting } = this.metrics;
    writesWaiting.inc();
    const answered = () => {
      writesWaiting.dec();
    };
    const changes = this.database.write(...statements);
    changes.then(answered, answered);
    return this.measured('write', changes);
  }

  override changeSchema<T>(change: (session: SchemaSession) => Promise<T>): Promise<T> {
    return this.database.changeSchema(change);
  }

  override close(): Promise<void> {
    return this.database.close();
  }

  private measured<T>(operation: Operation, answer: Promise<T>): Promise<T> {
    const started = performance.now();
    answer.then(
      () => {
        this.seconds[operation].observe((performance.now() - started) / 1000);
      },
      (error: unknown) => {
        this.metrics.storeFailures.inc({ operation, reason: reasonOf(error) });
      },
    );
    return answer;
  }
}

function reasonOf(error: unknown): 'unavailable' | 'outcome_unknown' | 'refused' {
  if (!(error instanceof StoreUnavailableError)) return 'refused';
  return error.outcomeUnknown ? 'outcome_unknown' : 'unavailable';
}
