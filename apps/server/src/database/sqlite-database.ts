import { dirname } from 'node:path';
import { exists } from '../files/exists.ts';
import { ensurePrivateFile, ensurePrivateFolder } from '../files/ownership.ts';
import { UnfinishedFile } from '../files/unfinished-file.ts';
import { SCHEMA_MIGRATION_TABLE } from './schema.ts';
import {
  Database,
  ForeignDatabaseError,
  isUnmet,
  type Row,
  type SqlSession,
  type SqlValue,
  type Statement,
} from './database.ts';
import { asStoreError, commitError, expectNoTable, FIRST_TABLE, isBusy } from './sqlite-errors.ts';
import { expectContent, openSqlite, type DatabaseSync, type StatementSync } from './sqlite-driver.ts';

const IN_MEMORY = ':memory:';

/** KiB of the page cache: enough for the inner pages of the indexes of several million clients. */
const CACHE_KIB = 65_536;

/** Pages of the write-ahead log before a checkpoint: 16 MiB (docs/adr/0002-sqlite-with-group-commit.md). */
const LOG_PAGES = 4_096;

/** A prepared statement of the common dialect: `?` replaces `$n`, and `order` has the place of each value. */
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
 * The embedded engine: SQLite with a write-ahead log that is flushed to the disk at every commit.
 *
 * Group commit: all writes that arrive in one turn of the event loop share one transaction, and so one flush. Each write is
 * acknowledged after the commit. A statement that fails rolls back only its own write.
 */
