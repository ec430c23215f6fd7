import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { postgresUrl } from './support/engine.ts';
import { createDatabase } from './support/postgres.ts';
import { startServer, type Answer, type Operation, type Registered, type TestServer } from './support/server.ts';
import { TcpProxy } from './support/tcp-proxy.ts';

const OPERATIONS: readonly Operation[] = ['register', 'get', 'update', 'delete'];

describe('a server on PostgreSQL', () => {
  let proxy: TcpProxy;
  let server: TestServer;
  let registered: Registered;
  let url: string;
  let drop: () => Promise<void>;

  beforeEach(async () => {
    ({ url, drop } = await createDatabase(postgresUrl()));
    proxy = await TcpProxy.before(url);
    const ENCRYPTION_KEY = randomBytes(32).toString('base64url');
    server = await startServer({ DATABASE_URL: proxy.url, AUTO_MIGRATE: 'true', ENCRYPTION_KEY });
    registered = await server.register();
  });

  afterEach(async () => {
    await server.close();
    await proxy.close();
    await drop();
  });

  const call = (operation: Operation): Promise<Answer> => {
    const { clientId, token } = registered;
    return server.call(operation, { clientId, token, json: JSON.stringify({ client_id: String(clientId) }) });
  };

  /** The client application also gets a server error, never an error about its credentials. */
  const expectUnavailable = ({ status, headers, body, content }: Answer, resultCode = 'A001102'): void => {
    expect({ status, resultCode: body.resultCode, action: body.action }).toEqual({
      status: 503,
      resultCode,
      action: 'INTERNAL_SERVER_ERROR',
    });
    // A program must not repeat a change by itself that may have been made.
    expect(headers.get('retry-after')).toBe(resultCode === 'A001103' ? null : '1');
    expect(content.error).toBe('server_error');
  };

  it('returns 503 for every call while PostgreSQL is unreachable, and recovers afterwards', async () => {
    const { listen } = await proxy.refuse();

    for (const response of await Promise.all(OPERATIONS.map(call))) expectUnavailable(response);
    await listen();

    expect((await server.get(registered)).content).toEqual(registered.information);
    expect(await server.storedClients()).toHaveLength(1);
  });

  it('returns 503 for every call after one attempt while PostgreSQL is frozen, and recovers afterwards', async () => {
    const calls = [...OPERATIONS, ...OPERATIONS];
    const before = proxy.accepted;
    proxy.silence();

    for (const response of await Promise.all(calls.map(call))) expectUnavailable(response);
    // Retries would have opened twice as many connections. The server's own work may open some, too.
    expect(proxy.accepted - before).toBeLessThan(2 * calls.length);
    proxy.cut();

    expect((await server.get(registered)).content).toEqual(registered.information);
    expect(await server.storedClients()).toHaveLength(1);
  });

  it('stops while PostgreSQL is frozen', async () => {
    proxy.silence();

    await expect(server.app.close()).resolves.toBeUndefined();
  });

  it('reports an unknown outcome if the connection is lost during a change, which may still succeed', async () => {
    const blocker = new pg.Client({ connectionString: url });
    const observer = new pg.Client({ connectionString: url });
    await Promise.all([blocker.connect(), observer.connect()]);
    await blocker.query('BEGIN');
    await blocker.query('SELECT 1 FROM client WHERE client_id = $1 FOR UPDATE', [registered.clientId]);
    const waiting = async () => {
      const { rowCount } = await observer.query(
        `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return rowCount ?? 0;
    };
    const change = call('update');
    while ((await waiting()) === 0);
    proxy.cut();

    expectUnavailable(await change, 'A001103');
    await blocker.query('ROLLBACK');
    while ((await waiting()) > 0);
    await Promise.all([blocker.end(), observer.end()]);
    // The change succeeds in this case, because PostgreSQL has received the whole statement.
    expect(await server.stored(registered.clientId)).toMatchObject({ version: 2 });
  });
});
