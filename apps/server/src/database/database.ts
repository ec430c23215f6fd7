/** What a column can hold; absent values are `null`. */
export type SqlValue = string | number | null;

export type Row = Readonly<Record<string, SqlValue>>;

/** One SQL statement with its values for `$1`, `$2`... in the SQL dialect that SQLite and PostgreSQL share. */
export interface Statement {
  readonly sql: string;
  readonly values: readonly SqlValue[];
  /** Whether all of the write that this belongs to is taken back when this changes no row. */
  readonly required?: boolean;
  /**
   * The same for many callers at once, for an engine that gains by it: each `$n` is the array of their values, and each row of
   * the answer has the `place`, from 1, of the caller whom it is for: what was found, or that the row was changed.
   */
  readonly together?: string | undefined;
}

/**
 * A database engine as the stores use it: single statements that are prepared once, and declared batches; never a
 * transaction that waits for the application. All methods throw `StoreUnavailableError` when the engine cannot answer.
 */
export abstract class Database {
  /** Is told of every commit how many writes shared it. */
  onCommit: (writes: number) => void = () => undefined;

  /** The rows of a query, as they stand after every write that was answered. */
  abstract read(statement: Statement): Promise<readonly Row[]>;

  /**
   * Carries out all of the statements or none, and answers after they are durable: the number of rows that each of them
   * changed. Where a required one changed no row, nothing was changed, and the answer ends with its 0.
   */
  abstract write(...statements: readonly Statement[]): Promise<readonly number[]>;

  /** Changes the schema in one transaction, before anything else is done; no other process does so at the same time. */
  abstract changeSchema<T>(change: (session: SchemaSession) => Promise<T>): Promise<T>;

  abstract close(): Promise<void>;
}

/** The one transaction of a change of the schema. */
export interface SchemaSession {
  readonly hasTable: (name: string) => Promise<boolean>;
  readonly query: (sql: string, values?: readonly SqlValue[]) => Promise<readonly Row[]>;
}

/** The store cannot answer for the moment: disk full, connection lost... The call may be repeated. */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';
  /** Whether the change may have been made all the same: the connection was lost before the answer came. */
  readonly outcomeUnknown: boolean;

  constructor(
    message: string,
    { outcomeUnknown = false, ...options }: ErrorOptions & { outcomeUnknown?: boolean } = {},
  ) {
    super(message, options);
    this.outcomeUnknown = outcomeUnknown;
  }
}
