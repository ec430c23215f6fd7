import { randomBytes } from 'node:crypto';
import { DISTRIBUTION_COLUMNS } from '../src/database/distribution.ts';
import { migrate } from '../src/database/migrations/migrate.ts';
import { PostgresDatabase } from '../src/database/postgres-database.ts';
import { SecretEncryption } from '../src/crypto/secret-encryption.ts';
import { SqlClientStore } from '../src/clients/client-store.ts';
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
    await migrate(database);
  });

  afterAll(async () => {
    await database.close();
    await server.drop();
  });

  clientStoreContract('PostgreSQL', () => {
    const close = () => execute(server.url, `TRUNCATE ${Object.keys(DISTRIBUTION_COLUMNS).join(', ')}`);
    return Promise.resolve({ store: new SqlClientStore(database, new SecretEncryption([KEY])), close });
  });
});
