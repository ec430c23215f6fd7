import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Database, StoreUnavailableError, type Row, type SchemaSession, type Statement } from './database.ts';
import { openSqlite, type DatabaseSync, type StatementSync } from './sqlite-driver.ts';

const IN_MEMORY = ':memory:';

/**
 * What is kept of the file in memory, in KiB: room for the inner pages of the indexes of some million clients, without which
 * every look-up would read several pages.
 */
const CACHE_KIB = 65_536;

/**
 * Pages that the log has before they are put into the file, 16 MiB: of a page that was written often only the last state is,
 * and the two flushes that it takes are those of more changes (docs/adr/0002-sqlite-with-group-commit.md).
 */
const LOG_PAGES = 4_096;

/** A statement of the common dialect as SQLite prepares it: `?` for `$n`, and the order in which values are bound. */
interface Prepared {
  readonly statement: StatementSync;
  readonly order: readonly number[];
}

/** A write that waits for the next commit. */
interface Waiting {
  readonly statements: readonly Statement[];
  readonly resolve: (changes: readonly number[]) => void;
  readonly reject: (error: Error) => void;
}

/**
 * The embedded engine: SQLite with a write-ahead log that is flushed to disk at every commit.
 *
 * Group commit: all writes that arrive in one turn of the event loop, and while the commit before them was flushed, share
 * one transaction and so one flush. Every caller is answered after the commit; a statement that fails takes back only the
 * write that it belongs to.
 */
export class SqliteDatabase extends Database {
  private readonly prepared = new Map<string, Prepared>();
  private waiting: Waiting[] = [];
  /** The end of the last change of the schema, however it ended. */
  private schemaChange: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly connection: DatabaseSync,
    private readonly lock: DatabaseSync | undefined,
  ) {
    super();
  }

  /**
   * Opens the database file, making it where there is none. `:memory:` is a database that ends with the process. Throws when
   * another process has the file.
   */
  static async open(path: string): Promise<SqliteDatabase> {
    if (path !== IN_MEMORY) mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const lock = path === IN_MEMORY ? undefined : await takeLock(path);
    let connection: DatabaseSync | undefined;
    try {
      connection = await openSqlite(path);
      connection.exec(
        `PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -${CACHE_KIB};
         PRAGMA wal_autocheckpoint = ${LOG_PAGES};`,
      );
      return new SqliteDatabase(connection, lock);
    } catch (error) {
      connection?.close();
      lock?.close();
      throw error;
    }
  }

  override read({ sql, values }: Statement): Promise<readonly Row[]> {
    try {
      const { statement, order } = this.prepare(sql);
      return Promise.resolve(statement.all(...order.map((place) => values[place])) as Row[]);
    } catch (error) {
      return Promise.reject(asStoreError(error));
    }
  }

  override write(...statements: readonly Statement[]): Promise<readonly number[]> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ statements, resolve, reject });
      if (this.waiting.length === 1) setImmediate(this.commit);
    });
  }

  override changeSchema<T>(change: (session: SchemaSession) => Promise<T>): Promise<T> {
    const changed = this.schemaChange.then(() => this.inTransaction(change));
    this.schemaChange = changed.catch(() => undefined);
    return changed;
  }

  override close(): Promise<void> {
    this.commit();
    try {
      // Leaves everything in the one file, so that a copy of it is a copy of the store.
      this.connection.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      return Promise.resolve();
    } catch (error) {
      // On a full or read-only disk: everything stays in the log, which the next start reads.
      return Promise.reject(asStoreError(error));
    } finally {
      this.connection.close();
      this.lock?.close();
    }
  }

  private async inTransaction<T>(change: (session: SchemaSession) => Promise<T>): Promise<T> {
    const query: SchemaSession['query'] = (sql, values = []) => this.read({ sql, values });
    const hasTable = async (name: string) =>
      (await query("SELECT name FROM sqlite_master WHERE type = 'table' AND name = $1", [name])).length > 0;
    this.connection.exec('BEGIN IMMEDIATE');
    try {
      const result = await change({ hasTable, query });
      this.connection.exec('COMMIT');
      return result;
    } catch (error) {
      this.rollBack();
      throw error;
    }
  }

  /** Carries out everything that waits in one transaction, and answers after it is durable. */
  private readonly commit = (): void => {
    const batch = this.waiting;
    this.waiting = [];
    if (batch.length === 0) return;

    const answers: (() => void)[] = [];
    try {
      this.execute('BEGIN IMMEDIATE');
      for (const write of batch) answers.push(this.perform(write));
      this.execute('COMMIT');
    } catch (error) {
      this.rollBack();
      // What was written before a flush that failed may be found after a crash; of anything else nothing is kept.
      const outcomeUnknown = (error as { errcode?: number }).errcode === FLUSH_FAILED;
      const failure = new StoreUnavailableError('The database cannot commit.', { cause: error, outcomeUnknown });
      for (const write of batch) write.reject(failure);
      return;
    }
    this.onCommit(batch.length);
    for (const answer of answers) answer();
  };

  /** One write of a batch, inside a savepoint so that its failure is not its neighbours'; how to answer it after the commit. */
  private perform({ statements, resolve, reject }: Waiting): () => void {
    this.execute('SAVEPOINT write');
    try {
      const changes: number[] = [];
      for (const { sql, values, required } of statements) {
        const { statement, order } = this.prepare(sql);
        const { changes: changed } = statement.run(...order.map((place) => values[place]));
        changes.push(changed);
        if (required && changed === 0) {
          this.execute('ROLLBACK TO write');
          break;
        }
      }
      this.execute('RELEASE write');
      return () => {
        resolve(changes);
      };
    } catch (error) {
      this.takeBack(error);
      return () => {
        reject(asStoreError(error));
      };
    }
  }

  /** Takes back one write of the batch; throws what it failed of where SQLite has ended the whole transaction over it. */
  private takeBack(cause: unknown): void {
    try {
      this.execute('ROLLBACK TO write');
      this.execute('RELEASE write');
    } catch {
      throw cause;
    }
  }

  private rollBack(): void {
    try {
      this.execute('ROLLBACK');
    } catch {
      // There is no transaction to take back when BEGIN failed or SQLite has ended it by itself.
    }
  }

  private execute(sql: string): void {
    this.prepare(sql).statement.run();
  }

  private prepare(sql: string): Prepared {
    let prepared = this.prepared.get(sql);
    if (prepared === undefined) {
      const order: number[] = [];
      const text = sql.replace(/\$(\d+)/g, (_place, number: string) => {
        order.push(Number(number) - 1);
        return '?';
      });
      prepared = { statement: this.connection.prepare(text), order };
      this.prepared.set(sql, prepared);
    }
    return prepared;
  }
}

