import { randomBytes } from 'node:crypto';
import { jest } from '@jest/globals';
import { setTimeout } from 'node:timers/promises';
import { Database } from '../src/database/database.ts';
import { postgresUrl } from './support/engine.ts';
import { createDatabase, execute } from './support/postgres.ts';
import { startServer, type TestServer } from './support/server.ts';
import { TcpProxy } from './support/tcp-proxy.ts';

describe('the health endpoints of a server on PostgreSQL', () => {
  let proxy: TcpProxy;
  let server: TestServer;
  let drop: () => Promise<void>;
  let url: string;

  beforeEach(async () => {
    const database = await createDatabase(postgresUrl());
    ({ drop, url } = database);
    proxy = await TcpProxy.before(url);
    const ENCRYPTION_KEY = randomBytes(32).toString('base64url');
    server = await startServer({ DATABASE_URL: proxy.url, AUTO_MIGRATE: 'true', ENCRYPTION_KEY });
  });

  afterEach(async () => {
    await server.close();
    await proxy.close();
    await drop();
  });

  const get = async (path: string) => {
    const response = await fetch(`${server.baseUrl}${path}`);
    return { status: response.status, text: await response.text() };
  };
  const expectUnready = async (reason: string): Promise<void> => {
    const ready = await get('/health/ready');
    expect(ready.status).toBe(503);
    expect(JSON.parse(ready.text)).toMatchObject({ reasons: { store: reason } });
    expect(ready.text).not.toMatch(/127\.0\.0\.1|clientele_|postgres/);
    expect((await get('/api/lifecycle/healthcheck?extended=true')).status).toBe(500);
  };
  const expectLive = async (): Promise<void> => {
    const read = jest.spyOn(server.app.get(Database), 'read');
    expect((await get('/health/live')).status).toBe(200);
    expect(read).not.toHaveBeenCalled();
    read.mockRestore();
  };
  const waitUntilReady = async (): Promise<void> => {
    while ((await get('/health/ready')).status !== 200) await setTimeout(20);
  };

  it('report live but not ready while PostgreSQL is unreachable, and ready again afterwards', async () => {
    await waitUntilReady();
    const { listen } = await proxy.refuse();
    await expectUnready('The store cannot respond.');
    await expectLive();

    await listen();
    await waitUntilReady();
  });

  it('report live but not ready while PostgreSQL is read-only, and ready again afterwards', async () => {
    await waitUntilReady();
    const setReadOnly = (value: 'on' | 'off') =>
      execute(
        postgresUrl(),
        `ALTER DATABASE ${new URL(url).pathname.slice(1)} SET default_transaction_read_only = ${value}`,
      );
    await setReadOnly('on');
    proxy.cut();
    while ((await get('/health/ready')).status === 200) await setTimeout(20);
    await expectUnready('The store cannot write.');
    await expectLive();

    await setReadOnly('off');
    proxy.cut();
    await waitUntilReady();
  });

  it('report live but not ready after one second while PostgreSQL is frozen, and ready again afterwards', async () => {
    await waitUntilReady();
    proxy.silence();
    const reason = 'The store did not respond within 1000 ms.';
    await Promise.all([expectUnready(reason), expectUnready(reason), expectUnready(reason)]);
    await expectLive();

    proxy.cut();
    await waitUntilReady();
  });
});
