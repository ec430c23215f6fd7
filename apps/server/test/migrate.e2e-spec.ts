import { SCHEMA } from '../src/schema.ts';
import { command, engineOfTests, inStore, newKeptStore, type Environment } from './support/command.ts';
import { ServerProcess } from './support/server-process.ts';
import type { NewStore } from './support/engine.ts';

const NEWEST = SCHEMA.migrations.at(-1)!.version;
const VERSIONS = SCHEMA.migrations.map(({ version }) => version);

describe('clientele migrate', () => {
  let store: NewStore;
  let environment: Environment;
  const servers: ServerProcess[] = [];

  beforeEach(async () => {
    store = await newKeptStore();
    ({ environment } = store);
  });

  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.stop('SIGKILL')));
    await store.drop();
  });

  const serve = async (): Promise<void> => {
    const server = new ServerProcess(environment);
    servers.push(server);
    await server.listening();
  };

  it('status exits with code 3 if versions are pending, and changes nothing', async () => {
    const { code, stdout, stderr } = await command(environment, 'migrate', 'status');

    expect(code).toBe(3);
    expect(stdout).toContain(`version 1  pending: ${SCHEMA.migrations[0]!.name}\n`);
    expect(stdout).toMatch(/Run 'clientele migrate up'\.\n$/);
    expect(stderr).toBe('');
    expect((await command(environment, 'migrate', 'status')).code).toBe(3);
  });

  it('up applies and prints all pending versions; status then exits with code 0', async () => {
    const up = await command(environment, 'migrate', 'up');
    expect(up).toMatchObject({ code: 0, stderr: '' });
    for (const { version, name } of SCHEMA.migrations)
      expect(up.stdout).toMatch(new RegExp(`^version ${version}  applied: ${name} \\(\\d+ ms\\)$`, 'm'));

    const status = await command(environment, 'migrate', 'status');
    expect(status.code).toBe(0);
    for (const version of VERSIONS)
      expect(status.stdout).toMatch(new RegExp(`^version ${version}  applied \\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z$`, 'm'));
    expect(await command(environment, 'migrate', 'up')).toMatchObject({
      code: 0,
      stdout: 'The schema was up to date.\n',
    });
  });

  it('plan prints the SQL statements of all pending versions, and changes nothing', async () => {
    const plan = await command(environment, 'migrate', 'plan');

    expect(plan.code).toBe(0);
    expect(plan.stdout).toMatch(/^BEGIN;\n[^]*\nCOMMIT;\n$/);
    for (const { version, name, steps } of SCHEMA.migrations) {
      expect(plan.stdout).toContain(`-- version ${version}: ${name}\n`);
      for (const step of steps) expect(plan.stdout).toContain(`${step};`);
    }
    expect((await command(environment, 'migrate', 'status')).code).toBe(3);
    await command(environment, 'migrate', 'up');
    expect((await command(environment, 'migrate', 'plan')).stdout).toBe('-- The schema is up to date.\n');
  });

  it('prints one line of JSON with --json', async () => {
    const json = async (action: string): Promise<unknown> => {
      const { stdout } = await command(environment, 'migrate', action, '--json');
      expect(stdout).toMatch(/^[^\n]+\n$/);
      return JSON.parse(stdout) as unknown;
    };
    const pending = SCHEMA.migrations.map(({ version, name }) => ({ version, name }));

    expect(await json('status')).toEqual({ applied: [], pending });
    expect(await json('plan')).toMatchObject({ migrations: pending });
    expect(await json('up')).toEqual({ applied: pending });
    expect(await json('status')).toMatchObject({ applied: VERSIONS.map((version) => ({ version })), pending: [] });
    expect(await json('up')).toEqual({ applied: [] });
  });

  it('status and plan work while a server runs; up fails if the store is embedded', async () => {
    await command(environment, 'migrate', 'up');
    await serve();

    expect((await command(environment, 'migrate', 'status')).code).toBe(0);
    expect((await command(environment, 'migrate', 'plan')).code).toBe(0);
    const up = await command(environment, 'migrate', 'up');
    if (engineOfTests() === 'sqlite') {
      expect(up.code).toBe(1);
      expect(up.stderr).toMatch(/^clientele: \S+clientele\.db is in use by a running server, [^\n]*\n$/);
    } else {
      expect(up).toMatchObject({ code: 0, stdout: 'The schema was up to date.\n' });
    }
  });

  it.each(['status', 'plan', 'up'])('%s rejects a schema that is newer than the server', async (action) => {
    await command(environment, 'migrate', 'up');
    await inStore(environment, 'INSERT INTO schema_migration (version, applied_at) VALUES (99, 0)');

    expect(await command(environment, 'migrate', action)).toEqual({
      code: 1,
      stdout: '',
      stderr:
        `clientele: The database has schema version 99; this server supports versions up to ${NEWEST}. ` +
        'Use a newer server.\n',
    });
  });
});
