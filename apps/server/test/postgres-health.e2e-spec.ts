import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { postgresUrl } from './support/engine.ts';
import { createDatabase } from './support/postgres.ts';
import { startServer, type TestServer } from './support/server.ts';
import { TcpProxy } from './support/tcp-proxy.ts';

/** Milliseconds within which a server must know that its store is gone. */
const NOTICED = 2_000;

jest.setTimeout(60_000);

describe('the health of a server whose PostgreSQL', () => {
  let proxy: TcpProxy;
  let server: TestServer;
  let drop: () => Promise<void>;

  beforeEach(async () => {
    const database = await createDatabase(postgresUrl());
    drop = database.drop;
    proxy = await TcpProxy.before(database.url);
    const ENCRYPTION_KEY = randomBytes(32).toString('base64url');
    server = await startServer({ DATABASE_URL: proxy.url, AUTO_MIGRATE: 'true', ENCRYPTION_KEY });
  });

  afterEach(async () => {
    await server.close();
    await proxy.close();
    await drop();
  });

  const ask = async (path: string) => {
    const asked = performance.now();
    const response = await fetch(`${server.baseUrl}${path}`);
    return { status: response.status, text: await response.text(), ms: performance.now() - asked };
  };
  const expectUnready = async (): Promise<void> => {
    const ready = await ask('/health/ready');
    expect(ready.status).toBe(503);
    expect(ready.ms).toBeLessThan(NOTICED);
    expect(ready.text).not.toMatch(/127\.0\.0\.1|clientele_|postgres/);
    expect((await ask('/api/lifecycle/healthcheck?extended=true')).status).toBe(500);
    const live = await ask('/health/live');
    expect(live.status).toBe(200);
    expect(live.ms).toBeLessThan(NOTICED);
  };
  const becomesReady = async (): Promise<void> => {
    while ((await ask('/health/ready')).status !== 200) await setTimeout(20);
  };

  it('cannot be reached: not ready within two seconds, live all the time, and ready again by itself', async () => {
    await becomesReady();
    const { listen } = await proxy.refuse();
    await expectUnready();

    await listen();
    await becomesReady();
  });

  it('is frozen: not ready within two seconds, live all the time, and ready again by itself', async () => {
    await becomesReady();
    proxy.silence();
    await Promise.all([expectUnready(), expectUnready(), expectUnready()]);

    proxy.cut();
    await becomesReady();
  });
});
