import { SCHEMA } from '../src/schema.ts';
import { Database } from '../src/database/database.ts';
import { SERVICE_ID, startServer, type TestServer } from './support/server.ts';

describe('the health of a server', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startServer();
  });

  afterAll(() => server.close());

  const ask = async (path: string) => {
    const { status, text } = await server.send({ method: 'GET', path, headers: {} });
    return { status, body: text };
  };
  const askJson = async (path: string) => {
    const { status, body } = await ask(path);
    return { status, body: JSON.parse(body) as unknown };
  };
  const execute = (sql: string) => server.app.get(Database).write({ sql, values: [] });

  const BEHIND = 'UPDATE schema_migration SET version = 0';

  afterEach(async () => {
    await execute('DELETE FROM schema_migration WHERE version = 1000');
    await execute(`UPDATE schema_migration SET version = ${SCHEMA.version}`);
    await execute("DELETE FROM encryption_key WHERE key_id = 'another1'");
  });

  it('is that of a live and ready one, to anybody', async () => {
    expect(await askJson('/health/live')).toEqual({ status: 200, body: { status: 'ok' } });
    expect(await askJson('/health/ready')).toEqual({ status: 200, body: { status: 'ok' } });
    expect((await server.send({ method: 'HEAD', path: '/health/ready', headers: {} })).status).toBe(200);
  });

  it('is told to nobody else: no cache keeps it', async () => {
    const { headers } = await server.send({ method: 'GET', path: '/health/ready', headers: {} });

    expect(headers['cache-control']).toBe('no-store');
  });

  it('is not ready on a schema that is behind, and says so', async () => {
    await execute(BEHIND);

    expect(await askJson('/health/ready')).toEqual({
      status: 503,
      body: {
        status: 'unavailable',
        reasons: {
          schema: expect.stringMatching(/^The schema has version 0; this server needs version \d+\.$/) as unknown,
        },
      },
    });
    expect((await ask('/health/live')).status).toBe(200);
  });

  it('is ready on the schema of a newer server that replaces it', async () => {
    await execute('INSERT INTO schema_migration (version, applied_at) VALUES (1000, 0)');

    expect((await ask('/health/ready')).status).toBe(200);
  });

  it('is not ready without the key of secrets in the store, and names no key', async () => {
    await execute("INSERT INTO encryption_key (key_id, created_at) VALUES ('another1', 0)");

    const { status, body } = await ask('/health/ready');

    expect(status).toBe(503);
    expect(JSON.parse(body)).toEqual({
      status: 'unavailable',
      reasons: { encryptionKey: expect.stringContaining('ENCRYPTION_KEY') as unknown },
    });
    expect(body).not.toContain('another1');
  });

  it('is not ready on a store that fails, and ready again when it does not', async () => {
    await execute('ALTER TABLE encryption_key RENAME TO encryption_key_away');
    const failing = await askJson('/health/ready');
    await execute('ALTER TABLE encryption_key_away RENAME TO encryption_key');

    expect(failing).toEqual({
      status: 503,
      body: { status: 'unavailable', reasons: { store: 'The store cannot respond.' } },
    });
    expect((await ask('/health/ready')).status).toBe(200);
  });

  describe('Authlete: GET /api/lifecycle/healthcheck', () => {
    it('is OK in plain text, without an API access token', async () => {
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
      expect(await ask('/api/lifecycle/healthcheck?extended=true')).toEqual({ status: 200, body: 'OK' });
    });

    it('is 500 when the server is not ready, with the reasons only where they are asked for', async () => {
      await execute(BEHIND);

      expect(await ask('/api/lifecycle/healthcheck')).toEqual({ status: 500, body: 'NG' });
      expect(await ask('/api/lifecycle/healthcheck?extended=true')).toEqual({
        status: 500,
        body: expect.stringMatching(/^NG\nThe schema has version 0;/) as unknown,
      });
    });

    it.each([`/api/${SERVICE_ID}/service/get`, '/api/lifecycle/healthcheck/', '/api/lifecycle/other'])(
      'opens no other path: %s',
      async (path) => {
        expect([401, 404]).toContain((await ask(path)).status);
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

  it.each(PATHS)('has %s there, and not on the port of its callers', async (path) => {
    expect(server.managementUrl).not.toBe(server.baseUrl);
    expect(await statusOf(server.managementUrl, path)).toBe(200);
    expect(await statusOf(server.baseUrl, path)).toBe(404);
  });

  it('has nothing else there', async () => {
    expect(await statusOf(server.managementUrl, `/api/${SERVICE_ID}/service/get`)).toBe(404);
    expect(await statusOf(server.managementUrl, '/api/lifecycle/healthcheck')).toBe(404);
    expect(await statusOf(server.baseUrl, '/api/lifecycle/healthcheck')).toBe(200);
  });
});
