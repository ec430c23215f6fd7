import { randomBytes } from 'node:crypto';
import { ChainKeys } from '../changes/chains.ts';
import { SYSTEM } from '../changes/change.ts';
import { PendingChanges } from '../changes/pending-changes.ts';
import { SecretEncryption } from '../crypto/secret-encryption.ts';
import { SqliteDatabase } from '../database/sqlite-database.ts';
import { SCHEMA } from '../schema.ts';
import { ApiAccessTokenStore } from './api-access-token-store.ts';
import { ApiAccessTokens } from './api-access-tokens.ts';

it('at most 1,000 API access tokens exist for all services', async () => {
  const database = await SqliteDatabase.open(':memory:');
  await SCHEMA.migrate(database);
  const changes = new PendingChanges(new ChainKeys(database, new SecretEncryption([randomBytes(32)])));
  const store = new ApiAccessTokenStore(database, changes);
  const tokens = new ApiAccessTokens(store);
  await database.write({
    sql: `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 999)
      INSERT INTO api_access_token (token_hash, access_rights, created_at, created_by)
      SELECT 'hash ' || i, '["ADMIN"]', 1, '{"type":"system"}' FROM n`,
    values: [],
  });
  const [caller] = await store.list(undefined);
  const create = () => tokens.create(caller!, undefined, { accessRights: ['ADMIN'] }, SYSTEM);

  await expect(create()).resolves.toBeDefined();
  await expect(create()).rejects.toMatchObject({ status: 400, result: 'apiAccessTokensTooMany' });
  expect(await store.list(undefined)).toHaveLength(1000);
  await database.close();
});
