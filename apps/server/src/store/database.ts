/** What a column can hold; absent values are `null`. */
export type SqlValue = string | number | null;

export type Row = Readonly<Record<string, SqlValue>>;

/** One SQL statement with its values for `$1`, `$2`... in the SQL dialect that SQLite and PostgreSQL share. */
export interface Statement {
  readonly sql: string;
  readonly values: readonly SqlValue[];
  /** Whether all of the write that this belongs to is taken back when this changes no row. */
  readonly required?: boolean;
}

/**
 * A database engine as the stores use it: single statements that are prepared once, and declared batches; never a
 * transaction that waits for the application. Both methods throw `StoreUnavailableError` when the engine cannot answer.
 */
export abstract class Database {
  /** The rows of a query, as they stand after every write that was answered. */
  abstract read(statement: Statement): Promise<readonly Row[]>;

  /**
   * Carries out all of the statements or none, and answers after they are durable: the number of rows that each of them
   * changed. Where a required one changed no row, nothing was changed, and the answer ends with its 0.
   */
  abstract write(...statements: readonly Statement[]): Promise<readonly number[]>;

  abstract close(): Promise<void>;
}

/** The store cannot answer for the moment: disk full, connection lost... Nothing was changed; the call may be repeated. */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';
}
