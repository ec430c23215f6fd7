import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import pg from 'pg';
import { Collector, type Waiting } from './collector.ts';
import {
  Database,
  StoreUnavailableError,
  type Row,
  type SchemaSession,
  type SqlValue,
  type Statement,
} from './database.ts';
import {
  asStoreError,
  ConnectionLostError,
  isConflict,
  isLost,
  isMisplacedStatement,
  UncommittedError,
} from './postgres-errors.ts';

export interface PostgresOptions {
  /** postgres://user:password@host:port/database, TLS by `sslmode`. */
  readonly url: string;
  /** Connections at most. */
  readonly connections: number;
  /** Milliseconds that the answer to one statement is waited for; 0 where a command may take its time. */
  readonly answerTimeout?: number;
}

/** Milliseconds that a caller waits for a connection, and for the answer to one statement. */
const CONNECT_TIMEOUT = 5_000;
const ANSWER_TIMEOUT = 10_000;

/** Changing the schema of many rows takes as long as it takes: the longest time that a timer can wait. */
const NO_TIMEOUT = 2 ** 31 - 1;

/**
 * How often something is sent that the server took back because of others, and a query whose connection was lost; within
 * the milliseconds of one answer, so that a server that does not answer at all holds nobody up for longer.
 */
const ATTEMPTS = 10;

/** Any number that everybody who changes this schema agrees on. */
const SCHEMA_LOCK = 7_591_7_592;

/** Whole numbers below 2^53 are all that the schema holds. */
export const TYPES = new pg.TypeOverrides();
TYPES.setTypeParser(pg.types.builtins.INT8, Number);

/**
 * PostgreSQL, through a pool of connections. A write of one statement is one round trip. Works behind poolers that give a
 * connection to each transaction: no state is kept in a session but prepared statements, and those are given up when they
 * turn out not to last.
 */
export class PostgresDatabase extends Database {
  private readonly logger = new Logger('PostgresDatabase');
  private readonly pool: pg.Pool;
  private readonly names = new Map<string, string>();
  private readonly unsent = new Map<string, Promise<readonly Row[]>>();
  private prepares = true;
  private readonly collectors = new Map<string, Collector<Statement, readonly number[]>>();
  private underway = 0;
  private onIdle: (() => void) | undefined;

  private constructor({ url, connections, answerTimeout = ANSWER_TIMEOUT }: PostgresOptions) {
    super();
    this.pool = new pg.Pool({
      connectionString: url,
      application_name: 'clientele',
      max: connections,
      connectionTimeoutMillis: CONNECT_TIMEOUT,
      query_timeout: answerTimeout,
      keepAlive: true,
      types: TYPES,
    });
    // Who uses a connection that is lost learns it from the query that fails; an event nobody listens to would end the process.
    this.pool.on('connect', (client) => client.on('error', () => undefined));
    // An idle connection that the server ended: the pool has dropped it already.
    this.pool.on('error', (error) => {
      this.logger.warn(`A connection to PostgreSQL was lost: ${error.message}`);
    });
  }

  /** Throws `StoreUnavailableError` when the server cannot be reached. */
  static async open(options: PostgresOptions): Promise<PostgresDatabase> {
    const database = new PostgresDatabase(options);
    try {
      await database.read({ sql: 'SELECT 1', values: [] });
      return database;
    } catch (error) {
      await database.close();
      throw error;
    }
  }

  override read(statement: Statement): Promise<readonly Row[]> {
    return statement.values.length === 0 ? this.readTogether(statement) : this.fetch(statement);
  }

  /** Sends a query that has no values once for all who ask it in one turn of the event loop. */
  private readTogether(statement: Statement): Promise<readonly Row[]> {
    let rows = this.unsent.get(statement.sql);
    if (rows === undefined) {
      rows = setImmediate().then(() => {
        this.unsent.delete(statement.sql);
        return this.fetch(statement);
      });
      this.unsent.set(statement.sql, rows);
    }
    return rows;
  }

  private fetch(statement: Statement): Promise<readonly Row[]> {
    return this.attempt('read', async (client) => (await this.query(client, statement)).rows as Row[]);
  }

  override write(...statements: readonly Statement[]): Promise<readonly number[]> {
    const [only, ...others] = statements;
    if (only === undefined || others.length > 0) {
      return this.commit(1, (client) => transaction(client, () => this.carryOut(client, statements)));
    }
    return only.together === undefined ? this.writeAlone(only) : this.collectorOf(only.together).add(only);
  }

  private writeAlone(statement: Statement): Promise<readonly number[]> {
    return this.commit(1, async (client) => [(await this.query(client, statement)).rowCount ?? 0]);
  }

  private collectorOf(together: string): Collector<Statement, readonly number[]> {
    let collector = this.collectors.get(together);
    if (collector === undefined) {
      collector = new Collector((batch) => this.writeTogether(together, batch));
      this.collectors.set(together, collector);
    }
    return collector;
  }

  private async writeTogether(sql: string, batch: readonly WaitingWrite[]): Promise<void> {
    const [first, ...others] = batch;
    if (first === undefined || others.length === 0) return this.answerEach(batch);
    const columns = first.item.values.map((_value, column) => batch.map(({ item }) => item.values[column] ?? null));
    try {
      const { rows } = await this.commit(batch.length, (client) => this.query(client, { sql, values: columns }));
      const changed = new Set((rows as Row[]).map(({ place }) => place));
      batch.forEach(({ resolve }, index) => {
        resolve([changed.has(index + 1) ? 1 : 0]);
      });
    } catch (error) {
      // What is wrong with the statement of one caller is not its neighbours' fault.
      if (!(error instanceof StoreUnavailableError)) return this.answerEach(batch);
      for (const { reject } of batch) reject(error);
    }
  }

