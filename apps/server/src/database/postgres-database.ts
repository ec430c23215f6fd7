import { createHash } from 'node:crypto';
import { Logger } from '@nestjs/common';
import pg from 'pg';
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
import { TogetherSender } from './together.ts';

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
  private prepares = true;
  private readonly readers: TogetherSender<readonly Row[], readonly Row[]>;
  private readonly writers: TogetherSender<readonly number[], number>;
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
    // Reads take turns on all connections, so that none waits for one that does not answer; writes wait for each other anyway.
    this.readers = new TogetherSender(
      {
        together: async (sql, values) => byPlace(await this.readAlone({ sql, values })),
        alone: (statement) => this.readAlone(statement),
        answerOf: (rows = []) => rows,
      },
      connections,
    );
    this.writers = new TogetherSender(
      {
        together: (sql, values) => this.writeTogether({ sql, values }),
        alone: (statement) => this.writeAlone(statement),
        answerOf: (changed = 0) => [changed],
      },
      1,
    );
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
    const { together } = statement;
    if (together === undefined) return this.readAlone(statement);
    return this.readers.send(statement, together);
  }

  private readAlone(statement: Query): Promise<readonly Row[]> {
    return this.attempt('read', async (client) => (await this.query(client, statement)).rows as Row[]);
  }

  override write(...statements: readonly Statement[]): Promise<readonly number[]> {
    const [only, ...others] = statements;
    if (only === undefined || others.length > 0) {
      return this.commit(1, (client) => transaction(client, () => this.carryOut(client, statements)));
    }
    const { together } = only;
    if (together === undefined) return this.writeAlone(only);
    return this.writers.send(only, together);
  }

  private writeAlone(statement: Statement): Promise<readonly number[]> {
    return this.commit(1, async (client) => [(await this.query(client, statement)).rowCount ?? 0]);
  }

  private async writeTogether(query: Query): Promise<ReadonlyMap<number, number>> {
    const [first] = query.values;
    const writes = Array.isArray(first) ? first.length : 1;
    const { rows } = await this.commit(writes, (client) => this.query(client, query));
    return new Map((rows as Row[]).map(({ place }) => [Number(place), 1]));
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

function byPlace(rows: readonly Row[]): ReadonlyMap<number, readonly Row[]> {
  const places = new Map<number, Row[]>();
  for (const row of rows) {
    const place = Number(row.place);
    const others = places.get(place);
    if (others) others.push(row);
    else places.set(place, [row]);
  }
  return places;
}

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
