import { randomBytes } from 'node:crypto';
import type { Row } from '../src/database/database.ts';
import { newPersistentStore, type PersistentStore } from './support/engine.ts';
import { startServer, type Registered, type TestServer } from './support/server.ts';

const newKey = () => randomBytes(32).toString('base64url');

describe('the keys that client secrets are encrypted with', () => {
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
  const everything = async (): Promise<readonly (readonly Row[])[]> => {
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

  it('a wrong one is refused at the start by name, and nothing is overwritten', async () => {
    const client = await (await start(OLD)).register();
    await stop();
    const before = await everything();
    const [, [used]] = before as [unknown, [{ key_id: string }]];

    const refused = start(NEW);

    await expect(refused).rejects.toThrow(
      `encrypted with the key ${used.key_id}, which ENCRYPTION_KEY does not contain`,
    );
    await expect(refused).rejects.not.toThrow(NEW);
    expect(await everything()).toEqual(before);
    await expectSame(await start(OLD), client);
  });

  it('a wrong one is refused also where no client has a secret yet', async () => {
    await start(OLD);
    await stop();

    await expect(start(NEW)).rejects.toThrow('ENCRYPTION_KEY');
  });

  it('a missing one is refused at the start', async () => {
    const client = await (await start(OLD)).register();
    await stop();
    const before = await everything();

    await expect(startServer({ ...store.environment, AUTO_MIGRATE: 'true', ENCRYPTION_KEY: '' })).rejects.toThrow(
      /ENCRYPTION_KEY (must be|is not) set/,
    );

    expect(await everything()).toEqual(before);
    await expectSame(await start(OLD), client);
  });

  it('a new one before the old one encrypts from now on, and the old one still decrypts', async () => {
    const first = await start(OLD);
    const client = await first.register();
    const before = await first.stored(client.clientId);
    await stop();

    const both = await start(`${NEW},${OLD}`);
    await expectSame(both, client);
    const another = await both.register();
    await both.update(client, { client_name: 'Encrypted anew' });

    const keyOf = (row: Row | undefined) => String(row?.client_secret).split('.')[0];
    const after = await both.stored(client.clientId);
    expect(keyOf(after)).not.toBe(keyOf(before));
    expect(keyOf(await both.stored(another.clientId))).toBe(keyOf(after));
    await expectSame(both, client);
  });

  it('the old one alone is refused after a new one encrypted', async () => {
    await start(OLD);
    await stop();
    const client = await (await start(`${NEW},${OLD}`)).register();
    await stop();

    await expect(start(OLD)).rejects.toThrow('ENCRYPTION_KEY');

    await expectSame(await start(`${OLD},${NEW}`), client);
  });

  describe('bind a secret to its client', () => {
    const CHANGES: readonly [string, (own: string, other: string) => string][] = [
      ["another client's", (_own, other) => other],
      ['one that was changed', (own) => own.slice(0, -1) + (own.endsWith('A') ? 'B' : 'A')],
      ['one that was cut', (own) => own.slice(0, 30)],
      ['an empty one', (own) => own.slice(0, 9)],
      ['one of a key that is not there', (own) => `AAAAAAAA${own.slice(8)}`],
      ['no record at all', () => 'secret'],
    ];

    it.each(CHANGES)(
      'so that %s is answered as a failure of the server, which gives no secret away',
      async (_what, change) => {
        const server = await start(OLD);
        const [client, other] = [await server.register(), await server.register()];
        const records = [await server.stored(client.clientId), await server.stored(other.clientId)];
        const [own = '', others = ''] = records.map((row) => row?.client_secret as string);
        // Another connection cannot have an embedded store: through the database of the server.
        await server.changeStored(client.clientId, { client_secret: change(own, others) });

        const { clientId, token } = client;
        const json = `{"client_id":"${clientId}"}`;
        // A delete has no need of the secret, and is the way out.
        for (const operation of ['get', 'update', 'delete'] as const) {
          const answer = await server.call(operation, { clientId, token, json });

          const failed = { resultCode: 'A001101', action: 'INTERNAL_SERVER_ERROR' };
          expect(answer.status).toBe(operation === 'delete' ? 200 : 500);
          expect(answer.body).toMatchObject(operation === 'delete' ? { action: 'DELETED' } : failed);
          for (const secret of [client.information.client_secret, other.information.client_secret, own, others]) {
            expect(JSON.stringify(answer.body)).not.toContain(secret);
          }
        }
        await expectSame(server, other);
      },
    );
  });
});
