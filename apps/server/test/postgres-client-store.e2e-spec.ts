import { randomBytes } from 'node:crypto';
import { SCHEMA } from '../src/schema.ts';
import { PostgresDatabase } from '../src/database/postgres-database.ts';
import { SecretEncryption } from '../src/crypto/secret-encryption.ts';
import { ClientStore } from '../src/clients/client-store.ts';
import { CLIENT_TABLES } from '../src/clients/client-tables.ts';
import { clientStoreContract } from './client-store.contract.ts';
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

  clientStoreContract('PostgreSQL', () => {
    const close = () => execute(server.url, `TRUNCATE ${CLIENT_TABLES.map(({ name }) => name).join(', ')}`);
    return Promise.resolve({ store: new ClientStore(database, new SecretEncryption([KEY])), close });
  });
});
