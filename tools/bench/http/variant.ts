/**
 * The built server as a process of its own, with its store as it is or with one to compare with:
 * `variant.ts (as-is | one-transaction-each)`, configured by the environment.
 */
import type { ClientStore } from '../../../apps/server/src/clients/client.ts';
import { builtServer } from '../built-server.ts';
import { OneTransactionEach } from '../store/one-transaction-each.ts';
import { answerBenchmark } from './child.ts';

const server = await builtServer();
const [, , variant] = process.argv;
const config = server.Config.from(process.env);
const app = await server.createApp(config);
await server.prepareFirstStart(config, app.get(server.ServiceStore));

if (variant === 'one-transaction-each' && config.database.engine === 'sqlite') {
  // The server's own connection is not used by anybody any more when the first client is written.
  const connection = await server.openSqlite(config.database.path);
  connection.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
  const store = new server.SqlClientStore(new OneTransactionEach(connection), app.get(server.SecretEncryption));
  Object.assign(app.get<ClientStore>(server.ClientStore), {
    insert: store.insert.bind(store),
    find: store.find.bind(store),
    findHead: store.findHead.bind(store),
    replace: store.replace.bind(store),
  });
}

await app.listen(0, '127.0.0.1');
answerBenchmark(app.getHttpServer());
