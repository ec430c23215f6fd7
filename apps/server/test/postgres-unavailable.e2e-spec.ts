import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { postgresUrl } from './support/engine.ts';
import { createDatabase } from './support/postgres.ts';
import { startServer, type Answer, type Operation, type Registered, type TestServer } from './support/server.ts';
import { TcpProxy } from './support/tcp-proxy.ts';

const OPERATIONS: readonly Operation[] = ['register', 'get', 'update', 'delete'];

describe('a server whose PostgreSQL', () => {
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

  /** For the client application too it is a failure of the server; never that its credentials were wrong. */
  const expectUnavailable = ({ status, headers, body, content }: Answer, resultCode = 'A001102'): void => {
    expect({ status, resultCode: body.resultCode, action: body.action }).toEqual({
      status: 503,
      resultCode,
      action: 'INTERNAL_SERVER_ERROR',
    });
    expect(headers.get('retry-after')).toBe('1');
    expect(content.error).toBe('server_error');
  };

  it('cannot be reached answers every call with 503, and goes on by itself when it can be', async () => {
    const { listen } = await proxy.refuse();

    for (const answer of await Promise.all(OPERATIONS.map(call))) expectUnavailable(answer);
    await listen();

    expect((await server.get(registered)).content).toEqual(registered.information);
    expect(await server.storedClients()).toHaveLength(1);
  });

  it('is frozen answers every call with 503 after one attempt, and goes on by itself when it answers', async () => {
    const calls = [...OPERATIONS, ...OPERATIONS];
    const before = proxy.accepted;
    proxy.silence();

    for (const answer of await Promise.all(calls.map(call))) expectUnavailable(answer);
    // Each has waited for a connection or for an answer, which takes its time; none has begun anew.
    expect(proxy.accepted - before).toBeLessThanOrEqual(calls.length);
    proxy.cut();

    expect((await server.get(registered)).content).toEqual(registered.information);
    expect(await server.storedClients()).toHaveLength(1);
  });

  it('is frozen does not keep it from stopping', async () => {
    proxy.silence();

    await expect(server.app.close()).resolves.toBeUndefined();
  });

  it('is gone while it makes a change says that the outcome is unknown, and another call shows what it is', async () => {
    const other = new pg.Client({ connectionString: url });
    const observer = new pg.Client({ connectionString: url });
    await Promise.all([other.connect(), observer.connect()]);
    await other.query('BEGIN');
    await other.query('SELECT 1 FROM client WHERE client_id = $1 FOR UPDATE', [registered.clientId]);
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
    await other.query('ROLLBACK');
    while ((await waiting()) > 0);
    await Promise.all([other.end(), observer.end()]);
    // It was made in this case: PostgreSQL had it all.
    expect(await server.stored(registered.clientId)).toMatchObject({ version: 2 });
  });
});
