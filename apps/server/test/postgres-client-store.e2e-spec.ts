import { randomBytes } from 'node:crypto';
import { migrate } from '../src/store/migrations/migrate.ts';
import { PostgresDatabase } from '../src/store/postgres-database.ts';
import { SecretEncryption } from '../src/store/secret-encryption.ts';
import { SqlClientStore } from '../src/store/sql-client-store.ts';
import { clientStoreContract } from './client-store.contract.ts';
import { postgresUrl } from './support/engine.ts';
import { createDatabase } from './support/postgres.ts';

const KEY = randomBytes(32);

clientStoreContract('PostgreSQL', async () => {
  const { url, drop } = await createDatabase(postgresUrl());
  const database = await PostgresDatabase.open({ url, connections: 10 });
  await migrate(database);
  return {
    store: new SqlClientStore(database, new SecretEncryption([KEY])),
    close: async () => {
      await database.close();
      await drop();
    },
  };
});
