import { writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { command, newKey, type Environment } from './support/command.ts';
import { examine, freePort } from './support/doctor.ts';
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

  /** Changes a setting of all that connects to the database from now on. */
  const set = (setting: string): Promise<void> =>
    execute(postgres.url(), `ALTER DATABASE ${new URL(url).pathname.slice(1)} SET ${setting}`);

  it('finds nothing wrong beside a server that is well', async () => {
    await command(environment, 'migrate', 'up');
    const server = new ServerProcess(environment);
    await server.listening();

    const { code, result, of } = await examine(environment);
    expect({ code, result }).toEqual({ code: 0, result: 'ok' });
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

  it('sees that migrations are pending, which a server may do by itself', async () => {
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
  ])('sees %s', async (setting, result, meaning) => {
    await command(environment, 'migrate', 'up');
    await set(setting);

    const { code, of } = await examine(environment);
    expect(code).toBe(result === 'failed' ? 1 : 0);
    expect(of('durability')).toEqual([matching(new RegExp(`^${result}: PostgreSQL has ${setting}: .*${meaning}`))]);
    await drop();
  });

  it('sees that pages can be torn, and that a crash can destroy the store', async () => {
    await execute(postgres.url(), 'ALTER SYSTEM SET full_page_writes = off');
    await execute(postgres.url(), 'SELECT pg_reload_conf()');
    const torn = await examine(environment);
    expect(torn.of('durability')).toEqual([matching(/^warning: PostgreSQL has full_page_writes = off/)]);
    await execute(postgres.url(), 'ALTER SYSTEM RESET full_page_writes');
    await drop();

    const careless = await Postgres.start();
    const { of } = await examine({ ...environment, DATABASE_URL: careless.url() });
    expect(of('durability')).toContainEqual(
      matching(/^failed: PostgreSQL has fsync = off: a crash of its machine can destroy/),
    );
    await careless.remove();
  });

  it('sees that it cannot be reached, and gives no password away', async () => {
    await drop();
    const gone = await examine({ ...environment, DATABASE_URL: url.replace('clientele@', 'clientele:canary@') });

    expect(gone.code).toBe(1);
    expect(gone.of('store')).toEqual([
      matching(
        /^failed: PostgreSQL at postgres:\/\/clientele:\[redacted\]@\S+ cannot be read: PostgreSQL cannot respond: database/,
      ),
    ]);
    expect(JSON.stringify(gone.findings)).not.toContain('canary');
  });

  it('does not wait for one that accepts connections and says nothing', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const { port } = silent.address() as AddressInfo;

    const { code, of } = await examine({ ...environment, DATABASE_URL: `postgres://clientele@127.0.0.1:${port}/x` });
    expect(code).toBe(1);
    expect(of('store')).toEqual([matching(/^failed: .* PostgreSQL cannot respond: timeout expired$/)]);
    silent.close();
    await drop();
  });

  it('sees a standby', async () => {
    await command(environment, 'migrate', 'up');
    await postgres.kill();
    writeFileSync(join(postgres.dataFolder, 'standby.signal'), '');
    await postgres.resume();

    const { code, of } = await examine(environment);
    expect(code).toBe(1);
    expect(of('durability')).toEqual([matching(/^failed: PostgreSQL is a standby/)]);
  });
});
