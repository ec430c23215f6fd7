import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { newPersistentStore } from './support/engine.ts';
import { execute, Postgres } from './support/postgres.ts';
import { MINIMAL, protocolOf } from './support/protocol.ts';
import { ACCESS_TOKEN, SERVICE_ID, startServer, type TestServer } from './support/server.ts';

interface StoreOnDisk {
  readonly environment: Record<string, string>;
  /** The folder of all files that the engine writes. */
  readonly folder: string;
  /** Makes the engine write its data in memory to disk. */
  readonly flush: () => Promise<void>;
  readonly drop: () => Promise<void>;
}

async function newStoreOnDisk(): Promise<StoreOnDisk> {
  if (globalThis.TEST_ENGINE === undefined) {
    const { environment, drop } = await newPersistentStore();
    return { environment, folder: environment.DATA_DIR ?? '', flush: () => Promise.resolve(), drop };
  }
  const postgres = await Postgres.start();
  const url = postgres.url();
  const environment = { DATABASE_URL: url, AUTO_MIGRATE: 'true', ENCRYPTION_KEY: 'A'.repeat(43) };
  return {
    environment,
    folder: postgres.dataFolder,
    flush: () => execute(url, 'CHECKPOINT'),
    drop: () => postgres.remove(),
  };
}

describe('the files of the store', () => {
  let store: StoreOnDisk;
  let server: TestServer;
  const secrets: string[] = [ACCESS_TOKEN];

  beforeAll(async () => {
    store = await newStoreOnDisk();
    server = await startServer(store.environment);
    const { text } = await server.send({ path: `/api/${SERVICE_ID}/initial_access_token/create`, body: '{}' });
    const { initialAccessToken } = JSON.parse(text) as { initialAccessToken: string };
    secrets.push(initialAccessToken);
    const headers = { authorization: `Bearer ${initialAccessToken}`, 'idempotency-key': '"canary"' };
    const { status, body } = await protocolOf(server).register({ ...MINIMAL, client_name: 'Again' }, headers);
    expect(status).toBe(201);
    secrets.push(body.client_secret ?? '', body.registration_access_token);
    for (let i = 0; i < 5; i++) {
      const registered = await server.register({ client_name: `Canary ${i}` });
      await server.update(registered, { client_name: `Updated canary ${i}`, software_id: 'canary' });
      const { client_secret = '', registration_access_token } = registered.information;
      secrets.push(client_secret, registration_access_token);
      if (i === 4) await server.call('delete', registered);
    }
  });

  afterAll(() => store.drop());

  const expectNoSecret = async (): Promise<void> => {
    await store.flush();
    const files = filesIn(store.folder);
    const filesWith = (text: string) => files.filter(({ bytes }) => bytes.includes(text)).map(({ name }) => name);

    // The search finds plain text, so it would find a secret too.
    for (const canary of ['Updated canary 0', 'Updated canary 3']) expect(filesWith(canary)).not.toEqual([]);
    for (const secret of secrets) {
      expect(secret.length).toBeGreaterThan(20);
      expect(filesWith(secret)).toEqual([]);
      // The decoded bytes would reveal the secret too.
      const decoded = Buffer.from(secret, 'base64url');
      const hex = decoded.toString('hex');
      expect(files.filter(({ bytes }) => bytes.includes(decoded) || bytes.includes(hex))).toEqual([]);
    }
  };

  it('contain no client secret and no token while the server runs', expectNoSecret);

  it('contain no client secret and no token after the server has stopped', async () => {
    await server.close();
    await expectNoSecret();
  });
});

/** All files in a folder and its subfolders. */
function filesIn(folder: string): { readonly name: string; readonly bytes: Buffer }[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => ({ name, bytes: readFileSync(join(parentPath, name)) }));
}
