import { randomBytes } from 'node:crypto';
import { ChainKeys } from '../changes/chains.ts';
import { SYSTEM } from '../changes/change.ts';
import { PendingChanges } from '../changes/pending-changes.ts';
import { SecretEncryption } from '../crypto/secret-encryption.ts';
import { StoreUnavailableError } from '../database/database.ts';
import { SqliteDatabase } from '../database/sqlite-database.ts';
import { SCHEMA } from '../schema.ts';
import { ApiAccessTokenStore, type ApiAccessToken } from './api-access-token-store.ts';

const HOUR = 3_600_000;
const NOW = Date.UTC(2030, 0, 1);

describe('ApiAccessTokenStore notes the use of a token', () => {
  let database: SqliteDatabase;
  let store: ApiAccessTokenStore;
  let token: ApiAccessToken;
  let writes = 0;

  const newStore = () =>
    new ApiAccessTokenStore(
      database,
      new PendingChanges(new ChainKeys(database, new SecretEncryption([randomBytes(32)]))),
    );
  const stored = async () => (await store.list(undefined))[0]!;

  beforeEach(async () => {
    database = await SqliteDatabase.open(':memory:');
    await SCHEMA.migrate(database);
    store = newStore();
    await store.insert({ tokenHash: 'hash', serviceId: undefined, accessRights: ['ADMIN'], createdAt: NOW }, SYSTEM);
    token = await stored();
    const write = database.write.bind(database);
    writes = 0;
    database.write = (...statements) => {
      writes++;
      return write(...statements);
    };
  });

  afterEach(() => database.close());

  it('once in an hour, also if calls are concurrent', async () => {
    await Promise.all([store.noteUse(token, NOW), store.noteUse(token, NOW + 1)]);
    await store.noteUse(token, NOW + HOUR - 1);
    expect([writes, (await stored()).lastUsedAt]).toEqual([1, NOW]);

    await store.noteUse(token, NOW + HOUR);
    expect([writes, (await stored()).lastUsedAt]).toEqual([2, NOW + HOUR]);
  });

  it('not again in an hour after another process has done so', async () => {
    await store.noteUse(token, NOW);
    await newStore().noteUse(token, NOW + 1);

    expect((await stored()).lastUsedAt).toBe(NOW);
  });

  it('again if the clock was ahead before', async () => {
    await store.noteUse(token, NOW + 2 * HOUR);
    await newStore().noteUse(token, NOW);

    expect((await stored()).lastUsedAt).toBe(NOW);
  });

  it('unless the store cannot write, which does not prevent the use', async () => {
    database.write = () => Promise.reject(new StoreUnavailableError('The disk is full.'));

    await expect(store.noteUse(token, NOW)).resolves.toBeUndefined();
  });
});
