import { randomBytes } from 'node:crypto';
import type { Row } from '../src/database/database.ts';
import { newPersistentStore, type PersistentStore } from './support/engine.ts';
import { startServer, type Registered, type TestServer } from './support/server.ts';

const newKey = () => randomBytes(32).toString('base64url');

describe('the encryption keys of client secrets', () => {
  const [OLD, NEW] = [newKey(), newKey()];
  let store: PersistentStore;
  let running: TestServer | undefined;

  beforeEach(async () => {
    store = await newPersistentStore();
  });

  afterEach(async () => {
    await stop();
    await store.drop();
  });

  const start = async (ENCRYPTION_KEY?: string): Promise<TestServer> => {
    const key = ENCRYPTION_KEY === undefined ? {} : { ENCRYPTION_KEY };
    running = await startServer({ ...store.environment, AUTO_MIGRATE: 'true', ...key });
    return running;
  };

  const stop = async (): Promise<void> => {
    await running?.close();
    running = undefined;
  };

  /** Everything that a start with a wrong key could change. */
  const storedRows = async (): Promise<readonly (readonly Row[])[]> => {
    const database = await store.open();
    const tables = [];
    for (const table of ['client', 'encryption_key', 'service', 'api_access_token']) {
      tables.push(await database.read({ sql: `SELECT * FROM ${table} ORDER BY 1, 2`, values: [] }));
    }
    await database.close();
    return tables;
  };

  const expectSame = async (server: TestServer, client: Registered): Promise<void> => {
    expect((await server.get(client)).content).toMatchObject({ client_secret: client.information.client_secret });
  };

  it('a wrong key stops the start, names the missing key, and changes nothing', async () => {
    const client = await (await start(OLD)).register();
    await stop();
    const before = await storedRows();
    const [, [used]] = before as [unknown, [{ key_id: string }]];

    const refused = start(NEW);

    await expect(refused).rejects.toThrow(
      `encrypted with the key ${used.key_id}, which ENCRYPTION_KEY does not contain`,
    );
    await expect(refused).rejects.not.toThrow(NEW);
    expect(await storedRows()).toEqual(before);
    await expectSame(await start(OLD), client);
  });

  it('a wrong key stops the start even if no client has a secret', async () => {
    await start(OLD);
    await stop();

    await expect(start(NEW)).rejects.toThrow('ENCRYPTION_KEY');
  });

  it('a missing key stops the start', async () => {
    const client = await (await start(OLD)).register();
    await stop();
    const before = await storedRows();

    await expect(startServer({ ...store.environment, AUTO_MIGRATE: 'true', ENCRYPTION_KEY: '' })).rejects.toThrow(
      /ENCRYPTION_KEY (must be|is not) set/,
    );

    expect(await storedRows()).toEqual(before);
    await expectSame(await start(OLD), client);
  });

  it('a new first key encrypts, and the old key still decrypts', async () => {
    const first = await start(OLD);
    const client = await first.register();
    const before = await first.stored(client.clientId);
    await stop();

    const withBothKeys = await start(`${NEW},${OLD}`);
    await expectSame(withBothKeys, client);
    const another = await withBothKeys.register();
    await withBothKeys.update(client, { client_name: 'Updated' });

    const keyOf = (row: Row | undefined) => String(row?.secrets).split('.')[0];
    const after = await withBothKeys.stored(client.clientId);
    // An update of the metadata does not write the secrets.
    expect(keyOf(after)).toBe(keyOf(before));
    expect(keyOf(await withBothKeys.stored(another.clientId))).not.toBe(keyOf(before));
    await expectSame(withBothKeys, client);
  });

  it('the old key alone stops the start after a new key was used', async () => {
    await start(OLD);
    await stop();
    const client = await (await start(`${NEW},${OLD}`)).register();
    await stop();

    await expect(start(OLD)).rejects.toThrow('ENCRYPTION_KEY');

    await expectSame(await start(`${OLD},${NEW}`), client);
  });

  describe('a secret that was changed in the store', () => {
    const CHANGES: readonly [string, (own: string, other: string) => string][] = [
      ["another client's secret", (_own, other) => other],
      // The last character may have bits that decoding ignores.
      ['a changed secret', (own) => `${own.slice(0, 40)}${own[40] === 'A' ? 'B' : 'A'}${own.slice(41)}`],
      ['a truncated secret', (own) => own.slice(0, 30)],
      ['an empty secret', (own) => own.slice(0, 9)],
      ['a secret of an unknown key', (own) => `AAAAAAAA${own.slice(8)}`],
      ['text that is not a record', () => 'secret'],
    ];

    it.each(CHANGES)('causes a server error that reveals no secret: %s', async (_what, change) => {
      const server = await start(OLD);
      const [client, other] = [await server.register(), await server.register()];
      const records = [await server.stored(client.clientId), await server.stored(other.clientId)];
      const [own = '', others = ''] = records.map((row) => row?.secrets as string);
      // An embedded store has one connection only, so the test uses the connection of the server.
      await server.changeStored(client.clientId, { secrets: change(own, others) });

      const { clientId, token } = client;
      const json = `{"client_id":"${clientId}"}`;
      // A delete does not need the secret, so it succeeds.
      for (const operation of ['get', 'update', 'delete'] as const) {
        const response = await server.call(operation, { clientId, token, json });

        const failed = { resultCode: 'A001101', action: 'INTERNAL_SERVER_ERROR' };
        expect(response.status).toBe(operation === 'delete' ? 200 : 500);
        expect(response.body).toMatchObject(operation === 'delete' ? { action: 'DELETED' } : failed);
        for (const secret of [client.information.client_secret, other.information.client_secret, own, others]) {
          expect(JSON.stringify(response.body)).not.toContain(secret);
        }
      }
      await expectSame(server, other);
    });
  });
});
