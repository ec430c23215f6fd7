import { jest } from '@jest/globals';
import { createFirstService, storeOf } from '../src/administration/services/create-service.ts';
import { RequestGate } from '../src/http/request-gate.ts';
import { MANAGEMENT_CONNECTIONS } from '../src/http/limits.ts';
import { createApp } from '../src/app.ts';
import { Config } from '../src/config/config.ts';
import { SCHEMA } from '../src/schema.ts';
import { addressOf, start } from '../src/start.ts';
import { Database } from '../src/database/database.ts';
import { SERVICE_ID, startServer, type TestServer } from './support/server.ts';
import { openConnection, readToEnd } from './support/sockets.ts';

describe('the health endpoints', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startServer();
  });

  afterAll(() => server.close());

  const get = async (path: string) => {
    const { status, text } = await server.send({ method: 'GET', path, headers: {} });
    return { status, body: text };
  };
  const getJson = async (path: string) => {
    const { status, body } = await get(path);
    return { status, body: JSON.parse(body) as unknown };
  };
  const execute = (sql: string) => server.app.get(Database).write({ sql, values: [] });

  const OUTDATED_SCHEMA = 'UPDATE schema_migration SET version = 0';

  afterEach(async () => {
    await execute('DELETE FROM schema_migration WHERE version = 1000');
    await execute(`UPDATE schema_migration SET version = ${SCHEMA.version}`);
    await execute("DELETE FROM encryption_key WHERE key_id = 'another1'");
  });

  it('report a live and ready server without authentication', async () => {
    expect(await getJson('/health/live')).toEqual({ status: 200, body: { status: 'ok' } });
    expect(await getJson('/health/ready')).toEqual({ status: 200, body: { status: 'ok' } });
    expect((await server.send({ method: 'HEAD', path: '/health/ready', headers: {} })).status).toBe(200);
    expect((await get('/metrics')).body).toMatch(/^clientele_ready 1$/m);
  });

  it('report a server as live and not ready until it has a service, and API calls get 503 with Retry-After', async () => {
    const config = Config.from({ PORT: '0', DATABASE_URL: 'sqlite::memory:', LOG_LEVEL: 'silent' });
    const app = await createApp(config);
    await app.listen(config.port, config.host);
    const baseUrl = `http://127.0.0.1:${addressOf(app).port}`;

    const refused = await fetch(`${baseUrl}/api/1/service/get`);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, expect.stringMatching(/^\d+$/)]);
    expect((await fetch(`${baseUrl}/health/live`)).status).toBe(200);
    const ready = await fetch(`${baseUrl}/health/ready`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toEqual({ status: 'unavailable', reasons: { process: 'The server is starting.' } });
    await app.close();
  });

  it('a server accepts calls before it listens if its store has a service, because a proxy sends them at once', async () => {
    const config = Config.from({ PORT: '0', DATABASE_URL: 'sqlite::memory:', LOG_LEVEL: 'silent' });
    const app = await createApp(config);
    await app.init();
    await createFirstService(config, storeOf(app));
    const listening: boolean[] = [];
    jest.spyOn(app.get(RequestGate), 'accept').mockImplementation(() => listening.push(app.getHttpServer().listening));

    await start(app, config);
    expect(listening[0]).toBe(false);
    await app.close();
  });

  it('forbid caching', async () => {
    const { headers } = await server.send({ method: 'GET', path: '/health/ready', headers: {} });

    expect(headers['cache-control']).toBe('no-store');
  });

  it('report an outdated schema as not ready', async () => {
    await execute(OUTDATED_SCHEMA);

    expect(await getJson('/health/ready')).toEqual({
      status: 503,
      body: {
        status: 'unavailable',
        reasons: {
          schema: expect.stringMatching(/^The schema has version 0; this server needs version \d+\.$/) as unknown,
        },
      },
    });
    expect((await get('/health/live')).status).toBe(200);
    expect((await get('/metrics')).body).toMatch(/^clientele_ready 0$/m);
  });

  it('report the schema of a newer server as ready', async () => {
    await execute('INSERT INTO schema_migration (version, applied_at) VALUES (1000, 0)');

    expect((await get('/health/ready')).status).toBe(200);
  });

  it('report a missing encryption key as not ready, and do not name it', async () => {
    await execute("INSERT INTO encryption_key (key_id, created_at) VALUES ('another1', 0)");

    const { status, body } = await get('/health/ready');

    expect(status).toBe(503);
    expect(JSON.parse(body)).toEqual({
      status: 'unavailable',
      reasons: { encryptionKey: expect.stringContaining('ENCRYPTION_KEY') as unknown },
    });
    expect(body).not.toContain('another1');
  });

  it('report a failing store as not ready until it recovers', async () => {
    await execute('ALTER TABLE encryption_key RENAME TO encryption_key_renamed');
    const failing = await getJson('/health/ready');
    await execute('ALTER TABLE encryption_key_renamed RENAME TO encryption_key');

    expect(failing).toEqual({
      status: 503,
      body: { status: 'unavailable', reasons: { store: 'The store cannot respond.' } },
    });
    expect((await get('/health/ready')).status).toBe(200);
  });

  describe('Authlete: GET /api/lifecycle/healthcheck', () => {
    it('returns OK in plain text without an API access token', async () => {
      const { status, headers, text } = await server.send({
        method: 'GET',
        path: '/api/lifecycle/healthcheck',
        headers: {},
      });

      expect({ status, text, type: headers['content-type'] }).toEqual({
        status: 200,
        text: 'OK',
        type: 'text/plain; charset=utf-8',
      });
      expect(await get('/api/lifecycle/healthcheck?extended=true')).toEqual({ status: 200, body: 'OK' });
    });

    it('returns 500 if the server is not ready, with reasons only for extended=true', async () => {
      await execute(OUTDATED_SCHEMA);

      expect(await get('/api/lifecycle/healthcheck')).toEqual({ status: 500, body: 'NG' });
      expect(await get('/api/lifecycle/healthcheck?extended=true')).toEqual({
        status: 500,
        body: expect.stringMatching(/^NG\nThe schema has version 0;/) as unknown,
      });
    });

    it.each([`/api/${SERVICE_ID}/service/get`, '/api/lifecycle/healthcheck/', '/api/lifecycle/other'])(
      'does not open the path %s',
      async (path) => {
        expect([401, 404]).toContain((await get(path)).status);
      },
    );
  });
});

