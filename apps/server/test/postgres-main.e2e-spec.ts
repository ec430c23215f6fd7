import pg from 'pg';
import { SCHEMA } from '../src/schema.ts';
import { PostgresDatabase } from '../src/database/postgres-database.ts';
import { postgresUrl } from './support/engine.ts';
import { createDatabase } from './support/postgres.ts';
import { ServerProcess } from './support/server-process.ts';
import { TcpProxy } from './support/tcp-proxy.ts';

const KEY = 'A'.repeat(43);

describe('a server process on PostgreSQL', () => {
  let url: string;
  let drop: () => Promise<void>;
  const started: ServerProcess[] = [];

  beforeEach(async () => {
    ({ url, drop } = await createDatabase(postgresUrl()));
  });

  afterEach(async () => {
    await Promise.all(started.splice(0).map((server) => server.stop('SIGKILL')));
    await drop();
  });

  const start = (settings: Record<string, string> = {}): ServerProcess => {
    const server = new ServerProcess({ DATABASE_URL: url, ENCRYPTION_KEY: KEY, ...settings });
    started.push(server);
    return server;
  };

  const query = async (sql: string): Promise<readonly unknown[]> => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query<Record<string, unknown>>(sql);
    await client.end();
    return rows;
  };

  const migrate = async (): Promise<void> => {
    const database = await PostgresDatabase.open({ url, connections: 1 });
    await SCHEMA.migrate(database);
    await database.close();
  };

  const expectRefusal = async (server: ServerProcess, reason: string | RegExp): Promise<void> => {
    expect(await server.ended).toEqual({ code: 1, signal: null });
    expect(server.stderr).toMatch(/^Clientele cannot start\.\n/);
    expect(server.stderr).toMatch(reason);
    expect(server.stderr).not.toMatch(/^\s+at /m);
    expect(server.stdout).not.toContain('listening');
  };

  it('never logs the password or the key while PostgreSQL stops and starts, even at level trace', async () => {
    const user = `canary_user_${Date.now()}`;
    await query(`CREATE USER ${user} SUPERUSER PASSWORD 'canary-password'`);
    const proxy = await TcpProxy.before(url);
    const withPassword = new URL(proxy.url);
    Object.assign(withPassword, { username: user, password: 'canary-password' });
    try {
      const server = start({ DATABASE_URL: withPassword.href, AUTO_MIGRATE: 'true', LOG_LEVEL: 'trace' });
      const baseUrl = await server.listening();
      const { listen } = await proxy.refuse();
      const ready = await fetch(`${baseUrl}/health/ready`);
      const failed = await fetch(`${baseUrl}/connect/1/register/1`);
      const texts = [await ready.text(), await failed.text(), await (await fetch(`${baseUrl}/metrics`)).text()];
      await listen();
      expect([ready.status, failed.status]).toEqual([503, 503]);
      await server.stop();

      for (const text of [...texts, server.stdout, server.stderr]) {
        expect(text).not.toContain('canary-password');
        expect(text).not.toContain(KEY);
      }
    } finally {
      await proxy.close();
      await query(`DROP OWNED BY ${user} CASCADE; DROP USER ${user}`);
    }
  });

  const NEWEST = SCHEMA.migrations.length;

  describe('refuses to start, and changes nothing', () => {
    it('on a database without a schema', async () => {
      await expectRefusal(
        start(),
        `The database has no schema yet, and this server needs version ${NEWEST}. Run 'clientele migrate up', or set AUTO_MIGRATE=true.`,
      );
      expect(await query("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace")).toEqual([]);
    });

    it('on a newer schema, even with AUTO_MIGRATE', async () => {
      await migrate();
      await query('INSERT INTO schema_migration (version, applied_at) VALUES (999, 0)');

      await expectRefusal(start({ AUTO_MIGRATE: 'true' }), 'The database has schema version 999');
    });

    it('without ENCRYPTION_KEY', async () => {
      await expectRefusal(start({ ENCRYPTION_KEY: '', AUTO_MIGRATE: 'true' }), 'ENCRYPTION_KEY must be set');
      expect(await query("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace")).toEqual([]);
    });

    it('with another ENCRYPTION_KEY', async () => {
      const first = start({ AUTO_MIGRATE: 'true' });
      await first.listening();
      await first.stop();
      const before = await query('SELECT * FROM encryption_key');

      await expectRefusal(start({ ENCRYPTION_KEY: 'B'.repeat(43) }), /encrypted with the key [\w-]{8}/);
      expect(await query('SELECT * FROM encryption_key')).toEqual(before);
    });

    it('if PostgreSQL is unreachable, and names the cause', async () => {
      await expectRefusal(
        start({ DATABASE_URL: 'postgres://clientele:a-password@127.0.0.1:1/clientele' }),
        /PostgreSQL cannot be reached at 127\.0\.0\.1:1\./,
      );
      expect(started[0]?.stderr).not.toContain('a-password');
    });

    it('if the database does not exist, and names the cause', async () => {
      await expectRefusal(
        start({ DATABASE_URL: `${url}_missing` }),
        /The database in DATABASE_URL does not exist\. Create it/,
      );
    });
  });

  it('migrates if AUTO_MIGRATE is true', async () => {
    await start({ AUTO_MIGRATE: 'true' }).listening();

    expect(await query('SELECT max(version)::int AS version FROM schema_migration')).toEqual([{ version: NEWEST }]);
  });

  it('starts without AUTO_MIGRATE if there is nothing to migrate', async () => {
    await migrate();

    await expect(start().listening()).resolves.toMatch(/^http:/);
  });

  it('creates one service if several processes start concurrently on an empty database', async () => {
    const servers = Array.from({ length: 3 }, () => start({ AUTO_MIGRATE: 'true' }));

    await Promise.all(servers.map((server) => server.listening()));

    expect(await query('SELECT count(*)::int AS services FROM service')).toEqual([{ services: 1 }]);
    expect(await query('SELECT count(*)::int AS tokens FROM api_access_token')).toEqual([{ tokens: 1 }]);
    await Promise.all(servers.map((server) => server.stop()));
    expect(servers.filter(({ stdout }) => stdout.includes('Welcome to Clientele'))).toHaveLength(1);
  });
});
