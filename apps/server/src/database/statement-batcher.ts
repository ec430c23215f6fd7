import { Batcher, type Waiting } from './batcher.ts';
import { StoreUnavailableError, type SqlValue, type Statement } from './database.ts';

type Batch<Result> = readonly Waiting<Statement, Result>[];

/** How the statements of a batch are executed. */
export interface StatementExecutor<Result, Found> {
  /** Executes the SQL of a batch; returns what it found for each caller, by place from 1. */
  readonly batch: (sql: string, columns: readonly (readonly SqlValue[])[]) => Promise<ReadonlyMap<number, Found>>;
  /** Executes the statement of one caller. */
  readonly single: (statement: Statement) => Promise<Result>;
  readonly resultOf: (found: Found | undefined) => Result;
}

/** Executes statements with the same `batchSql` in batches. */
export class StatementBatcher<Result, Found> {
  private readonly batchers = new Map<string, Batcher<Statement, Result>>();

  constructor(
    private readonly executor: StatementExecutor<Result, Found>,
    /** Batches with the same SQL that may be in progress at the same time. */
    private readonly parallelBatches: number,
  ) {}

  execute(statement: Statement, batchSql: string): Promise<Result> {
    let batcher = this.batchers.get(batchSql);
    if (batcher === undefined) {
      batcher = new Batcher((batch) => this.executeBatch(batchSql, batch), this.parallelBatches);
      this.batchers.set(batchSql, batcher);
    }
    return batcher.add(statement);
  }

  private async executeBatch(batchSql: string, batch: Batch<Result>): Promise<void> {
    const [first, ...others] = batch;
    if (first === undefined || others.length === 0) return this.executeEach(batch);
    const columns = first.item.values.map((_value, column) => batch.map(({ item }) => item.values[column] ?? null));
    try {
      const found = await this.executor.batch(batchSql, columns);
      batch.forEach(({ resolve }, index) => {
        resolve(this.executor.resultOf(found.get(index + 1)));
      });
    } catch (error) {
      // The statement of one caller may be wrong; the others must not fail with it.
      if (!(error instanceof StoreUnavailableError)) return this.executeEach(batch);
      for (const { reject } of batch) reject(error);
    }
  }

  private async executeEach(batch: Batch<Result>): Promise<void> {
    await Promise.all(batch.map(({ item, resolve, reject }) => this.executor.single(item).then(resolve, reject)));
  }
}
