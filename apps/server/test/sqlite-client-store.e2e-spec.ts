import { randomBytes } from 'node:crypto';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { StoreUnavailableError, type Database, type Statement } from '../src/database/database.ts';
import type { StoredClient } from '../src/clients/client.ts';
import { SCHEMA } from '../src/schema.ts';
import { SecretEncryption } from '../src/crypto/secret-encryption.ts';
import { SqliteDatabase } from '../src/database/sqlite-database.ts';
import { openSqlite } from '../src/database/sqlite-driver.ts';
import { aClient, clientStoreContract, documentOf, storedPartOf, nextOf, TestStore } from './client-store.contract.ts';
import { Recorder } from './support/recorder.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const KEY = randomBytes(32);

const storeOn = (database: Database) => TestStore.on(database, new SecretEncryption([KEY]));

const folder = temporaryFolder();
const file = () => join(folder.path, 'clients', 'clientele.db');

clientStoreContract('SQLite in a file', async () => {
  const database = await SqliteDatabase.open(file());
  await SCHEMA.migrate(database);
  return { store: await storeOn(database), close: () => database.close() };
});

clientStoreContract('SQLite in memory', async () => {
  const database = await SqliteDatabase.open(':memory:');
  await SCHEMA.migrate(database);
  return { store: await storeOn(database), close: () => database.close() };
});

