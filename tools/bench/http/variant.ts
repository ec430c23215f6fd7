/**
 * The built server as a process of its own, with its store as it is or with one to compare with:
 * `variant.ts (as-is | one-transaction-each | bare-update)`, configured by the environment.
 */
import pg from 'pg';
import type { ClientStore, StoredClient } from '../../../apps/server/src/store/client-store.ts';
import { builtServer } from '../built-server.ts';
import { OneTransactionEach } from '../store/one-transaction-each.ts';
import { answerBenchmark } from './child.ts';

/** Connections to PostgreSQL: as many as the server has when it is not told otherwise. */
const CONNECTIONS = 10;

const server = await builtServer();
const [, , variant] = process.argv;
const config = server.Config.from(process.env);
const app = await server.createApp(config);
await server.prepareFirstStart(config, app.get(server.ServiceStore));
const clients = app.get<ClientStore>(server.ClientStore);

if (variant === 'one-transaction-each' && config.database.engine === 'sqlite') {
  // The server's own connection is not used by anybody any more when the first client is written.
  const connection = await server.openSqlite(config.database.path);
  connection.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
  const database = new OneTransactionEach(connection);
  const store = new server.SqlClientStore(database, app.get(server.SecretEncryption));
  Object.assign(clients, {
    insert: store.insert.bind(store),
    find: store.find.bind(store),
    replace: store.replace.bind(store),
  });
}

if (variant === 'bare-update' && config.database.engine === 'postgresql') {
  const pool = new pg.Pool({ connectionString: config.database.url, max: CONNECTIONS });
  const known = new Map<number, StoredClient>();
  const insert = clients.insert.bind(clients);
  Object.assign(clients, {
    insert: async (client: StoredClient) => {
      known.set(client.clientId, client);
      return insert(client);
    },
    find: (_serviceId: number, clientId: number) => Promise.resolve(known.get(clientId)),
    replace: async (client: StoredClient) => {
      await pool.query({
        name: 'bare-update',
        text: 'UPDATE client SET modified_at = $3, properties = $4, version = version + 1 WHERE service_id = $1 AND client_id = $2',
        values: [client.serviceId, client.clientId, client.modifiedAt, JSON.stringify(client.properties)],
      });
      return true;
    },
  });
}

await app.listen(0, '127.0.0.1');
answerBenchmark(app.getHttpServer());
