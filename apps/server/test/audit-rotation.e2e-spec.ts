import { randomBytes } from 'node:crypto';
import { Config } from '../src/config/config.ts';
import { SecretEncryption } from '../src/crypto/secret-encryption.ts';
import { verifyLog } from '../src/audit/verify.ts';
import { Database } from '../src/database/database.ts';
import { reEncrypt } from '../src/database/re-encryption.ts';
import { readSnapshot } from '../src/database/snapshot.ts';
import { SCHEMA } from '../src/schema.ts';
import { newPersistentStore, type PersistentStore } from './support/engine.ts';
import { startServer, type TestServer } from './support/server.ts';

describe('the verification of the log of a busy server', () => {
  const [OLD, NEW] = [randomBytes(32), randomBytes(32)];
  let store: PersistentStore;
  let server: TestServer;

  beforeAll(async () => {
    store = await newPersistentStore();
  });

  /** Starts the server with these keys, the current one first. */
  const start = async (...keys: readonly Buffer[]): Promise<void> => {
    const ENCRYPTION_KEY = keys.map((key) => key.toString('base64url')).join();
    server = await startServer({ ...store.environment, AUTO_MIGRATE: 'true', ENCRYPTION_KEY });
  };

  afterAll(async () => {
    await server.close();
    await store.drop();
  });

  it('finds nothing during a rotation of the encryption key', async () => {
    const { database: settings } = Config.from(store.environment);
    const encryption = new SecretEncryption([NEW, OLD]);
    await start(OLD);
    const clients = await Promise.all(Array.from({ length: 50 }, () => server.register()));
    await server.close();
    await start(NEW, OLD);
    let busy = true;
    let changes = 0;
    const load = Promise.all(
      clients.map(async (client, i) => {
        for (let n = 0; busy; n++) {
          await server.update(client, { client_name: `Client ${i}, change ${n}` });
          changes += 1;
        }
      }),
    );
    const verify = () => readSnapshot(settings, (session) => verifyLog(session, encryption));
    const problemsOf = async () => (await verify()).flatMap(({ problems }) => problems);

    const rotation = reEncrypt(server.app.get(Database), SCHEMA.tables, encryption, () => undefined);
    for (let round = 0; round < 10; round++) expect(await problemsOf()).toEqual([]);
    expect(await rotation).toBeGreaterThan(clients.length);
    expect(await problemsOf()).toEqual([]);
    busy = false;
    await load;

    expect(changes).toBeGreaterThan(0);
    expect(await problemsOf()).toEqual([]);
  });
});