/**
 * Holds a lock beside the database file for as long as this process lives; the operating system gives it back whatever
 * ends the process. The database itself stays readable to others, for backups.
 */
export async function takeLock(path: string): Promise<DatabaseSync> {
  const lock = await openSqlite(`${path}.lock`);
  try {
    lock.exec('PRAGMA journal_mode = OFF; BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    throw new StoreInUseError(path, { cause: error });
  }
}

/** Another process has the embedded store. */
export class StoreInUseError extends Error {
  override readonly name = 'StoreInUseError';

  constructor(path: string, options?: ErrorOptions) {
    super(
      `${path} is in use by another Clientele server. Stop that one first, or give this one its own DATA_DIR.`,
      options,
    );
  }
}

/** SQLite's extended result code IOERR_FSYNC. */
const FLUSH_FAILED = 1034;

/** SQLite's primary result codes that say that the engine cannot work now, rather than that the statement is wrong. */
const UNAVAILABLE = new Set([
  5, // BUSY
  6, // LOCKED
  7, // NOMEM
  8, // READONLY
  10, // IOERR
  13, // FULL
  14, // CANTOPEN
  15, // PROTOCOL
]);

function asStoreError(error: unknown): Error {
  const { errcode } = error as { errcode?: number };
  const unavailable = errcode !== undefined && UNAVAILABLE.has(errcode & 0xff);
  return unavailable ? new StoreUnavailableError('The database cannot answer.', { cause: error }) : (error as Error);
}
