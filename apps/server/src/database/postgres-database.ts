import { createHash } from 'node:crypto';
import { Logger } from '@nestjs/common';
import pg from 'pg';
import {
  Database,
  isUnmet,
  StoreUnavailableError,
  type Row,
  type SqlSession,
  type SqlValue,
  type Statement,
} from './database.ts';
import {
  asStoreError,
  ConnectionLostError,
  expectFreeNames,
  isConflict,
  isLost,
  isMisplacedStatement,
  UncommittedError,
} from './postgres-errors.ts';
import { expectSupportedVersion, VERSION_SQL } from './postgres-version.ts';
import { StatementBatcher } from './statement-batcher.ts';

export interface PostgresOptions {
  /** postgres://user:password@host:port/database; `sslmode` controls TLS. */
  readonly url: string;
  /** Largest number of connections. */
  readonly connections: number;
  /** Milliseconds to wait for the response to one statement; 0 sets no limit. */
  readonly responseTimeout?: number;
}

/** Milliseconds to wait for a connection, and for the response to one statement. */
const CONNECT_TIMEOUT = 5_000;
const RESPONSE_TIMEOUT = 10_000;

/** Milliseconds for a statement that changes the schema, which may concern many rows: the longest time of a timer. */
const NO_TIMEOUT = 2 ** 31 - 1;

/** Attempts at an operation that may be repeated. None begins later than `RESPONSE_TIMEOUT` after the first. */
const ATTEMPTS = 10;

/** Key of the advisory lock for changes of the schema. */
const SCHEMA_LOCK = 7_591_7_592;

/** Reads BIGINT as a number, because the schema has no number above 2^53. */
export const TYPES = new pg.TypeOverrides();
TYPES.setTypeParser(pg.types.builtins.INT8, Number);

/**
 * PostgreSQL, through a pool of connections. A write of one statement is one round trip. Works behind poolers in transaction mode:
 * the only state of a session is its prepared statements, and the server stops preparing if a pooler loses them.
 */
export class PostgresDatabase extends Database {
  override readonly now = 'CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)';
  private readonly logger = new Logger('PostgresDatabase');
  private readonly pool: pg.Pool;
  private readonly names = new Map<string, string>();
  private prepares = true;
  private readonly readers: StatementBatcher<readonly Row[], readonly Row[]>;
  private readonly writers: StatementBatcher<readonly number[], number>;
  private underway = 0;
  private onIdle: (() => void) | undefined;

  private constructor({ url, connections, responseTimeout = RESPONSE_TIMEOUT }: PostgresOptions) {
    super();
    this.pool = new pg.Pool({
      connectionString: url,
      application_name: 'clientele',
      max: connections,
      connectionTimeoutMillis: CONNECT_TIMEOUT,
      query_timeout: responseTimeout,
      keepAlive: true,
      types: TYPES,
    });
    // Reads use all connections, so that no read waits for a connection that does not respond. Writes lock the same rows anyway.
    this.readers = new StatementBatcher(
      {
        batch: async (sql, values) => byPlace(await this.readSingle({ sql, values })),
        single: (statement) => this.readSingle(statement),
        resultOf: (rows = []) => rows,
      },
      connections,
    );
    this.writers = new StatementBatcher(
      {
        batch: (sql, values) => this.writeBatch({ sql, values }),
        single: (statement) => this.writeSingle(statement),
        resultOf: (changed = 0) => [changed],
      },
      1,
    );
    // The query on a lost connection fails. Without a listener the event would also end the process.
    this.pool.on('connect', (client) => client.on('error', () => undefined));
    // The server ended an idle connection, and the pool has removed it.
    this.pool.on('error', (error) => {
      this.logger.warn(`A connection to PostgreSQL was lost: ${error.message}`);
    });
  }

  /** Throws `StoreUnavailableError` if the server cannot be reached, and `OldPostgresError` if it is too old. */
  static async open(options: PostgresOptions): Promise<PostgresDatabase> {
    const database = new PostgresDatabase(options);
    try {
      expectSupportedVersion(await database.read({ sql: VERSION_SQL, values: [] }));
      return database;
    } catch (error) {
      await database.close();
      throw error;
    }
  }

  override read(statement: Statement): Promise<readonly Row[]> {
    const { batchSql } = statement;
    return batchSql === undefined ? this.readSingle(statement) : this.readers.execute(statement, batchSql);
  }

  private readSingle(statement: Query): Promise<readonly Row[]> {
    return this.attempt('read', async (client) => (await this.query(client, statement)).rows as Row[]);
  }

  override write(...statements: readonly Statement[]): Promise<readonly number[]> {
    const [only, ...others] = statements;
    if (only === undefined || others.length > 0) {
      return this.commit(1, (client) => transaction(client, () => this.executeAll(client, statements)));
    }
    const { batchSql } = only;
    return batchSql === undefined ? this.writeSingle(only) : this.writers.execute(only, batchSql);
  }

