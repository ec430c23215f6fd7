import { randomBytes } from 'node:crypto';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { StoreUnavailableError, type Database, type Statement } from '../src/database/database.ts';
import { SCHEMA } from '../src/schema.ts';
import { SecretEncryption } from '../src/crypto/secret-encryption.ts';
import { ClientStore } from '../src/clients/client-store.ts';
import { SqliteDatabase } from '../src/database/sqlite-database.ts';
import { openSqlite } from '../src/database/sqlite-driver.ts';
import { aClient, clientStoreContract, storedPartOf, nextOf } from './client-store.contract.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const KEY = randomBytes(32);

const storeOn = (database: Database) => new ClientStore(database, new SecretEncryption([KEY]));

const folder = temporaryFolder();
const file = () => join(folder.path, 'clients', 'clientele.db');

clientStoreContract('SQLite in a file', async () => {
  const database = await SqliteDatabase.open(file());
  await SCHEMA.migrate(database);
  return { store: storeOn(database), close: () => database.close() };
});

clientStoreContract('SQLite in memory', async () => {
  const database = await SqliteDatabase.open(':memory:');
  await SCHEMA.migrate(database);
  return { store: storeOn(database), close: () => database.close() };
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

  /** A row in a table of which every version has one. */
  const good = (version: number) => sql('INSERT INTO schema_migration (version, applied_at) VALUES ($1, 0)', version);

  const versions = async (database: Database): Promise<unknown[]> =>
    (await database.read(sql('SELECT version FROM schema_migration WHERE version < 0 ORDER BY version DESC'))).map(
      ({ version }) => version,
    );

  it('writes ahead and flushes every commit', async () => {
    const database = await open();

    expect(await database.read(sql('PRAGMA journal_mode'))).toEqual([{ journal_mode: 'wal' }]);
    // 2 is FULL.
    expect(await database.read(sql('PRAGMA synchronous'))).toEqual([{ synchronous: 2 }]);
  });

  describe('a write', () => {
    it('is answered for what is kept: no answer is good whose commit was taken back', async () => {
      const database = await open();
      const answers = await Promise.allSettled([
        database.write(good(-1)),
        database.write(sql('ROLLBACK')),
        database.write(good(-2)),
      ]);

      const kept = await versions(database);
      const acknowledged = [-1, -2].filter((_, i) => answers[2 * i]?.status === 'fulfilled');
      expect(kept).toEqual(acknowledged);
      await expect(database.write(good(-3))).resolves.toEqual([1]);
    });

    it('whose commit fails fails with all of its commit, by one error that says to try again, and nothing is kept', async () => {
      const database = await open();
      await database.changeSchema(({ query }) =>
        query(
          `CREATE TABLE orphan (
            version BIGINT REFERENCES schema_migration (version) DEFERRABLE INITIALLY DEFERRED)`,
        ),
      );
      // A deferred constraint is judged by COMMIT: until then every statement was carried out.
      const orphan = sql('INSERT INTO orphan (version) VALUES (-77)');

      const answers = await Promise.allSettled([
        database.write(good(-1)),
        database.write(orphan),
        database.write(good(-2), good(-3)),
      ]);

      const reasons = answers.map((answer) => (answer.status === 'rejected' ? (answer.reason as unknown) : undefined));
      expect(reasons[0]).toBeInstanceOf(StoreUnavailableError);
      expect(reasons[0]).toMatchObject({ outcomeUnknown: false });
      expect(new Set(reasons).size).toBe(1);
      expect(await versions(database)).toEqual([]);
      expect(await database.write(good(-3))).toEqual([1]);
    });

    it('that waits is carried out before the database is closed', async () => {
      const database = await open();
      const writes = [-1, -2, -3].map((version) => database.write(good(version)));

      await close(database);

      await expect(Promise.all(writes)).resolves.toEqual([[1], [1], [1]]);
      expect(await versions(await open())).toEqual([-1, -2, -3]);
    });
  });

  it('keeps everything when it is closed and opened again', async () => {
    const first = await open();
    const client = aClient();
    await storeOn(first).insert(client);
    await storeOn(first).replace(nextOf(client));
    await close(first);

    expect(storedPartOf(await storeOn(await open()).find(client.serviceId, client.clientId))).toEqual(nextOf(client));
  });

  it('keeps every write that was answered, whatever ends the process: a copy of the files has it', async () => {
    const database = await open();
    const clients = Array.from({ length: 20 }, () => aClient());
    await Promise.all(clients.map((client) => storeOn(database).insert(client)));

    const copy = join(folder.path, 'copy.db');
    for (const suffix of ['', '-wal']) copyFileSync(`${file()}${suffix}`, `${copy}${suffix}`);

    const recovered = await SqliteDatabase.open(copy);
    const found = await Promise.all(
      clients.map(({ serviceId, clientId }) => storeOn(recovered).find(serviceId, clientId)),
    );
    await recovered.close();
    expect(found.map(storedPartOf)).toEqual(clients);
  });

  it('is in one file when it is closed: a copy of that has everything', async () => {
    const database = await open();
    const client = aClient();
    await storeOn(database).insert(client);
    await close(database);

    const copy = join(folder.path, 'copy.db');
    copyFileSync(file(), copy);

    const restored = await SqliteDatabase.open(copy);
    const copied = await storeOn(restored).find(client.serviceId, client.clientId);
    await restored.close();
    expect(storedPartOf(copied)).toEqual(client);
  });

  it('refuses to be opened twice, and says why; it is free again when it was closed', async () => {
    const database = await open();

    await expect(SqliteDatabase.open(file())).rejects.toThrow(
      `${file()} is in use by another Clientele server. Stop that one first, or give this one its own DATA_DIR.`,
    );

    await database.write(good(-1));
    await close(database);
    expect(await versions(await open())).toEqual([-1]);
  });

  it('can be read by others while it is open', async () => {
    const database = await open();
    await database.write(good(-1));

    const backup = await openSqlite(file());
    const rows = backup.prepare('SELECT version FROM schema_migration WHERE version < 0').all();
    backup.close();

    expect(rows).toEqual([{ version: -1 }]);
  });

  it('of a newer schema is refused, and left as it is', async () => {
    const database = await open();
    await database.write(good(999));
    await close(database);

    await expect(open()).rejects.toThrow(
      /^The database has schema version 999; this server knows versions up to \d+\. Use a newer server\.$/,
    );

    const connection = await openSqlite(file());
    const rows = connection.prepare('SELECT version FROM schema_migration ORDER BY version').all();
    connection.close();
    expect(rows).toEqual([...SCHEMA.migrations, { version: 999 }].map(({ version }) => ({ version })));
  });

  describe('that cannot write for the moment', () => {
    it('because the disk is full says so, loses nothing, and goes on when there is room', async () => {
      const database = await open();
      const store = storeOn(database);
      const client = aClient();
      await store.insert(client);
      await database.read(sql('PRAGMA max_page_count = 1'));
      const big = { dynamicallyRegistered: true, clientName: 'x'.repeat(100_000) };

      const failed = store.replace(nextOf(client, { properties: big }));
      await expect(failed).rejects.toBeInstanceOf(StoreUnavailableError);
      await expect(failed).rejects.toMatchObject({ cause: { errcode: 13 } });
      expect(storedPartOf(await store.find(client.serviceId, client.clientId))).toEqual(client);

      await database.read(sql('PRAGMA max_page_count = 1000000'));
      expect(await store.replace(nextOf(client, { properties: big }))).toBe(true);
    });

    it('because the disk is full keeps the writes of the same commit that fit', async () => {
      const database = await open();
      const store = storeOn(database);
      const [first, second] = [aClient(), aClient()];
      await Promise.all([store.insert(first), store.insert(second)]);
      await database.read(sql('PRAGMA max_page_count = 1'));
      const big = { dynamicallyRegistered: true, clientName: 'x'.repeat(100_000) };

      const answers = await Promise.allSettled([
        store.replace(nextOf(first)),
        store.insert(aClient({ properties: big })),
        store.replace(nextOf(second)),
      ]);

      for (const [client, answer] of [
        [first, answers[0]],
        [second, answers[2]],
      ] as const) {
        const version = answer.status === 'fulfilled' ? 2 : 1;
        expect((await store.find(client.serviceId, client.clientId))?.version).toBe(version);
      }
      expect(answers[1]).toMatchObject({ status: 'rejected', reason: expect.any(StoreUnavailableError) as unknown });
    });

    it('because it is read-only says so, and reads go on', async () => {
      const database = await open();
      const store = storeOn(database);
      const client = aClient();
      await store.insert(client);
      await database.read(sql('PRAGMA query_only = ON'));

      await expect(store.replace(nextOf(client))).rejects.toBeInstanceOf(StoreUnavailableError);
      await expect(store.insert(aClient())).rejects.toBeInstanceOf(StoreUnavailableError);
      await expect(store.delete(client)).rejects.toBeInstanceOf(StoreUnavailableError);
      expect(storedPartOf(await store.find(client.serviceId, client.clientId))).toEqual(client);
    });

    it('because another connection is writing refuses all that wait, and none of them comes later', async () => {
      const database = await open();
      const intruder = await openSqlite(file());
      intruder.exec('BEGIN IMMEDIATE');

      const answers = await Promise.allSettled([database.write(good(-1)), database.write(good(-2))]);
      intruder.exec('ROLLBACK');
      intruder.close();

      for (const answer of answers) {
        expect(answer).toMatchObject({ status: 'rejected', reason: expect.any(StoreUnavailableError) as unknown });
      }
      expect(await versions(database)).toEqual([]);
      expect(await database.write(good(-3))).toEqual([1]);
    });
  });
});