  private async answerEach(batch: readonly WaitingWrite[]): Promise<void> {
    await Promise.all(batch.map(({ item, resolve, reject }) => this.writeAlone(item).then(resolve, reject)));
  }

  override changeSchema<T>(change: (session: SchemaSession) => Promise<T>): Promise<T> {
    return this.attempt('write', (client) =>
      transaction(client, async () => {
        const query = async (sql: string, values: readonly SqlValue[] = []) =>
          (await send(client, { text: sql, values: [...values], query_timeout: NO_TIMEOUT })).rows as Row[];
        await query('SELECT pg_advisory_xact_lock($1)', [SCHEMA_LOCK]);
        const hasTable = async (name: string) => {
          const [row] = await query('SELECT to_regclass($1) IS NOT NULL AS found', [name]);
          return Boolean(row?.found);
        };
        return { outcome: 'COMMIT', result: await change({ hasTable, query }) };
      }),
    );
  }

  override async close(): Promise<void> {
    // The pool would leave those that wait for a connection without an answer.
    if (this.underway > 0) await new Promise<void>((resolve) => (this.onIdle = resolve));
    await this.pool.end();
  }

  /** All statements of a declared batch, up to a required one that changes nothing. */
  private async carryOut(client: pg.PoolClient, statements: readonly Statement[]): Promise<Outcome<readonly number[]>> {
    const changes: number[] = [];
    for (const statement of statements) {
      const { rowCount } = await this.query(client, statement);
      changes.push(rowCount ?? 0);
      if (statement.required && rowCount === 0) return { outcome: 'ROLLBACK', result: changes };
    }
    return { outcome: 'COMMIT', result: changes };
  }

  private query(client: pg.PoolClient, { sql, values }: Query): Promise<pg.QueryResult> {
    const text = { text: sql, values: [...values] };
    return send(client, this.prepares ? { name: this.nameOf(sql), ...text } : text);
  }

  /** The same statement has the same name everywhere, so that a pooler may hand a connection on with what it has prepared. */
  private nameOf(sql: string): string {
    let name = this.names.get(sql);
    if (name === undefined) {
      name = createHash('sha256').update(sql).digest('base64url');
      this.names.set(sql, name);
    }
    return name;
  }

  private async commit<T>(writes: number, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const result = await this.attempt('write', work);
    this.onCommit(writes);
    return result;
  }

  /**
   * Does something on a connection, and repeats it where that cannot do anything twice: after the server took it back, and
   * when the answer to a query was lost. A write of which the answer was lost is never repeated: it may have been made.
   */
  private async attempt<T>(what: 'read' | 'write', work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    this.underway += 1;
    try {
      return await this.attempts(what, work);
    } finally {
      this.underway -= 1;
      if (this.underway === 0) this.onIdle?.();
    }
  }

  private async attempts<T>(what: 'read' | 'write', work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const deadline = Date.now() + ANSWER_TIMEOUT;
    for (let attempt = 1; ; attempt++) {
      const client = await this.connect();
      try {
        const result = await work(client);
        client.release();
        return result;
      } catch (error) {
        const lost = isLost(error);
        const failure = asStoreError(error, { outcomeUnknown: lost && what === 'write' });
        const changedNothing = isConflict(error) || error instanceof UncommittedError || this.stopsPreparing(error);
        const repeatable = changedNothing || (lost && what === 'read');
        // Another connection may lead to a server that can do it: after a failover this one may be to the old primary.
        client.release(failure instanceof StoreUnavailableError && !isConflict(error));
        if (!repeatable || attempt === ATTEMPTS || Date.now() >= deadline) throw failure;
      }
    }
  }

  private async connect(): Promise<pg.PoolClient> {
    try {
      return await this.pool.connect();
    } catch (error) {
      throw asStoreError(new ConnectionLostError(error), { outcomeUnknown: false });
    }
  }

  /** Whether the error was that of a prepared statement that did not last; from now on there are none. */
  private stopsPreparing(error: unknown): boolean {
    if (!isMisplacedStatement(error)) return false;
    if (this.prepares)
      this.logger.warn('The pooler before PostgreSQL does not keep prepared statements: going on without.');
    this.prepares = false;
    return true;
  }
}

/** A statement whose values may be arrays of values. */
interface Query {
  readonly sql: string;
  readonly values: readonly (SqlValue | readonly SqlValue[])[];
}

type WaitingWrite = Waiting<Statement, readonly number[]>;

interface Outcome<T> {
  readonly outcome: 'COMMIT' | 'ROLLBACK';
  readonly result: T;
}

/**
 * One transaction, in which each statement sees what was committed before it: who waits for a lock sees what its holder did.
 * Its locks outlive a server that stopped in its middle, or cannot be reached any more, by no more than the time of an answer.
 */
const BEGIN = `BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL idle_in_transaction_session_timeout = ${ANSWER_TIMEOUT}`;

async function transaction<T>(client: pg.PoolClient, work: () => Promise<Outcome<T>>): Promise<T> {
  let done: Outcome<T>;
  try {
    await send(client, { text: BEGIN });
    try {
      done = await work();
    } catch (error) {
      if (!isLost(error)) await send(client, { text: 'ROLLBACK' });
      throw error;
    }
  } catch (error) {
    throw isLost(error) ? new UncommittedError(error) : error;
  }
  await send(client, { text: done.outcome });
  return done.result;
}

/** Sends one query. Throws what PostgreSQL says, or `ConnectionLostError` when it says nothing. */
async function send(
  client: pg.PoolClient,
  query: pg.QueryConfig & { query_timeout?: number },
): Promise<pg.QueryResult> {
  try {
    return await client.query(query);
  } catch (error) {
    throw error instanceof pg.DatabaseError ? error : new ConnectionLostError(error);
  }
}