describe('a server with a MANAGEMENT_PORT', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startServer({ MANAGEMENT_PORT: '0' });
  });

  afterAll(() => server.close());

  const PATHS = ['/health/live', '/health/ready', '/metrics'];
  const statusOf = async (url: string, path: string) => (await fetch(`${url}${path}`)).status;

  it.each(PATHS)('serves %s only on that port', async (path) => {
    expect(server.managementUrl).not.toBe(server.baseUrl);
    expect(await statusOf(server.managementUrl, path)).toBe(200);
    expect(await statusOf(server.baseUrl, path)).toBe(404);
  });

  it('closes the connection that has waited longest if too many are open on that port', async () => {
    const first = await openConnection(server.managementUrl);
    const closed = readToEnd(first);
    const sockets = [first];
    for (let i = 0; i < MANAGEMENT_CONNECTIONS.most; i++) sockets.push(await openConnection(server.managementUrl));

    expect(await closed).toBe('');
    expect(await statusOf(server.managementUrl, '/health/live')).toBe(200);
    for (const socket of sockets) socket.destroy();
  });

  it('serves nothing else on that port', async () => {
    expect(await statusOf(server.managementUrl, `/api/${SERVICE_ID}/service/get`)).toBe(404);
    expect(await statusOf(server.managementUrl, '/api/lifecycle/healthcheck')).toBe(404);
    expect(await statusOf(server.baseUrl, '/api/lifecycle/healthcheck')).toBe(200);
  });
});
