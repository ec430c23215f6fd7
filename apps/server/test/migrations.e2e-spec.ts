import { Config } from '../src/config/config.ts';
import type { Database, Row } from '../src/database/database.ts';
import { openDatabase } from '../src/database/open-database.ts';
import { Schema } from '../src/database/schema.ts';
import { readSnapshot } from '../src/database/snapshot.ts';
import { SCHEMA } from '../src/schema.ts';
import { newPersistentStore, type PersistentStore } from './support/engine.ts';

const VERSIONS = SCHEMA.migrations.map(({ version }) => version);

let store: PersistentStore;
const opened: Database[] = [];

beforeEach(async () => {
  store = await newPersistentStore();
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((database) => database.close()));
  await store.drop();
});

const open = async (): Promise<Database> => {
  const database = await store.open();
  opened.push(database);
  return database;
};

const rows = (database: Database, sql: string): Promise<readonly Row[]> => database.read({ sql, values: [] });

const appliedTo = async (database: Database): Promise<unknown[]> =>
  (await rows(database, 'SELECT version FROM schema_migration ORDER BY version')).map(({ version }) => version);

describe('migrate', () => {
  it('applies all migrations to an empty store, once', async () => {
    const database = await open();

    expect(await SCHEMA.migrate(database)).toEqual(SCHEMA.migrations);
    expect(await SCHEMA.migrate(database)).toEqual([]);
    expect(await appliedTo(database)).toEqual(VERSIONS);
  });

  it('applies no migration twice if it is called several times at once', async () => {
    const database = await open();
    const second = globalThis.TEST_ENGINE === undefined ? database : await open();

    const applied = await Promise.all([database, second, database, second].map((each) => SCHEMA.migrate(each)));

    expect(applied.filter(({ length }) => length > 0)).toEqual([SCHEMA.migrations]);
    expect(await appliedTo(database)).toEqual(VERSIONS);
  });

  it('leaves the schema and the rows unchanged if a migration fails', async () => {
    const database = await open();
    await SCHEMA.migrate(database);
    await database.write({ sql: 'UPDATE service_state SET state = 7', values: [] });
    const failing = {
      version: SCHEMA.version + 1,
      name: 'fails',
      steps: ['DELETE FROM service_state', 'CREATE TABLE other (id BIGINT)', 'SELECT * FROM missing'],
    };

    await expect(new Schema(SCHEMA.tables, [...SCHEMA.migrations, failing]).migrate(database)).rejects.toThrow(
      'missing',
    );

    expect(await appliedTo(database)).toEqual(VERSIONS);
    expect(await rows(database, 'SELECT state FROM service_state')).toEqual([{ state: 7 }]);
    expect(await database.changeSchema(({ hasTable }) => hasTable('other'))).toBe(false);
  });
});

describe('a database of another program', () => {
  it.each(['client', 'schema_migration'])('with a table %s is refused and not changed', async (table) => {
    await store.execute(`CREATE TABLE ${table} (id BIGINT)`);
    const config = Config.from({ ...store.environment, AUTO_MIGRATE: 'true' });
    const refusal = `is not the database of a Clientele server: it has ${table}, which is of another program or was not restored completely.`;

    await expect(openDatabase(config, SCHEMA)).rejects.toThrow(refusal);
    await expect(readSnapshot(config.database, (session) => SCHEMA.status(session))).rejects.toThrow(refusal);
    expect(await readSnapshot(config.database, ({ hasTable }) => hasTable('service'))).toBe(false);
  });
});

describe('a store of a newer schema', () => {
  it.each(['true', 'false'])('is refused and not changed (AUTO_MIGRATE=%s)', async (AUTO_MIGRATE) => {
    const database = await open();
    await SCHEMA.migrate(database);
    await database.write({ sql: 'INSERT INTO schema_migration (version, applied_at) VALUES (999, 0)', values: [] });
    await opened.pop()?.close();

    await expect(openDatabase(Config.from({ ...store.environment, AUTO_MIGRATE }), SCHEMA)).rejects.toThrow(
      `The database has schema version 999; this server supports versions up to ${SCHEMA.version}. Use a newer server.`,
    );

    expect(await appliedTo(await open())).toEqual([...VERSIONS, 999]);
  });
});
