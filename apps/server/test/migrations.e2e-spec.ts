import { readFileSync } from 'node:fs';
import { Config } from '../src/config/config.ts';
import type { Database, Row } from '../src/database/database.ts';
import { MIGRATIONS, type Migration } from '../src/database/migrations/index.ts';
import { migrate } from '../src/database/migrations/migrate.ts';
import { openDatabase } from '../src/database/open-database.ts';
import { hashOfSoftwareId } from '../src/clients/client.ts';
import * as SCHEMA_1 from './fixtures/schema-0001.ts';
import { newPersistentStore, type PersistentStore } from './support/engine.ts';
import { SERVICE_ID, startServer, type TestServer } from './support/server.ts';

const FIXTURE = readFileSync(new URL('./fixtures/schema-0001.sql', import.meta.url), 'utf8');
const NEWEST = MIGRATIONS.at(-1)?.version;

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

describe('a store of version 0.1.0 (schema 1)', () => {
  let server: TestServer;

  beforeEach(async () => {
    await store.execute(FIXTURE);
    server = await startServer({
      ...store.environment,
      AUTO_MIGRATE: 'true',
      ENCRYPTION_KEY: SCHEMA_1.ENCRYPTION_KEY,
      BASE_URL: 'https://clients.example.com',
    });
  });

  afterEach(() => server.close());

  it.each(SCHEMA_1.CLIENTS)('gives back $what, updates and deletes it', async (client) => {
    const { information, version, token, clientId } = client;
    const reference = { clientId, token, information, client: {} } as unknown as Parameters<TestServer['get']>[0];

    expect((await server.get(reference)).content).toMatchObject(information);

    const { client_secret } = information as { client_secret?: string };
    const next = {
      software_id: 'of the new version',
      client_name: 'Updated',
      token_endpoint_auth_method: information.token_endpoint_auth_method,
    };
    const updated = await server.update(reference, {
      ...next,
      ...('jwks' in information ? { jwks: information.jwks } : {}),
      ...('redirect_uris' in information ? { redirect_uris: information.redirect_uris } : {}),
    });
    expect(updated.content).toMatchObject({
      ...next,
      ...(client_secret !== undefined && { client_secret }),
    });
    expect((await server.get(reference)).content).toEqual(updated.content);
    expect(await server.stored(clientId)).toMatchObject({
      version: version + 1,
      software_id_hash: hashOfSoftwareId('of the new version'),
    });

    expect((await server.call('delete', { clientId, token })).body.action).toBe('DELETED');
    expect(await server.stored(clientId)).toBeUndefined();
  });

  it('has the hash of every software_id, and of nothing else', async () => {
    const hashes = (await server.storedClients()).map((row) => [row.client_id, row.software_id_hash]);

    expect(hashes).toEqual(
      SCHEMA_1.CLIENTS.map(({ clientId, information }) => [
        clientId,
        'software_id' in information ? hashOfSoftwareId(information.software_id) : null,
      ]),
    );
  });

  it('counts its clients where a software_id is accepted only once', async () => {
    await server.configure({ dcrDuplicateSoftwareIdBlocked: true });

    const { body } = await server.call('register', { json: '{"software_id":"4NRB1-0XZABZI9E6-5SM3R"}' });

    expect(body.resultCode).toBe('A203308');
  });

  it('knows from their documents which of its clients are locked, until these are written again', async () => {
    const { clientId, token } = SCHEMA_1.CLIENTS[0]!;
    await server.amend(clientId, { locked: true });
    const written = await server.stored(clientId);
    expect(written).toMatchObject({ locked: 1, dynamically_registered: 1 });

    for (const standing of [{}, { locked: null, dynamically_registered: null }]) {
      await server.changeStored(clientId, standing);
      for (const operation of ['get', 'update', 'delete'] as const) {
        expect((await server.call(operation, { clientId, token, json: '{}' })).body.resultCode).toBe('A215308');
      }
    }
    await server.changeStored(clientId, { properties: String(written?.properties).replace('"locked":true', '"a":1') });
    expect((await server.call('get', { clientId, token })).body.resultCode).toBe('A217001');
  });

  it('registers clients beside those that are there', async () => {
    await server.register({ client_name: 'New' });

    expect(await server.storedClients()).toHaveLength(SCHEMA_1.CLIENTS.length + 1);
  });

  it('is not opened with another encryption key', async () => {
    await server.close();
    const another = { ...store.environment, AUTO_MIGRATE: 'true', ENCRYPTION_KEY: 'B'.repeat(43) };

    await expect(startServer(another)).rejects.toThrow('ENCRYPTION_KEY');

    server = await startServer({ ...another, ENCRYPTION_KEY: SCHEMA_1.ENCRYPTION_KEY });
  });
});

