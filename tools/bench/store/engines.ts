import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { createDatabase } from '../../../apps/server/test/support/postgres.ts';
import type { Database } from '../../../apps/server/src/database/database.ts';
import { builtServer } from '../built-server.ts';

const server = await builtServer();

/** Connections to PostgreSQL: as many as the server has when it is not told otherwise. */
const CONNECTIONS = 10;

export interface OpenDatabase {
  readonly database: Database;
  readonly close: () => Promise<void>;
}

export type OpenEngine = (name: string) => Promise<OpenDatabase>;

export const clientStoreOn = (database: Database) =>
  new server.SqlClientStore(database, new server.SecretEncryption([randomBytes(32)]));

/** A new SQLite database of the server's schema in a file of this folder. */
export const sqliteIn =
  (folder: string): OpenEngine =>
  async (name) => {
    const database = await server.SqliteDatabase.open(join(folder, `${name}.db`));
    await server.migrate(database);
    return { database, close: () => database.close() };
  };

/** A new database of the server's schema on this PostgreSQL. */
export const postgresOn =
  (url: string): OpenEngine =>
  async () => {
    const created = await createDatabase(url);
    const database = await server.PostgresDatabase.open({
      url: created.url,
      connections: CONNECTIONS,
      answerTimeout: 0,
    });
    await server.migrate(database);
    return {
      database,
      close: async () => {
        await database.close();
        await created.drop();
      },
    };
  };
