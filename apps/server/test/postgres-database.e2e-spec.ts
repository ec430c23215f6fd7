import pg from 'pg';
import { StoreUnavailableError, type Database } from '../src/database/database.ts';
import { PostgresDatabase } from '../src/database/postgres-database.ts';
import { add, databaseContract, idsIn, sql, withThings } from './database.contract.ts';
import { postgresUrl } from './support/engine.ts';
import { createDatabase } from './support/postgres.ts';
import { TcpProxy } from './support/tcp-proxy.ts';

databaseContract('PostgreSQL', async () => {
  const { url, drop } = await createDatabase(postgresUrl());
  return { database: await PostgresDatabase.open({ url, connections: 5 }), remove: drop };
});

databaseContract('PostgreSQL with one connection', async () => {
  const { url, drop } = await createDatabase(postgresUrl());
  return { database: await PostgresDatabase.open({ url, connections: 1 }), remove: drop };
});

describe('PostgreSQL', () => {
  let url: string;
  let database: Database;
  /** A second connection, whose locks block the database under test. */
  let blocker: pg.Client;
  /** A third connection, which sees waiting sessions. Inside a transaction, it would always see the same sessions. */
  let observer: pg.Client;
  const closers: (() => Promise<unknown>)[] = [];

  const open = async (options: { url?: string; connections?: number } = {}): Promise<Database> => {
    const opened = await PostgresDatabase.open({ url, connections: 5, ...options });
    closers.push(() => opened.close());
    return opened;
  };

  const connect = async (): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    closers.push(() => client.end());
    return client;
  };

  beforeEach(async () => {
    const created = await createDatabase(postgresUrl());
    closers.push(created.drop);
    url = created.url;
    blocker = await connect();
    observer = await connect();
    database = await withThings(await open());
  });

  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });

  /** Waits until this many sessions of the database under test wait for a lock, and returns them. */
  const waitingForLocks = async (count: number): Promise<readonly number[]> => {
    for (;;) {
      const { rows } = await observer.query<{ pid: number }>(
        `SELECT pid FROM pg_stat_activity
          WHERE datname = current_database() AND application_name = 'clientele' AND wait_event_type = 'Lock'`,
      );
      if (rows.length === count) return rows.map(({ pid }) => pid);
    }
  };

  const terminate = (pid = 0) => observer.query('SELECT pg_terminate_backend($1)', [pid]);

  const increment = (id: number) => sql('UPDATE thing SET amount = amount + 1 WHERE id = $1', id);

  const amountOf = async (id: number) => (await database.read(sql('SELECT amount FROM thing WHERE id = $1', id)))[0];

  describe('a lost connection', () => {
    beforeEach(async () => {
      await database.write(add(1), add(2));
      await blocker.query('BEGIN');
      await blocker.query('UPDATE thing SET amount = 10 WHERE id = 2');
    });

    it('during a write of one statement makes its outcome unknown, and later writes succeed', async () => {
      const write = database.write(increment(2));
      const failed = expect(write).rejects.toMatchObject({ name: 'StoreUnavailableError', outcomeUnknown: true });
      await terminate((await waitingForLocks(1))[0]);

      await failed;
      await blocker.query('COMMIT');
      expect(await database.write(increment(2))).toEqual([1]);
    });

    it('in a transaction before the commit causes a retry of the transaction', async () => {
      const write = database.write(increment(1), increment(2));
      await terminate((await waitingForLocks(1))[0]);
      await waitingForLocks(1);
      await blocker.query('COMMIT');

      expect(await write).toEqual([1, 1]);
      expect([await amountOf(1), await amountOf(2)]).toEqual([{ amount: 1 }, { amount: 11 }]);
    });

    it('during a query causes a retry of the query', async () => {
      const read = database.read(sql('SELECT amount FROM thing WHERE id = 2 FOR UPDATE'));
      await terminate((await waitingForLocks(1))[0]);
      await waitingForLocks(1);
      await blocker.query('COMMIT');

      expect(await read).toEqual([{ amount: 10 }]);
    });

    it('during several writes fails each write and does not end the process', async () => {
      const proxy = await TcpProxy.before(url);
      const disconnected = await open({ url: proxy.url });
      const results = Promise.allSettled([
        disconnected.write(increment(2)),
        disconnected.write(increment(1), increment(2)),
        disconnected.write(increment(2)),
      ]);
      await waitingForLocks(3);
      await proxy.close();

      for (const result of await results) {
        expect(result).toMatchObject({ status: 'rejected', reason: { name: 'StoreUnavailableError' } });
      }
      await expect(disconnected.read(sql('SELECT 1'))).rejects.toMatchObject({
        name: 'StoreUnavailableError',
        outcomeUnknown: false,
      });
      await blocker.query('ROLLBACK');
    });
  });

  it('reads succeed after all idle connections are lost', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, id) => database.write(add(id))));
    await blocker.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'clientele'`,
    );

    expect(await idsIn(database)).toHaveLength(20);
  });

  it('two writes in a deadlock both succeed', async () => {
    await database.write(add(1), add(2), add(3));
    await blocker.query('BEGIN');
    await blocker.query('UPDATE thing SET amount = 10 WHERE id = 2');

    const writes = Promise.all([
      database.write(increment(1), increment(2), increment(3)),
      database.write(increment(3), increment(2), increment(1)),
    ]);
    await waitingForLocks(2);
    await blocker.query('COMMIT');

    expect(await writes).toEqual([
      [1, 1, 1],
      [1, 1, 1],
    ]);
    expect([await amountOf(1), await amountOf(2), await amountOf(3)]).toEqual([
      { amount: 2 },
      { amount: 12 },
      { amount: 2 },
    ]);
  });

  it('a read-only connection is replaced when the database becomes writable', async () => {
    const name = new URL(url).pathname.slice(1);
    await blocker.query(`ALTER DATABASE ${name} SET default_transaction_read_only = on`);
    const readOnly = await open({ connections: 1 });
    await expect(readOnly.write(add(1))).rejects.toMatchObject({
      name: 'StoreUnavailableError',
      outcomeUnknown: false,
    });

    await blocker.query(`ALTER DATABASE ${name} RESET default_transaction_read_only`);

    expect(await readOnly.write(add(1))).toEqual([1]);
  });

  it('an unreachable server is unavailable, and the error names the cause', async () => {
    const unreachable = PostgresDatabase.open({ url: 'postgres://clientele@127.0.0.1:1/clientele', connections: 1 });

    await expect(unreachable).rejects.toBeInstanceOf(StoreUnavailableError);
    await expect(unreachable).rejects.toThrow('ECONNREFUSED');
  });

  describe('behind a pooler that assigns a connection to each transaction', () => {
    const READ = sql('SELECT id FROM thing ORDER BY id');

    it.each(['DEALLOCATE ALL', 'DISCARD ALL'])(
      'statements succeed after the session forgets prepared statements (%s)',
      async (forget) => {
        const pooled = await open({ connections: 1 });
        await pooled.write(add(1));
        await pooled.write(add(2), increment(1));
        await pooled.read(READ);

        for (const run of [
          () => pooled.read(READ),
          () => pooled.write(add(3)),
          () => pooled.write(add(4), increment(1)),
          () => pooled.write(increment(1), add(5)),
        ]) {
          await pooled.read(sql(forget));
          await run();
        }

        expect(await idsIn(database)).toEqual([1, 2, 3, 4, 5]);
        expect(await amountOf(1)).toEqual({ amount: 3 });
      },
    );

    it('a statement succeeds on a connection that has another prepared statement of the same name', async () => {
      await database.read(READ);
      const pooled = await open({ connections: 1 });
      const names = sql('SELECT name FROM pg_prepared_statements WHERE statement = $1', READ.sql);
      const first = await open({ connections: 1 });
      await first.read(READ);
      const [prepared] = await first.read(names);
      expect(prepared?.name).toMatch(/^[\w-]+$/);
      await pooled.read(sql(`PREPARE "${String(prepared?.name)}" AS SELECT 1`));

      expect(await pooled.read(READ)).toEqual([]);
    });

    it('a session retains nothing except prepared statements', async () => {
      const pooled = await open({ connections: 1 });
      await pooled.changeSchema(({ query }) => query('SELECT 1'));
      await pooled.write(add(1), add(2));
      const settings = `SELECT name FROM pg_settings WHERE source = 'session' AND name <> 'application_name'`;

      expect(await pooled.read(sql(settings))).toEqual([]);
      expect(await pooled.read(sql("SELECT 1 FROM pg_locks WHERE locktype = 'advisory'"))).toEqual([]);
    });
  });
});
