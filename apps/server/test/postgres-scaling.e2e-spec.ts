import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { postgresUrl } from './support/engine.ts';
import { createDatabase, execute } from './support/postgres.ts';
import { startServer } from './support/server.ts';

const PAGE = new URL('../../../docs/scaling.md', import.meta.url);

describe('docs/scaling.md', () => {
  it('contains SQL that partitions the clients of a store, and the server still works with them', async () => {
    const [, sql = ''] = /```sql\n(.*?)```/s.exec(readFileSync(PAGE, 'utf8')) ?? [];
    const { url, drop } = await createDatabase(postgresUrl());
    const environment = {
      BASE_URL: 'https://clients.example.org',
      DATABASE_URL: url,
      AUTO_MIGRATE: 'true',
      ENCRYPTION_KEY: randomBytes(32).toString('base64url'),
    };
    const before = await startServer(environment);
    const clients = await Promise.all(
      Array.from({ length: 40 }, () => before.register({ software_id: 'a-software-id' })),
    );
    await before.close();

    await execute(url, sql);

    const after = await startServer(environment);
    for (const client of clients) expect((await after.get(client)).content).toEqual(client.information);
    for (const client of clients) await after.update(client, { client_name: 'Updated' });
    const { clientId, token } = await after.register();
    expect((await after.call('delete', { clientId, token })).body.action).toBe('DELETED');
    await after.configure({ dcrDuplicateSoftwareIdBlocked: true });
    await after.close();
    await drop();
  });
});
