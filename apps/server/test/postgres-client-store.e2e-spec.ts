import { randomBytes } from 'node:crypto';
import { SCHEMA } from '../src/schema.ts';
import { PostgresDatabase } from '../src/database/postgres-database.ts';
import { SecretEncryption } from '../src/crypto/secret-encryption.ts';
import { clientStoreContract, TestStore } from './client-store.contract.ts';
import { postgresUrl } from './support/engine.ts';
import { createDatabase, execute } from './support/postgres.ts';

const KEY = randomBytes(32);

describe('PostgreSQL', () => {
  let database: PostgresDatabase;
  let server: Awaited<ReturnType<typeof createDatabase>>;

  beforeAll(async () => {
    server = await createDatabase(postgresUrl());
    database = await PostgresDatabase.open({ url: server.url, connections: 10 });
    await SCHEMA.migrate(database);
  });

  afterAll(async () => {
    await database.close();
    await server.drop();
  });

  clientStoreContract('PostgreSQL', async () => {
    const close = () =>
      execute(
        server.url,
        'TRUNCATE client, client_identifier, client_search, software_id_lock, audit_pending, audit_chain',
      );
    return { store: await TestStore.on(database, new SecretEncryption([KEY])), close };
  });
});