  private writeSingle(statement: Statement): Promise<readonly number[]> {
    return this.commit(1, async (client) => [(await this.query(client, statement)).rowCount ?? 0]);
  }

  private async writeBatch(query: Query): Promise<ReadonlyMap<number, number>> {
    const [first] = query.values;
    const writes = Array.isArray(first) ? first.length : 1;
    const { rows } = await this.commit(writes, (client) => this.query(client, query));
    return new Map((rows as Row[]).map(({ place }) => [Number(place), 1]));
  }

  override changeSchema<T>(change: (session: SqlSession) => Promise<T>): Promise<T> {
    return this.attempt('write', (client) =>
      transaction(client, async () => {
        const query = async (sql: string, values: readonly SqlValue[] = []) =>
          (await send(client, { text: sql, values: [...values], query_timeout: NO_TIMEOUT })).rows as Row[];
        await query('SELECT pg_advisory_xact_lock($1)', [SCHEMA_LOCK]);
        const hasTable = async (name: string) => {
          const [row] = await query('SELECT to_regclass($1) IS NOT NULL AS found', [name]);
          return Boolean(row?.found);
        };
        return {
          end: 'COMMIT',
          result: await change({ hasTable, expectPlaceFor: (tables) => expectFreeNames(tables, query), query }),
        };
      }),
    );
  }

  override async close(): Promise<void> {
    // The pool would never settle operations that wait for a connection.
    if (this.underway > 0) await new Promise<void>((resolve) => (this.onIdle = resolve));
    await this.pool.end();
  }

  /** Executes the statements of a declared batch up to a required one that changes nothing. */
  private async executeAll(
    client: pg.PoolClient,
    statements: readonly Statement[],
  ): Promise<Outcome<readonly number[]>> {
    const changes: number[] = [];
    for (const statement of statements) {
      const { rowCount } = await this.query(client, statement);
      const unmet = isUnmet(statement, rowCount ?? 0);
      changes.push(unmet ? 0 : (rowCount ?? 0));
      if (unmet) return { end: 'ROLLBACK', result: changes };
    }
    return { end: 'COMMIT', result: changes };
  }

  private query(client: pg.PoolClient, { sql, values }: Query): Promise<pg.QueryResult> {
    const text = { text: sql, values: [...values] };
    return send(client, this.prepares ? { name: this.nameOf(sql), ...text } : text);
  }

  /** A statement has the same name on all connections and servers, so that a pooler may share what it has prepared. */
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
   * Works on a connection. Repeats the work if the server rolled it back or the response to a read was lost. A write is not repeated
   * if its response was lost, because it may have been committed.
   */
  private async attempt<T>(operation: 'read' | 'write', work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    this.underway += 1;
    try {
      return await this.attempts(operation, work);
    } finally {
      this.underway -= 1;
      if (this.underway === 0) this.onIdle?.();
    }
  }

  private async attempts<T>(operation: 'read' | 'write', work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const deadline = Date.now() + RESPONSE_TIMEOUT;
    for (let attempt = 1; ; attempt++) {
      const client = await this.connect();
      try {
        const result = await work(client);
        client.release();
        return result;
      } catch (error) {
        const lost = isLost(error);
        const failure = asStoreError(error, { outcomeUnknown: lost && operation === 'write' });
        const changedNothing = isConflict(error) || error instanceof UncommittedError || this.stopsPreparing(error);
        const repeatable = changedNothing || (lost && operation === 'read');
        // After a failover this connection may lead to the old primary, so the next attempt takes another one.
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

  /** Whether a pooler lost a prepared statement; if so, the server prepares none from now on. */
  private stopsPreparing(error: unknown): boolean {
    if (!isMisplacedStatement(error)) return false;
    if (this.prepares)
      this.logger.warn(
        'The pooler in front of PostgreSQL loses prepared statements: the server prepares none from now on.',
      );
    this.prepares = false;
    return true;
  }
}

/** A statement, or one for a batch whose values are arrays. */
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
  readonly end: 'COMMIT' | 'ROLLBACK';
  readonly result: T;
}

/**
 * Starts a transaction in which each statement sees all earlier commits, also one that held a lock for which the statement waited. If
 * this server stops in the middle, PostgreSQL releases the locks after the time of one response.
 */
const BEGIN = `BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL idle_in_transaction_session_timeout = ${RESPONSE_TIMEOUT}`;

async function transaction<T>(client: pg.PoolClient, work: () => Promise<Outcome<T>>): Promise<T> {
  let outcome: Outcome<T>;
  try {
    await send(client, { text: BEGIN });
    try {
      outcome = await work();
    } catch (error) {
      if (!isLost(error)) await send(client, { text: 'ROLLBACK' });
      throw error;
    }
  } catch (error) {
    throw isLost(error) ? new UncommittedError(error) : error;
  }
  await send(client, { text: outcome.end });
  return outcome.result;
}

/** Sends one query. Throws the error of PostgreSQL, or `ConnectionLostError` if there is no response. */
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
