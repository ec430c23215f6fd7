import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  FIRST_START,
  getAnswer,
  inBatches,
  register,
  registerMany,
  update,
  type KnownClient,
} from './support/clients.ts';
import { command, inStore, newKey, type Environment } from './support/command.ts';
import { ServerProcess } from './support/server-process.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

describe('clientele backup and restore', () => {
  const folder = temporaryFolder();
  const servers: ServerProcess[] = [];

  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.stop('SIGKILL')));
  });

  const inFolder = (name: string): string => join(folder.path, name);

  const serve = async (environment: Environment): Promise<{ server: ServerProcess; baseUrl: string }> => {
    const server = new ServerProcess({ ...FIRST_START, BASE_URL: 'https://clients.example.com', ...environment });
    servers.push(server);
    return { server, baseUrl: await server.listening() };
  };

  const responsesOf = (baseUrl: string, clients: readonly KnownClient[]): Promise<string[]> =>
    inBatches(clients, (client) => getAnswer(baseUrl, client));

  it('copy a store under load: responses are the same after the restore, and the backup contains no secret', async () => {
    const environment = { DATA_DIR: inFolder('data') };
    const backup = inFolder('backup.db');
    const { baseUrl } = await serve(environment);
    const clients = await registerMany(baseUrl, 150);
    const responses = await responsesOf(baseUrl, clients);
    const changing = await register(baseUrl);

    let underLoad = true;
    const load = Array.from({ length: 4 }, async () => {
      while (underLoad) {
        await register(baseUrl);
        await update(baseUrl, changing, { client_name: `Name ${Math.random()}` }).catch(() => undefined);
      }
    });
    const backupOutcome = await command(environment, 'backup', backup);
    underLoad = false;
    await Promise.all(load);

    expect(backupOutcome.code).toBe(0);
    expect(backupOutcome.stderr).toMatch(/backup\.db: 1 service, \d+ clients, schema version \d+\.\n/);
    expect(backupOutcome.stderr).toContain(`store a copy of ${inFolder('data/encryption.key')} in another place`);
    expect(statSync(backup).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder.path).sort()).toEqual(['backup.db', 'data']);
    const bytes = readFileSync(backup);
    const key = readFileSync(inFolder('data/encryption.key'));
    for (const { token, secret } of clients) {
      expect(bytes.includes(token)).toBe(false);
      if (secret !== undefined) expect(bytes.includes(secret)).toBe(false);
    }
    expect(bytes.includes(key)).toBe(false);
    expect(bytes.includes(FIRST_START.BOOTSTRAP_ACCESS_TOKEN)).toBe(false);

    const elsewhere = { DATA_DIR: inFolder('elsewhere'), ENCRYPTION_KEY: key.toString() };
    const restored = await command(elsewhere, 'restore', backup);
    expect(restored.code).toBe(0);
    expect(await inStore(elsewhere, 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    const second = await serve(elsewhere);
    expect(await responsesOf(second.baseUrl, clients)).toEqual(responses);
    await getAnswer(second.baseUrl, changing);
  });

  describe('with a small store', () => {
    const key = newKey();
    let environment: Environment;
    let backup: string;
    let client: KnownClient;

    const actionsOfInstallation = async (): Promise<readonly string[]> => {
      const rows = await inStore(
        environment,
        'SELECT change FROM audit_pending WHERE service_id = 0 ORDER BY change_id',
      );
      return rows.map(({ change }) => (JSON.parse(String(change)) as { action: string }).action);
    };

    beforeEach(async () => {
      environment = { DATA_DIR: inFolder('data'), ENCRYPTION_KEY: key };
      backup = inFolder('backup.db');
      const { server, baseUrl } = await serve(environment);
      client = await register(baseUrl);
      expect((await command(environment, 'backup', backup)).code).toBe(0);
      await server.stop();
    });

    it('replace an existing file only with --force', async () => {
      const before = readFileSync(backup);

      expect(await command(environment, 'backup', backup)).toEqual({
        code: 1,
        stdout: '',
        stderr: `clientele: ${backup} already exists. Use --force to replace it.\n`,
      });
      expect(readFileSync(backup)).toEqual(before);
      expect(await command(environment, 'restore', backup)).toMatchObject({
        code: 1,
        stderr: `clientele: ${inFolder('data/clientele.db')} already exists. Use --force to replace it.\n`,
      });
      expect((await command(environment, 'backup', '--force', backup)).code).toBe(0);
    });

    it('restore --force restores the state of the backup, and removes the write-ahead log of a killed server', async () => {
      const { server, baseUrl } = await serve(environment);
      const later = await register(baseUrl);
      await server.stop('SIGKILL');
      expect(existsSync(inFolder('data/clientele.db-wal'))).toBe(true);

      expect((await command(environment, 'restore', '--force', backup)).code).toBe(0);
      expect(existsSync(inFolder('data/clientele.db-wal'))).toBe(false);
      const restarted = await serve(environment);
      await getAnswer(restarted.baseUrl, client);
      await expect(getAnswer(restarted.baseUrl, later)).rejects.toThrow('UNAUTHORIZED');
    });

    it('restore gives every log a new epoch, and notes the restore in the log of the installation', async () => {
      const chains = () => inStore(environment, 'SELECT service_id, epoch, sequence, mac FROM audit_chain');
      // Since the first backup, the server may have sealed changes.
      await command(environment, 'backup', '--force', backup);
      const before = await chains();

      const { stdout } = await command(environment, 'restore', '--force', '--json', backup);

      const { epoch, damaged } = JSON.parse(stdout) as { epoch: number; damaged: readonly number[] };
      expect(epoch).toBeGreaterThan(1);
      expect(damaged).toEqual([]);
      expect(await chains()).toEqual(before.map((chain) => ({ ...chain, epoch })));
      expect(readdirSync(inFolder('data')).filter((name) => name.includes('unfinished'))).toEqual([]);
      expect(await command(environment, 'audit', 'verify')).toMatchObject({ code: 0 });
      expect((await actionsOfInstallation()).at(-1)).toBe('store.restored');

      const again = JSON.parse((await command(environment, 'audit', 'new-epoch', '--json')).stdout) as object;
      expect(again).toMatchObject({ chains: before.length, damaged: [] });
      expect(again).not.toMatchObject({ epoch });
      expect(await command(environment, 'audit', 'verify')).toMatchObject({ code: 0 });
      await serve(environment);
    });

    it('restore does not seal the log again that was changed in the backup, and reports it', async () => {
      const data = inFolder('edited');
      mkdirSync(data);
      copyFileSync(backup, join(data, 'clientele.db'));
      await inStore({ DATA_DIR: data }, `UPDATE audit_chain SET clients = 5 WHERE service_id <> 0`);

      const { code, stderr } = await command(environment, 'restore', '--force', join(data, 'clientele.db'));

      expect(code).toBe(0);
      expect(stderr).toMatch(
        /The log of service \d+ was changed behind the server: run 'clientele audit verify \d+'\./,
      );
      expect(await command(environment, 'audit', 'verify')).toMatchObject({
        code: 1,
        stdout: expect.stringContaining('The end of the chain was changed.') as unknown,
      });
    });

    it('restore fails while a server uses the store', async () => {
      const { baseUrl } = await serve(environment);

      const { code, stderr } = await command(environment, 'restore', '--force', backup);
      expect(code).toBe(1);
      expect(stderr).toMatch(/^clientele: \S+ is in use by a running server[^\n]*\n$/);
      await getAnswer(baseUrl, client);
    });

    it('restore rejects files that it cannot use and backups that it cannot decrypt, and creates no store', async () => {
      const elsewhere = { DATA_DIR: inFolder('elsewhere'), ENCRYPTION_KEY: key };
      const damaged = inFolder('damaged.db');
      const bytes = readFileSync(backup);
      writeFileSync(damaged, bytes.subarray(0, bytes.length / 2));
      const other = inFolder('other.db');
      writeFileSync(other, 'A letter. '.repeat(1000));
      const newer = inFolder('clientele.db');
      copyFileSync(backup, newer);
      await inStore({ DATA_DIR: folder.path }, 'INSERT INTO schema_migration (version, applied_at) VALUES (99, 0)');
      const wrongKey = { ...elsewhere, ENCRYPTION_KEY: newKey() };
      const noKey = { DATA_DIR: inFolder('elsewhere') };

      for (const [settings, file, expected] of [
        [elsewhere, damaged, /damaged/],
        [elsewhere, other, /not a database/],
        [elsewhere, newer, /schema version 99/],
        [elsewhere, inFolder('missing.db'), /There is no file/],
        [wrongKey, backup, /encrypted with the key [\w-]{8}, which ENCRYPTION_KEY does not contain/],
        [noKey, backup, /ENCRYPTION_KEY is not set, and there is no key in/],
      ] as const) {
        const { code, stderr } = await command(settings, 'restore', file);
        expect(code).toBe(1);
        expect(stderr).toMatch(expected);
        expect(stderr).toMatch(/^clientele: [^\n]+\n$/);
      }
      expect(readdirSync(inFolder('elsewhere'))).toEqual(['clientele.db.lock']);
    });

    it.each([
      ['is empty', '', /data\/clientele\.db is an empty file/],
      ['is not a database', 'A letter. '.repeat(1000), /data\/clientele\.db is not a database/],
    ])('backup names the store and creates no file if the store %s', async (_what, content, expected) => {
      writeFileSync(inFolder('data/clientele.db'), content);

      const { code, stderr } = await command(environment, 'backup', inFolder('x.db'));
      expect(code).toBe(1);
      expect(stderr).toMatch(expected);
      expect(existsSync(inFolder('x.db'))).toBe(false);
    });

    it('backup fails and creates no file if there is no store', async () => {
      expect(await command({ DATA_DIR: inFolder('nothing') }, 'backup', inFolder('x.db'))).toMatchObject({
        code: 1,
        stderr: `clientele: There is no store at ${inFolder('nothing/clientele.db')}.\n`,
      });
      expect(existsSync(inFolder('x.db'))).toBe(false);
    });
  });

  it('fail on PostgreSQL, and name the tool to use instead', async () => {
    const environment = { DATABASE_URL: 'postgres://127.0.0.1:1/clientele' };

    for (const [words, tool] of [
      [['backup', 'x.db'], 'pg_dump --format=custom --file=x.db "$DATABASE_URL"'],
      [['restore', 'x.db'], 'pg_restore --clean --if-exists --dbname="$DATABASE_URL" x.db'],
    ] as const) {
      expect(await command(environment, ...words)).toEqual({
        code: 1,
        stdout: '',
        stderr: `clientele: This store is PostgreSQL. Use its own tool: ${tool}\n`,
      });
    }
  });
});
