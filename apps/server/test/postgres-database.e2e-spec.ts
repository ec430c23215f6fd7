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

databaseContract('PostgreSQL by one connection', async () => {
  const { url, drop } = await createDatabase(postgresUrl());
  return { database: await PostgresDatabase.open({ url, connections: 1 }), remove: drop };
});

describe('PostgreSQL', () => {
  let url: string;
  let database: Database;
  /** Another client of the server, that stands in the way of the database under test. */
  let other: pg.Client;
  /** A third one, that sees who waits: inside a transaction it would see the same all the time. */
  let observer: pg.Client;
  const closers: (() => Promise<unknown>)[] = [];

  const open = async (options: { url?: string; connections?: number } = {}): Promise<Database> => {
    const opened = await PostgresDatabase.open({ url, connections: 5, ...options });
    closers.push(() => opened.close());
    return opened;
  };

  const connected = async (): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    closers.push(() => client.end());
    return client;
  };

  beforeEach(async () => {
    const created = await createDatabase(postgresUrl());
    closers.push(created.drop);
    url = created.url;
    other = await connected();
    observer = await connected();
    database = await withThings(await open());
  });

  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });

  /** The sessions of the database under test that wait for a lock, as soon as there are so many. */
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

  const more = (id: number) => sql('UPDATE thing SET amount = amount + 1 WHERE id = $1', id);

  const amountOf = async (id: number) => (await database.read(sql('SELECT amount FROM thing WHERE id = $1', id)))[0];

  describe('whose connection is lost', () => {
    beforeEach(async () => {
      await database.write(add(1), add(2));
      await other.query('BEGIN');
      await other.query('UPDATE thing SET amount = 10 WHERE id = 2');
    });

    it('during a write of one statement says that its outcome is unknown, and goes on', async () => {
      const write = database.write(more(2));
      const failed = expect(write).rejects.toMatchObject({ name: 'StoreUnavailableError', outcomeUnknown: true });
      await terminate((await waitingForLocks(1))[0]);

      await failed;
      await other.query('COMMIT');
      expect(await database.write(more(2))).toEqual([1]);
    });

    it('in a transaction, before it was to be committed, does it again: nothing was kept', async () => {
      const write = database.write(more(1), more(2));
      await terminate((await waitingForLocks(1))[0]);
      await waitingForLocks(1);
      await other.query('COMMIT');

      expect(await write).toEqual([1, 1]);
      expect([await amountOf(1), await amountOf(2)]).toEqual([{ amount: 1 }, { amount: 11 }]);
    });

    it('during a query asks again', async () => {
      const read = database.read(sql('SELECT amount FROM thing WHERE id = 2 FOR UPDATE'));
      await terminate((await waitingForLocks(1))[0]);
      await waitingForLocks(1);
      await other.query('COMMIT');

      expect(await read).toEqual([{ amount: 10 }]);
    });

    it('during everything at once answers everything, and the process lives', async () => {
      const proxy = await TcpProxy.before(url);
      const cutOff = await open({ url: proxy.url });
      const answers = Promise.allSettled([
        cutOff.write(more(2)),
        cutOff.write(more(1), more(2)),
        cutOff.write(more(2)),
      ]);
      await waitingForLocks(3);
      await proxy.close();

      for (const answer of await answers) {
        expect(answer).toMatchObject({ status: 'rejected', reason: { name: 'StoreUnavailableError' } });
      }
      await expect(cutOff.read(sql('SELECT 1'))).rejects.toMatchObject({
        name: 'StoreUnavailableError',
        outcomeUnknown: false,
      });
      await other.query('ROLLBACK');
    });
  });

  it('whose idle connections are all lost goes on', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, id) => database.write(add(id))));
    await other.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'clientele'`,
    );

    expect(await idsIn(database)).toHaveLength(20);
  });

  it('that takes back one of two writes for a deadlock carries out both', async () => {
    await database.write(add(1), add(2), add(3));
    await other.query('BEGIN');
    await other.query('UPDATE thing SET amount = 10 WHERE id = 2');

    const writes = Promise.all([database.write(more(1), more(2), more(3)), database.write(more(3), more(2), more(1))]);
    await waitingForLocks(2);
    await other.query('COMMIT');

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

  it('that became read-only is left for one that is not', async () => {
    const name = new URL(url).pathname.slice(1);
    await other.query(`ALTER DATABASE ${name} SET default_transaction_read_only = on`);
    const readOnly = await open({ connections: 1 });
    await expect(readOnly.write(add(1))).rejects.toMatchObject({
      name: 'StoreUnavailableError',
      outcomeUnknown: false,
    });

    await other.query(`ALTER DATABASE ${name} RESET default_transaction_read_only`);

    expect(await readOnly.write(add(1))).toEqual([1]);
  });

  it('that cannot be reached is unavailable, and says why', async () => {
    const unreachable = PostgresDatabase.open({ url: 'postgres://clientele@127.0.0.1:1/clientele', connections: 1 });

    await expect(unreachable).rejects.toBeInstanceOf(StoreUnavailableError);
    await expect(unreachable).rejects.toThrow('ECONNREFUSED');
  });

  describe('behind a pooler that gives a connection to each transaction', () => {
    const READ = sql('SELECT id FROM thing ORDER BY id');

    it.each(['DEALLOCATE ALL', 'DISCARD ALL'])('survives that it forgets prepared statements (%s)', async (forget) => {
      const pooled = await open({ connections: 1 });
      await pooled.write(add(1));
      await pooled.write(add(2), more(1));
      await pooled.read(READ);

      for (const use of [
        () => pooled.read(READ),
        () => pooled.write(add(3)),
        () => pooled.write(add(4), more(1)),
        () => pooled.write(more(1), add(5)),
      ]) {
        await pooled.read(sql(forget));
        await use();
      }

      expect(await idsIn(database)).toEqual([1, 2, 3, 4, 5]);
      expect(await amountOf(1)).toEqual({ amount: 3 });
    });

    it('survives that it gives it a connection where another prepared the statement already', async () => {
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

    it('leaves nothing in a session but prepared statements', async () => {
      const pooled = await open({ connections: 1 });
      await pooled.changeSchema(({ query }) => query('SELECT 1'));
      await pooled.write(add(1), add(2));
      const settings = `SELECT name FROM pg_settings WHERE source = 'session' AND name <> 'application_name'`;

      expect(await pooled.read(sql(settings))).toEqual([]);
      expect(await pooled.read(sql("SELECT 1 FROM pg_locks WHERE locktype = 'advisory'"))).toEqual([]);
    });
  });
});
