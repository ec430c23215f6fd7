import { randomBytes } from 'node:crypto';
import pg from 'pg';
import type { Database } from '../src/database/database.ts';
import { Schema, SCHEMA_MIGRATION_TABLE } from '../src/database/schema.ts';
import { SCHEMA } from '../src/schema.ts';
import { PostgresDatabase } from '../src/database/postgres-database.ts';
import { SecretEncryption } from '../src/crypto/secret-encryption.ts';
import { aClient, clientStoreContract, documentOf, nextOf, TestStore } from './client-store.contract.ts';
import { postgresUrl } from './support/engine.ts';
import { createDatabase, execute } from './support/postgres.ts';
import { Recorder } from './support/recorder.ts';

const PARTITIONS = 16;
const DISTRIBUTED = SCHEMA.tables.flatMap(({ name, distributedBy }) =>
  distributedBy === undefined ? [] : [[name, distributedBy] as const],
);
const ENCRYPTION = new SecretEncryption([randomBytes(32)]);

/** The schema with its distributed tables in hash partitions. */
const PARTITIONED = new Schema(
  SCHEMA.tables,
  SCHEMA.migrations.map((migration) => ({ ...migration, steps: migration.steps.flatMap(partitioned) })),
);

function partitioned(step: string): string[] {
  const table = /^CREATE TABLE (\w+)/.exec(step)?.[1];
  const column = DISTRIBUTED.find(([name]) => name === table)?.[1];
  if (table === undefined || column === undefined) return [step];
  const partitions = Array.from(
    { length: PARTITIONS },
    (_, n) =>
      `CREATE TABLE ${table}_${n} PARTITION OF ${table} FOR VALUES WITH (MODULUS ${PARTITIONS}, REMAINDER ${n})`,
  );
  return [`${step} PARTITION BY HASH (${column})`, ...partitions];
}

async function openDistributed(): Promise<{ database: Database; url: string; close: () => Promise<void> }> {
  const { url, drop } = await createDatabase(postgresUrl());
  const database = await PostgresDatabase.open({ url, connections: 10 });
  await PARTITIONED.migrate(database);
  const close = async () => {
    await database.close();
    await drop();
  };
  return { database, url, close };
}

describe('a distributed database', () => {
  let distribution: Awaited<ReturnType<typeof openDistributed>>;

  beforeAll(async () => {
    distribution = await openDistributed();
  });

  afterAll(() => distribution.close());

  clientStoreContract(`PostgreSQL with ${PARTITIONS} hash partitions`, async () => {
    const { database, url } = distribution;
    const close = () => execute(url, `TRUNCATE audit_chain, ${DISTRIBUTED.map(([name]) => name).join(', ')}`);
    return { store: await TestStore.on(database, ENCRYPTION), close };
  });
});

describe('a distributed store', () => {
  it('accesses one partition for each operation on one client', async () => {
    const { database, url, close } = await openDistributed();
    const recorder = new Recorder(database);
    const store = await TestStore.on(recorder, ENCRYPTION);
    const client = aClient({ identifiers: { alias: 'an alias' } });
    recorder.statements.length = 0;
    await store.insert(client);
    await store.find(client.serviceId, client.clientId);
    const found = await store.find(client.serviceId, client.clientId);
    await store.clients.findHead(client.serviceId, client.clientId);
    await store.replace(nextOf(client));
    await store.replace(nextOf(nextOf(client), { document: documentOf({}) }), { ...found!, version: 2 });
    await store.clients.touch(client, 1);
    await store.delete(nextOf(nextOf(client)));
    // The read of the audit chain's key is no operation on a client.
    const statements = recorder.statements.filter(({ sql }) => !sql.includes('audit_chain'));

    const connection = new pg.Client({ connectionString: url });
    await connection.connect();
    const partitions: number[] = [];
    for (const { sql, values } of statements) {
      const { rows } = await connection.query({ text: `EXPLAIN ${sql}`, values: [...values], rowMode: 'array' });
      // Partitions of different tables with the same number are on the same node.
      const scanned = rows.join('\n').match(/(?<=\b(?:on|using \w+ on) \w+_)\d+\b/g) ?? [];
      partitions.push(new Set(scanned).size);
    }
    await connection.end();
    await close();

    // The plan of an INSERT does not name the partition of the row.
    expect(statements.map(({ sql }, i) => [/\w+/.exec(sql)?.[0], partitions[i]])).toEqual([
      ['INSERT', 0],
      ['WITH', 1],
      ['SELECT', 1],
      ['SELECT', 1],
      ['SELECT', 1],
      ['SELECT', 1],
      ['WITH', 1],
      ['WITH', 1],
      ['UPDATE', 1],
      ['DELETE', 1],
      ['WITH', 1],
    ]);
  });

  it('distributes clients over all partitions', async () => {
    const { database, close } = await openDistributed();
    const store = await TestStore.on(database, ENCRYPTION);
    await Promise.all(Array.from({ length: 300 }, () => store.insert(aClient())));

    const rows = await database.read({ sql: 'SELECT DISTINCT tableoid AS partition FROM client', values: [] });
    await close();

    expect(rows).toHaveLength(PARTITIONS);
  });
});

describe('the schema for distribution', () => {
  let catalog: pg.Client;
  let close: () => Promise<void>;

  beforeAll(async () => {
    const { url, drop } = await createDatabase(postgresUrl());
    const database = await PostgresDatabase.open({ url, connections: 1 });
    await SCHEMA.migrate(database);
    await database.close();
    catalog = new pg.Client({ connectionString: url });
    await catalog.connect();
    close = async () => {
      await catalog.end();
      await drop();
    };
  });

  afterAll(() => close());

  const names = async (sql: string): Promise<unknown[]> =>
    (await catalog.query<{ name: string }>(sql)).rows.map(({ name }) => name);

  it('declares every table', async () => {
    const tables = await names(
      "SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')",
    );

    const declared = [SCHEMA_MIGRATION_TABLE, ...SCHEMA.tables].map(({ name }) => name);

    expect([...tables].sort()).toEqual(declared.sort());
  });

  it.each(DISTRIBUTED)('in table %s, every primary key and unique index contains %s', async (table, column) => {
    const { rows } = await catalog.query<{ name: string; columns: string[] }>(
      `SELECT index.indexrelid::regclass::text AS name,
          ARRAY(SELECT attname::text FROM pg_attribute
            WHERE attrelid = index.indrelid AND attnum = ANY (index.indkey[0:index.indnkeyatts - 1])) AS columns
        FROM pg_index AS index WHERE index.indrelid = $1::regclass AND index.indisunique`,
      [table],
    );

    expect(rows.length).toBeGreaterThan(0);
    for (const { columns } of rows) expect(columns).toContain(column);
  });

  it.each([
    ['foreign keys', "SELECT conname AS name FROM pg_constraint WHERE contype = 'f'"],
    ['exclusion constraints', "SELECT conname AS name FROM pg_constraint WHERE contype = 'x'"],
    ['sequences', "SELECT relname AS name FROM pg_class WHERE relkind = 'S'"],
    ['triggers', 'SELECT tgname AS name FROM pg_trigger'],
    ['rules', "SELECT rulename AS name FROM pg_rules WHERE schemaname = 'public'"],
    ['functions', "SELECT proname AS name FROM pg_proc WHERE pronamespace = 'public'::regnamespace"],
    ['identity columns', "SELECT attname AS name FROM pg_attribute WHERE attidentity <> ''"],
  ])('contains no %s', async (_what, sql) => {
    expect(await names(sql)).toEqual([]);
  });
});
