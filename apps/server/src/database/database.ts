import { FOREIGN_DATABASE } from '../config/known-failures.ts';

/** A value of a column; an absent value is `null`. */
export type SqlValue = string | number | null;

export type Row = Readonly<Record<string, SqlValue>>;

/** One SQL statement with its values for `$1`, `$2`... in the SQL dialect that SQLite and PostgreSQL share. */
export interface Statement {
  readonly sql: string;
  readonly values: readonly SqlValue[];
  /** Whether the whole write is rolled back if this statement changes no row, or not exactly this number of rows. */
  readonly required?: boolean | number;
  /**
   * The same statement for SQLite, whose common table expressions cannot write: statements with the same values, executed one after
   * the other. If the first one changes no row, the others are not executed. The result is the number of rows of the first one.
   */
  readonly steps?: readonly string[] | undefined;
  /**
   * The same statement for a batch of callers, for PostgreSQL. Each `$n` is the array of their values. Each row of the result has
   * the `place` of its caller, from 1: a row that was found, or the fact that a row was changed.
   */
  readonly batchSql?: string | undefined;
}

/**
 * A database engine as the stores use it: prepared statements and declared batches, never a transaction that waits for the
 * application. All methods throw `StoreUnavailableError` if the engine cannot respond.
 */
export abstract class Database {
  /** Called after every commit with the number of writes that shared it. */
  onCommit: (writes: number) => void = () => undefined;

  /** The SQL expression of the current time of the database in milliseconds since 1970. */
  abstract readonly now: string;

  /** The rows of a query. It sees every write that was acknowledged. */
  abstract read(statement: Statement): Promise<readonly Row[]>;

  /**
   * Executes all of the statements or none. Resolves, after they are durable, to the number of rows that each of them changed. If
   * a required statement did not change its rows, nothing was changed, and the numbers end with a 0 for it.
   */
  abstract write(...statements: readonly Statement[]): Promise<readonly number[]>;

  /** Changes the schema in one transaction that excludes all other changes of the schema. */
  abstract changeSchema<T>(change: (session: SqlSession) => Promise<T>): Promise<T>;

  abstract close(): Promise<void>;
}

/** One transaction on a database. */
export interface SqlSession {
  readonly hasTable: (name: string) => Promise<boolean>;
  /** Throws `ForeignDatabaseError` if tables of other programs leave no place for these new ones. */
  readonly expectPlaceFor: (tables: readonly string[]) => Promise<void>;
  readonly query: (sql: string, values?: readonly SqlValue[]) => Promise<readonly Row[]>;
}

/** The database has no schema of Clientele, but one of its names is taken. */
export class ForeignDatabaseError extends Error {
  override readonly name = 'ForeignDatabaseError';
  readonly code = FOREIGN_DATABASE;

  constructor(database: string, table: unknown) {
    super(
      `${database} is not the database of a Clientele server: it has ${String(table)}, which is of another program or was not ` +
        'restored completely.',
    );
  }
}

/** The store cannot respond at the moment, for example because the disk is full or the connection was lost. The call may be repeated. */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';
  /** Whether the change may have been made: the connection was lost before the response arrived. */
  readonly outcomeUnknown: boolean;

  constructor(
    message: string,
    { outcomeUnknown = false, ...options }: ErrorOptions & { outcomeUnknown?: boolean } = {},
  ) {
    super(message, options);
    this.outcomeUnknown = outcomeUnknown;
  }
}

/** Whether a statement did not change the rows that it must change. */
export function isUnmet({ required = false }: Statement, changed: number): boolean {
  return typeof required === 'number' ? changed !== required : required && changed === 0;
}