describe('SQLite', () => {
  const opened: Database[] = [];

  const open = async (): Promise<Database> => {
    const database = await SqliteDatabase.open(file());
    await SCHEMA.migrate(database);
    opened.push(database);
    return database;
  };

  const close = async (database: Database): Promise<void> => {
    opened.splice(opened.indexOf(database), 1);
    await database.close();
  };

  afterEach(async () => {
    await Promise.all([...opened].map(close));
  });

  const sql = (text: string, ...values: Statement['values']): Statement => ({ sql: text, values });

  /** Inserts a row into a table that every schema version has. */
  const insertVersion = (version: number) =>
    sql('INSERT INTO schema_migration (version, applied_at) VALUES ($1, 0)', version);

  const versions = async (database: Database): Promise<unknown[]> =>
    (await database.read(sql('SELECT version FROM schema_migration WHERE version < 0 ORDER BY version DESC'))).map(
      ({ version }) => version,
    );

  it('uses a write-ahead log and flushes every commit', async () => {
    const database = await open();

    expect(await database.read(sql('PRAGMA journal_mode'))).toEqual([{ journal_mode: 'wal' }]);
    // 2 means FULL.
    expect(await database.read(sql('PRAGMA synchronous'))).toEqual([{ synchronous: 2 }]);
  });

  describe('a write', () => {
    it('is acknowledged only if it is stored', async () => {
      const database = await open();
      const results = await Promise.allSettled([
        database.write(insertVersion(-1)),
        database.write(sql('ROLLBACK')),
        database.write(insertVersion(-2)),
      ]);

      const stored = await versions(database);
      const acknowledged = [-1, -2].filter((_, i) => results[2 * i]?.status === 'fulfilled');
      expect(stored).toEqual(acknowledged);
      await expect(database.write(insertVersion(-3))).resolves.toEqual([1]);
    });

    it('fails if its commit fails: all writes get the same retryable error, and nothing is stored', async () => {
      const database = await open();
      await database.changeSchema(({ query }) =>
        query(
          `CREATE TABLE orphan (
            version BIGINT REFERENCES schema_migration (version) DEFERRABLE INITIALLY DEFERRED)`,
        ),
      );
      // COMMIT checks a deferred constraint after every statement has succeeded.
      const orphan = sql('INSERT INTO orphan (version) VALUES (-77)');

      const results = await Promise.allSettled([
        database.write(insertVersion(-1)),
        database.write(orphan),
        database.write(insertVersion(-2), insertVersion(-3)),
      ]);

      const reasons = results.map((result) => (result.status === 'rejected' ? (result.reason as unknown) : undefined));
      expect(reasons[0]).toBeInstanceOf(StoreUnavailableError);
      expect(reasons[0]).toMatchObject({ outcomeUnknown: false });
      expect(new Set(reasons).size).toBe(1);
      expect(await versions(database)).toEqual([]);
      expect(await database.write(insertVersion(-3))).toEqual([1]);
    });

    it('in the queue succeeds before the database is closed', async () => {
      const database = await open();
      const writes = [-1, -2, -3].map((version) => database.write(insertVersion(version)));

      await close(database);

      await expect(Promise.all(writes)).resolves.toEqual([[1], [1], [1]]);
      expect(await versions(await open())).toEqual([-1, -2, -3]);
    });
  });

  it('writes an index only if a value of it changes', async () => {
    const recorder = new Recorder(await open());
    const store = await storeOn(recorder);
    const metadata = { client_name: 'A', redirect_uris: ['https://a.example/'], software_id: 'a' };
    const client = aClient({ document: documentOf(metadata) });
    await store.insert(client);
    const writesOf = async (next: StoredClient) => {
      const current = (await store.find(next.serviceId, next.clientId))!;
      recorder.statements.length = 0;
      expect(await store.replace({ ...next, version: current.version + 1 }, current)).toBe(true);
      return recorder.statements.flatMap(({ sql, steps = [sql] }) => steps).filter((step) => !/^\s*SELECT/.test(step));
    };
    const indexed = /client_search|client_identifier|software_id_lock|search_hash|unused_since/;

    const same = await writesOf({ ...client, document: documentOf({ ...metadata, contacts: ['a@a.example'] }) });
    expect(same.length).toBeGreaterThan(0);
    expect(same.filter((step) => indexed.test(step))).toEqual([]);
    for (const changed of [
      { client_name: 'B' },
      { redirect_uris: [] },
      { software_id: 'b' },
      { 'client_name#ja': 'C' },
    ]) {
      const writes = await writesOf({ ...client, document: documentOf({ ...metadata, ...changed }) });
      expect(writes.some((step) => step.includes('client_search'))).toBe(true);
    }
  });

  it('contains the same data after it is closed and opened again', async () => {
    const first = await open();
    const client = aClient();
    const store = await storeOn(first);
    await store.insert(client);
    await store.replace(nextOf(client));
    await close(first);

    expect(storedPartOf(await (await storeOn(await open())).find(client.serviceId, client.clientId))).toEqual(
      nextOf(client),
    );
  });

  it('has every acknowledged write in its files while it is open', async () => {
    const database = await open();
    const clients = Array.from({ length: 20 }, () => aClient());
    const store = await storeOn(database);
    await Promise.all(clients.map((client) => store.insert(client)));

    const copy = join(folder.path, 'copy.db');
    for (const suffix of ['', '-wal']) copyFileSync(`${file()}${suffix}`, `${copy}${suffix}`);

    const recovered = await SqliteDatabase.open(copy);
    const copied = await storeOn(recovered);
    const found = await Promise.all(clients.map(({ serviceId, clientId }) => copied.find(serviceId, clientId)));
    await recovered.close();
    expect(found.map(storedPartOf)).toEqual(clients);
  });

  it('has all data in one file after it is closed', async () => {
    const database = await open();
    const client = aClient();
    await (await storeOn(database)).insert(client);
    await close(database);

    const copy = join(folder.path, 'copy.db');
    copyFileSync(file(), copy);

    const restored = await SqliteDatabase.open(copy);
    const copied = await (await storeOn(restored)).find(client.serviceId, client.clientId);
    await restored.close();
    expect(storedPartOf(copied)).toEqual(client);
  });

  it('cannot be opened twice, and can be opened again after it is closed', async () => {
    const database = await open();

    await expect(SqliteDatabase.open(file())).rejects.toThrow(
      `${file()} is in use by another Clientele server. Stop that one first, or give this one its own DATA_DIR.`,
    );

    await database.write(insertVersion(-1));
    await close(database);
    expect(await versions(await open())).toEqual([-1]);
  });

  it('can be read through another connection while it is open', async () => {
    const database = await open();
    await database.write(insertVersion(-1));

    const backup = await openSqlite(file());
    const rows = backup.prepare('SELECT version FROM schema_migration WHERE version < 0').all();
    backup.close();

    expect(rows).toEqual([{ version: -1 }]);
  });

  it('a database with a newer schema is refused and not changed', async () => {
    const database = await open();
    await database.write(insertVersion(999));
    await close(database);

    await expect(open()).rejects.toThrow(
      /^The database has schema version 999; this server supports versions up to \d+\. Use a newer server\.$/,
    );

    const connection = await openSqlite(file());
    const rows = connection.prepare('SELECT version FROM schema_migration ORDER BY version').all();
    connection.close();
    expect(rows).toEqual([...SCHEMA.migrations, { version: 999 }].map(({ version }) => ({ version })));
  });

  describe('a database that temporarily cannot write', () => {
    it('reports a full disk, loses nothing, and recovers', async () => {
      const database = await open();
      const store = await storeOn(database);
      const client = aClient();
      await store.insert(client);
      await database.read(sql('PRAGMA max_page_count = 1'));
      const document = documentOf({ client_name: 'x'.repeat(100_000) });

      const failed = store.replace(nextOf(client, { document }));
      await expect(failed).rejects.toBeInstanceOf(StoreUnavailableError);
      await expect(failed).rejects.toMatchObject({ cause: { errcode: 13 } });
      expect(storedPartOf(await store.find(client.serviceId, client.clientId))).toEqual(client);

      await database.read(sql('PRAGMA max_page_count = 1000000'));
      expect(await store.replace(nextOf(client, { document }))).toBe(true);
    });

    it('stores the acknowledged writes of a commit if the disk is full', async () => {
      const database = await open();
      const store = await storeOn(database);
      const [first, second] = [aClient(), aClient()];
      await Promise.all([store.insert(first), store.insert(second)]);
      await database.read(sql('PRAGMA max_page_count = 1'));
      const document = documentOf({ client_name: 'x'.repeat(100_000) });

      const results = await Promise.allSettled([
        store.replace(nextOf(first)),
        store.insert(aClient({ document })),
        store.replace(nextOf(second)),
      ]);

      for (const [client, result] of [
        [first, results[0]],
        [second, results[2]],
      ] as const) {
        const version = result.status === 'fulfilled' ? 2 : 1;
        expect((await store.find(client.serviceId, client.clientId))?.version).toBe(version);
      }
      expect(results[1]).toMatchObject({ status: 'rejected', reason: expect.any(StoreUnavailableError) as unknown });
    });

    it('refuses writes and still reads if it is read-only', async () => {
      const database = await open();
      const store = await storeOn(database);
      const client = aClient();
      await store.insert(client);
      await database.read(sql('PRAGMA query_only = ON'));

      await expect(store.replace(nextOf(client))).rejects.toBeInstanceOf(StoreUnavailableError);
      await expect(store.insert(aClient())).rejects.toBeInstanceOf(StoreUnavailableError);
      await expect(store.delete(client)).rejects.toBeInstanceOf(StoreUnavailableError);
      expect(storedPartOf(await store.find(client.serviceId, client.clientId))).toEqual(client);
    });

    it('refuses all waiting writes if another connection is writing, and stores none of them later', async () => {
      const database = await open();
      const otherConnection = await openSqlite(file());
      otherConnection.exec('BEGIN IMMEDIATE');

      const results = await Promise.allSettled([database.write(insertVersion(-1)), database.write(insertVersion(-2))]);
      otherConnection.exec('ROLLBACK');
      otherConnection.close();

      for (const result of results) {
        expect(result).toMatchObject({ status: 'rejected', reason: expect.any(StoreUnavailableError) as unknown });
      }
      expect(await versions(database)).toEqual([]);
      expect(await database.write(insertVersion(-3))).toEqual([1]);
    });
  });
});