export class SqliteDatabase extends Database {
  override readonly now = "CAST(unixepoch('subsec') * 1000 AS INTEGER)";
  private readonly prepared = new Map<string, Prepared>();
  private waiting: Waiting[] = [];
  /** Settles when the last change of the schema has ended. */
  private schemaChange: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly connection: DatabaseSync,
    private readonly lock: DatabaseSync | undefined,
    private readonly path: string,
  ) {
    super();
  }

  /**
   * Opens a database file, and creates it if it does not exist. `:memory:` is a database that ends with the process. Throws
   * `StoreInUseError` if another process uses the file.
   */
  static async open(path: string): Promise<SqliteDatabase> {
    if (path !== IN_MEMORY) {
      if (exists(path)) expectContent(path);
      ensurePrivateFolder(dirname(path));
    }
    const lock = path === IN_MEMORY ? undefined : await takeLock(path);
    let connection: DatabaseSync | undefined;
    try {
      if (path !== IN_MEMORY && !exists(path)) await createDatabase(path);
      connection = await openSqlite(path);
      expectOwn(connection, path);
      connection.exec(
        `PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -${CACHE_KIB};
         PRAGMA wal_autocheckpoint = ${LOG_PAGES};`,
      );
      return new SqliteDatabase(connection, lock, path);
    } catch (error) {
      connection?.close();
      lock?.close();
      throw asStoreError(error);
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

  override changeSchema<T>(change: (session: SqlSession) => Promise<T>): Promise<T> {
    const changed = this.schemaChange.then(() => this.inTransaction(change));
    this.schemaChange = changed.catch(() => undefined);
    return changed;
  }

  override close(): Promise<void> {
    this.commit();
    try {
      // Moves everything into the database file, so that a copy of the file is a copy of the store.
      this.connection.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      return Promise.resolve();
    } catch (error) {
      // The disk is full or read-only. The write-ahead log still has everything, and the next start reads it.
      return Promise.reject(asStoreError(error));
    } finally {
      this.connection.close();
      this.lock?.close();
    }
  }

  private async inTransaction<T>(change: (session: SqlSession) => Promise<T>): Promise<T> {
    const query: SqlSession['query'] = (sql, values = []) => this.read({ sql, values });
    const hasTable = async (name: string) =>
      (await query("SELECT name FROM sqlite_master WHERE type = 'table' AND name = $1", [name])).length > 0;
    try {
      this.connection.exec('BEGIN IMMEDIATE');
      const result = await change({ hasTable, expectPlaceFor: () => expectNoTable(this.path, query), query });
      this.connection.exec('COMMIT');
      return result;
    } catch (error) {
      this.rollBack();
      throw asStoreError(error);
    }
  }

  /** Executes all waiting writes in one transaction, and acknowledges them after the commit. */
  private readonly commit = (): void => {
    const batch = this.waiting;
    this.waiting = [];
    if (batch.length === 0) return;

    const acknowledgements: (() => void)[] = [];
    try {
      this.execute('BEGIN IMMEDIATE');
      for (const write of batch) acknowledgements.push(this.perform(write));
      this.execute('COMMIT');
    } catch (error) {
      this.rollBack();
      const failure = commitError(error);
      for (const write of batch) write.reject(failure);
      return;
    }
    this.onCommit(batch.length);
    for (const acknowledge of acknowledgements) acknowledge();
  };

  /** Executes one write in a savepoint, so that the others do not fail with it; returns what to call after the commit. */
  private perform({ statements, resolve, reject }: Waiting): () => void {
    this.execute('SAVEPOINT write');
    try {
      const changes: number[] = [];
      for (const statement of statements) {
        const changed = this.run(statement);
        const unmet = isUnmet(statement, changed);
        changes.push(unmet ? 0 : changed);
        if (unmet) {
          this.execute('ROLLBACK TO write');
          break;
        }
      }
      this.execute('RELEASE write');
      return () => {
        resolve(changes);
      };
    } catch (error) {
      this.rollBackWrite(error);
      return () => {
        reject(asStoreError(error));
      };
    }
  }

  /** Executes a statement; returns the number of rows that its first step changed. */
  private run({ sql, steps: [first = sql, ...others] = [], values }: Statement): number {
    const changed = this.runStep(first, values);
    if (changed > 0) for (const step of others) this.runStep(step, values);
    return changed;
  }

  private runStep(sql: string, values: readonly SqlValue[]): number {
    const { statement, order } = this.prepare(sql);
    return statement.run(...order.map((place) => values[place])).changes;
  }

  /** Rolls back one write of the batch. Throws `cause` if SQLite has ended the whole transaction. */
  private rollBackWrite(cause: unknown): void {
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
      // There is no transaction if BEGIN failed or SQLite ended it.
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
 * Locks a file beside the database file until this process ends, so that other processes can read the database but not open it for
 * writing. Throws `StoreInUseError` if another process has the lock.
 */
export async function takeLock(path: string): Promise<DatabaseSync> {
  let lock: DatabaseSync | undefined;
  try {
    ensurePrivateFile(lockFileOf(path));
    lock = await openSqlite(lockFileOf(path));
    lock.exec('PRAGMA journal_mode = OFF; BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock?.close();
    throw isBusy(error) ? new StoreInUseError(path, { cause: error }) : asStoreError(error);
  }
}

/**
 * Creates a database file, which gets its name with its first page: after a crash there is no empty file, which would look like a lost
 * store. SQLite gives the files beside it the same owner and mode.
 */
async function createDatabase(path: string): Promise<void> {
  const file = UnfinishedFile.create(path, { replace: false });
  try {
    const connection = await openSqlite(file.path);
    try {
      connection.exec('PRAGMA journal_mode = WAL');
    } finally {
      connection.close();
    }
    file.finish();
  } catch (error) {
    file.discard();
    throw error;
  }
}

/** Throws `ForeignDatabaseError` before anything changes: the mode of the journal is stored in the file. */
function expectOwn(connection: DatabaseSync, path: string): void {
  const [table] = connection.prepare(FIRST_TABLE).all() as { name: string }[];
  const columns = connection.prepare(`PRAGMA table_info(${SCHEMA_MIGRATION_TABLE.name})`).all() as { name: string }[];
  const isOwn = Object.keys(SCHEMA_MIGRATION_TABLE.columns).every((name) => columns.some((each) => each.name === name));
  if (table !== undefined && !isOwn) throw new ForeignDatabaseError(path, table.name);
}

/** Whether another process has the lock. */
export async function isInUse(path: string): Promise<boolean> {
  if (!exists(lockFileOf(path))) return false;
  const reader = await openSqlite(lockFileOf(path), { readOnly: true });
  try {
    reader.prepare('SELECT name FROM sqlite_master').all();
    return false;
  } catch (error) {
    if (isBusy(error)) return true;
    throw error;
  } finally {
    reader.close();
  }
}

/** The file beside a database file whose lock is the lock of the database. */
export function lockFileOf(path: string): string {
  return `${path}.lock`;
}

/** Another process uses the embedded store. */
export class StoreInUseError extends Error {
  override readonly name = 'StoreInUseError';

  constructor(path: string, options?: ErrorOptions) {
    super(
      `${path} is in use by another Clientele server. Stop that one first, or give this one its own DATA_DIR.`,
      options,
    );
  }
}
