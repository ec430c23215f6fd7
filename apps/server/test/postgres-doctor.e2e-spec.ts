import { writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { command, newKey, type Environment } from './support/command.ts';
import { examine } from './support/doctor.ts';
import { freePort } from './support/free-port.ts';
import { createDatabase, execute, Postgres } from './support/postgres.ts';
import { ServerProcess } from './support/server-process.ts';

describe('clientele doctor on PostgreSQL', () => {
  let postgres: Postgres;
  let url: string;
  let drop: () => Promise<void>;
  let environment: Environment;

  beforeAll(async () => {
    postgres = await Postgres.start({ durable: true });
  });

  afterAll(() => postgres.remove());

  beforeEach(async () => {
    ({ url, drop } = await createDatabase(postgres.url()));
    environment = { DATABASE_URL: url, ENCRYPTION_KEY: newKey(), PORT: String(await freePort()) };
  });

  const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);

  /** Changes a setting for new connections to the database. */
  const set = (setting: string): Promise<void> =>
    execute(postgres.url(), `ALTER DATABASE ${new URL(url).pathname.slice(1)} SET ${setting}`);

  it('reports only missing endpoints while a healthy server runs', async () => {
    await command(environment, 'migrate', 'up');
    const server = new ServerProcess(environment);
    await server.listening();

    const { code, findings, of } = await examine(environment);
    expect(code).toBe(0);
    expect(findings.filter(({ result }) => result !== 'ok')).toMatchObject([{ check: 'endpoints' }]);
    expect(of('store')).toEqual([
      matching(/^ok: PostgreSQL at postgres:\/\/clientele@127\.0\.0\.1:\d+\/\w+ can be read\.$/),
    ]);
    expect(of('durability')).toEqual([matching(/^ok: PostgreSQL \d+\S* accepts writes, and flushes commits/)]);
    expect(of('clock')).toContainEqual(
      matching(/^ok: The clock of this machine and PostgreSQL's differ by \d\.\d s\.$/),
    );
    await server.stop();
    await drop();
  });

  it('reports pending migrations as a failure, or as a warning if AUTO_MIGRATE is true', async () => {
    const behind = await examine(environment);
    expect(behind.code).toBe(1);
    expect(behind.of('schema')).toEqual([
      matching(/^failed: The schema has no version; this server needs version \d+\.$/),
    ]);

    const { code, of } = await examine({ ...environment, AUTO_MIGRATE: 'true' });
    expect(code).toBe(0);
    expect(of('schema')).toEqual([matching(/^warning: /)]);
    await drop();
  });

  it.each([
    ['synchronous_commit = off', 'failed', 'may be lost in a crash'],
    ['synchronous_commit = local', 'warning', 'may be lost when a standby takes over'],
    ['default_transaction_read_only = on', 'failed', 'nothing can be registered'],
  ])('reports the setting %s as %s', async (setting, result, meaning) => {
    await command(environment, 'migrate', 'up');
    await set(setting);

    const { code, of } = await examine(environment);
    expect(code).toBe(result === 'failed' ? 1 : 0);
    expect(of('durability')).toEqual([matching(new RegExp(`^${result}: PostgreSQL has ${setting}: .*${meaning}`))]);
    await drop();
  });

  it('reports full_page_writes = off as a warning, and fsync = off as a failure', async () => {
    await execute(postgres.url(), 'ALTER SYSTEM SET full_page_writes = off');
    await execute(postgres.url(), 'SELECT pg_reload_conf()');
    const withoutPageWrites = await examine(environment);
    expect(withoutPageWrites.of('durability')).toEqual([matching(/^warning: PostgreSQL has full_page_writes = off/)]);
    await execute(postgres.url(), 'ALTER SYSTEM RESET full_page_writes');
    await drop();

    const withoutFsync = await Postgres.start();
    const { of } = await examine({ ...environment, DATABASE_URL: withoutFsync.url() });
    expect(of('durability')).toContainEqual(
      matching(/^failed: PostgreSQL has fsync = off: a crash of its machine can destroy/),
    );
    await withoutFsync.remove();
  });

  it('reports that the database does not exist, and prints no password', async () => {
    await drop();
    const missing = await examine({ ...environment, DATABASE_URL: url.replace('clientele@', 'clientele:canary@') });

    expect(missing.code).toBe(1);
    expect(missing.of('store')).toEqual([
      matching(/^failed: PostgreSQL at postgres:\/\/clientele:\[redacted\]@\S+ cannot be read: .* does not exist\.$/),
    ]);
    expect(JSON.stringify(missing.findings)).not.toContain('canary');
  });

  it('reports a timeout if PostgreSQL accepts the connection and sends nothing', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const { port } = silent.address() as AddressInfo;

    const { code, of } = await examine({ ...environment, DATABASE_URL: `postgres://clientele@127.0.0.1:${port}/x` });
    expect(code).toBe(1);
    expect(of('store')).toEqual([matching(/^failed: .* PostgreSQL in DATABASE_URL: timeout expired\.$/)]);
    silent.close();
    await drop();
  });

  it('reports a standby as a failure', async () => {
    await command(environment, 'migrate', 'up');
    await postgres.kill();
    writeFileSync(join(postgres.dataFolder, 'standby.signal'), '');
    await postgres.resume();

    const { code, of } = await examine(environment);
    expect(code).toBe(1);
    expect(of('durability')).toEqual([matching(/^failed: PostgreSQL is a standby/)]);
  });
});