describe('migrate', () => {
  it('brings an empty store up to date, once', async () => {
    const database = await open();

    expect(await migrate(database)).toEqual(MIGRATIONS);
    expect(await migrate(database)).toEqual([]);
    expect(await appliedTo(database)).toEqual(MIGRATIONS.map(({ version }) => version));
  });

  it('does nothing twice that is asked for at the same time', async () => {
    const database = await open();
    const second = globalThis.TEST_ENGINE === undefined ? database : await open();

    const applied = await Promise.all([migrate(database), migrate(second), migrate(database), migrate(second)]);

    expect(applied.filter(({ length }) => length > 0)).toEqual([MIGRATIONS]);
    expect(await appliedTo(database)).toEqual(MIGRATIONS.map(({ version }) => version));
  });

  it('hashes the software_id of more clients than it reads at once', async () => {
    await store.execute(FIXTURE);
    const count = 2_345;
    const values = Array.from({ length: count }, (_, n) => {
      const properties = JSON.stringify({
        dynamicallyRegistered: true,
        ...(n % 3 > 0 && { softwareId: `software ${n}` }),
      });
      return `(${(n % 5) + 1}, ${n + 1}, 1, 0, 0, '${properties}')`;
    });
    await store.execute(
      `INSERT INTO client (service_id, client_id, version, created_at, modified_at, properties) VALUES ${values.join(',')}`,
    );
    const database = await open();

    await migrate(database);

    const hashes = await rows(
      database,
      `SELECT client_id, software_id_hash FROM client WHERE service_id < 6 ORDER BY client_id`,
    );
    expect(hashes).toEqual(
      values.map((_, n) => ({
        client_id: n + 1,
        software_id_hash: n % 3 > 0 ? hashOfSoftwareId(`software ${n}`) : null,
      })),
    );
  });

  it('that fails leaves the schema and the rows as they were', async () => {
    await store.execute(FIXTURE);
    const database = await open();
    const before = await rows(database, 'SELECT * FROM client ORDER BY client_id');
    const failing: Migration = {
      version: (NEWEST ?? 0) + 1,
      name: 'fails',
      steps: [
        'DELETE FROM client',
        'CREATE TABLE other (id BIGINT)',
        () => Promise.reject(new Error('It is not to be.')),
      ],
    };

    await expect(migrate(database, [...MIGRATIONS, failing])).rejects.toThrow(/^It is not to be\.$/);

    expect(await appliedTo(database)).toEqual([1]);
    expect(await rows(database, 'SELECT * FROM client ORDER BY client_id')).toEqual(before);
    expect(await database.changeSchema(({ hasTable }) => hasTable('other'))).toBe(false);
    expect(await migrate(database)).toEqual(MIGRATIONS.slice(1));
  });
});

describe('a store of a newer schema', () => {
  it.each(['true', 'false'])('is refused and left as it is (AUTO_MIGRATE=%s)', async (AUTO_MIGRATE) => {
    const database = await open();
    await migrate(database);
    await database.write({ sql: 'INSERT INTO schema_migration (version, applied_at) VALUES (999, 0)', values: [] });
    await opened.pop()?.close();

    await expect(openDatabase(Config.from({ ...store.environment, AUTO_MIGRATE }))).rejects.toThrow(
      `The database has schema version 999; this server knows versions up to ${NEWEST}. Use a newer server.`,
    );

    expect(await appliedTo(await open())).toEqual([...MIGRATIONS.map(({ version }) => version), 999]);
  });
});

describe('the fixture of schema 1', () => {
  it('is the schema that the first migration makes', async () => {
    const database = await open();
    await migrate(database, MIGRATIONS.slice(0, 1));
    const columns = async (connection: Database) =>
      (await rows(connection, 'SELECT * FROM client LIMIT 1')).map((row) => Object.keys(row));
    await database.write({
      sql: `INSERT INTO client (service_id, client_id, version, created_at, modified_at, properties)
        VALUES (${SERVICE_ID}, 1, 1, 0, 0, '{}')`,
      values: [],
    });

    const made = await columns(database);
    const fixture = await newPersistentStore();
    await fixture.execute(FIXTURE);
    const released = await fixture.open();
    const expected = await columns(released);
    await released.close();
    await fixture.drop();

    expect(made).toEqual(expected);
  });
});
