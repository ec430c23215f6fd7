import { Collector, type Waiting } from './collector.ts';
import { StoreUnavailableError, type SqlValue, type Statement } from './database.ts';

export type Batch<Answer> = readonly Waiting<Statement, Answer>[];

/** How the statements of a batch are carried out, as one or each by itself. */
export interface Sender<Answer, Found> {
  /** What was found of each by its place, from 1; of those of whom nothing was found, nothing. */
  readonly together: (sql: string, columns: readonly (readonly SqlValue[])[]) => Promise<ReadonlyMap<number, Found>>;
  readonly alone: (statement: Statement) => Promise<Answer>;
  readonly answerOf: (found: Found | undefined) => Answer;
}

/** Statements that are sent as one with all others of their kind (`Statement.together`). */
export class TogetherSender<Answer, Found> {
  private readonly collectors = new Map<string, Collector<Statement, Answer>>();

  /** Of each kind, so many batches are under way at once. */
  constructor(
    private readonly sender: Sender<Answer, Found>,
    private readonly atOnce: number,
  ) {}

  send(statement: Statement, together: string): Promise<Answer> {
    let collector = this.collectors.get(together);
    if (collector === undefined) {
      collector = new Collector((batch) => this.answer(together, batch), this.atOnce);
      this.collectors.set(together, collector);
    }
    return collector.add(statement);
  }

  private async answer(together: string, batch: Batch<Answer>): Promise<void> {
    const [first, ...others] = batch;
    if (first === undefined || others.length === 0) return this.answerEach(batch);
    const columns = first.item.values.map((_value, column) => batch.map(({ item }) => item.values[column] ?? null));
    try {
      const found = await this.sender.together(together, columns);
      batch.forEach(({ resolve }, index) => {
        resolve(this.sender.answerOf(found.get(index + 1)));
      });
    } catch (error) {
      // What is wrong with the statement of one caller is not its neighbours' fault.
      if (!(error instanceof StoreUnavailableError)) return this.answerEach(batch);
      for (const { reject } of batch) reject(error);
    }
  }

  private async answerEach(batch: Batch<Answer>): Promise<void> {
    await Promise.all(batch.map(({ item, resolve, reject }) => this.sender.alone(item).then(resolve, reject)));
  }
}
