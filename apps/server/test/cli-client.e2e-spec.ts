import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@clientele/client';
import { commandAlone, command, startCommand, type Environment } from './support/command.ts';
import { FakeClientApi } from './support/fake-client-api.ts';
import { ACCESS_TOKEN, SERVICE_ID, startServer, type TestServer } from './support/server.ts';

describe('clientele client', () => {
  const folder = mkdtempSync(join(tmpdir(), 'clientele-client-'));
  let server: TestServer;
  let environment: Environment;

  beforeAll(async () => {
    server = await startServer();
    environment = { CLIENTELE_URL: `${server.baseUrl}/api/${SERVICE_ID}`, CLIENTELE_TOKEN: ACCESS_TOKEN };
  });

  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await server.close();
  });

  const client = (...words: string[]) => command(environment, 'client', ...words);
  const json = async <T>(...words: string[]): Promise<T> => {
    const { code, stdout, stderr } = await client(...words, '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return JSON.parse(stdout) as T;
  };

  it('creates, shows, locks, unlocks and deletes a client', async () => {
    const { clientId, clientSecret } = await json<Client>(
      ...['create', '--name', 'Web App', '--redirect-uri', 'https://a.example/cb', 'https://b.example/cb'],
    );
    const id = String(clientId);

    const { clientSecret: hidden, ...shown } = await json<Client>('get', id);
    expect(hidden).toBeUndefined();
    expect(shown).toMatchObject({ redirectUris: ['https://a.example/cb', 'https://b.example/cb'], locked: false });
    expect(await json('get', id, '--secret')).toMatchObject({ clientSecret });
    expect((await client('get', id)).stdout).toMatch(/^clientName +Web App$/m);
    expect((await client('lock', id)).stdout).toBe(`The client ${id} is locked.\n`);
    expect(await client('lock', id)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('[A293203]') as unknown,
    });
    expect(await json('get', id)).toMatchObject({ locked: true });
    expect(await client('unlock', id)).toMatchObject({ code: 0 });
    expect(await client('delete', id)).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') as unknown });
    expect(await json('delete', id, '--yes')).toEqual({ deleted: id });
    expect(await client('get', id)).toMatchObject({ code: 1, stderr: expect.stringContaining('[A001218]') as unknown });
  });

  it('creates a client under a client_id from a file, once', async () => {
    const file = join(folder, 'client.yaml');
    writeFileSync(file, 'clientName: From a file\ntokenAuthMethod: NONE\nredirectUris: [https://app.example/cb]\n');

    expect(await client('create', '-f', file, '--id', 'my-app')).toMatchObject({
      code: 0,
      stdout: 'client_id  my-app\n',
    });
    expect(await json('get', 'my-app')).toMatchObject({ canonicalClientId: 'my-app', clientType: 'PUBLIC' });
    expect(await client('create', '-f', file, '--id', 'my-app')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('[A001108]') as unknown,
    });
  });

  it.each<[Partial<Record<string, string>>, readonly string[], string | RegExp]>([
    [{ CLIENTELE_URL: '' }, [], /CLIENTELE_URL is not set.*api\/<serviceId>/],
    [{ CLIENTELE_URL: 'ftp://x' }, [], 'CLIENTELE_URL is no http or https URL'],
    [{ CLIENTELE_URL: 'http://127.0.0.1:1' }, [], /The service is missing.*--service <serviceId>/],
    [{ CLIENTELE_URL: 'http://127.0.0.1:1/api/5' }, ['--service', '6'], 'names the service 5, but the service 6'],
    [{ CLIENTELE_TOKEN: '' }, [], /CLIENTELE_TOKEN is not set.*clientele token create --service \d+/],
    [{ CLIENTELE_TOKEN: 'canary wrong' }, [], 'CLIENTELE_TOKEN is not an API access token'],
    [{ CLIENTELE_TOKEN: 'canary-wrong' }, [], '[A'],
    [{ CLIENTELE_URL: 'http://127.0.0.1:1' }, ['--service', '5'], 'connection to http://127.0.0.1:1 failed: '],
  ])('says what is wrong with the settings %j', async (changes, words, problem) => {
    const settings = { ...environment, ...changes } as Environment;
    const { code, stderr } = await command(settings, 'client', 'get', '1', ...words);
    expect(code).toBe(1);
    expect(stderr).toMatch(typeof problem === 'string' ? new RegExp(problem.replace(/[[\].*+?]/g, '\\$&')) : problem);
    expect(stderr).not.toContain('canary');
  });

  describe('with many clients', () => {
    let api: FakeClientApi;
    let settings: Environment;

    beforeEach(async () => {
      api = new FakeClientApi();
      settings = { CLIENTELE_URL: await api.listen(), CLIENTELE_SERVICE: '1', CLIENTELE_TOKEN: 't' };
      for (const id of ['a', 'b', 'c']) api.put(id, { clientName: `App ${id}\n` });
    });

    afterEach(() => api.close());

    it('lists them page by page, as a table or one JSON document per line', async () => {
      const { stdout } = await command(
        settings,
        'client',
        'list',
        '--source',
        'static',
        '--unlocked',
        '--type',
        'public',
      );
      expect(stdout.split('\n').map((line) => line.split(/ {2,}/)[0])).toEqual(['CLIENT_ID', 'a', 'b', 'c', '']);
      expect(stdout).toMatch(/^c +App c\ufffd +confidential +static +2027-01-15T08:00:00Z +2027-01-15T08:00:00Z$/m);
      expect(api.calls[0]).toBe('GET get/list?limit=1000&source=static&clientType=PUBLIC&locked=false');
      const lines = await command(settings, 'client', 'list', '--limit', '2', '--json');
      expect(
        lines.stdout
          .trimEnd()
          .split('\n')
          .map((line) => (JSON.parse(line) as Client).canonicalClientId),
      ).toEqual(['a', 'b']);
    });

    it('finds each client once', async () => {
      api.put('App a', { clientName: 'Other' });
      api.put('App', { clientName: 'App with the shortest identifier' });
      const { stdout } = await command(settings, 'client', 'find', 'App', '--json');
      const found = stdout
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as Client).canonicalClientId);
      expect(found).toEqual(['App', 'a', 'b', 'c']);
      expect(await command(settings, 'client', 'find', 'none')).toMatchObject({
        code: 0,
        stdout: '',
        stderr: 'There is no such client.\n',
      });
    });

    it('changes single properties', async () => {
      const words = ['client', 'update', 'a', '--set', 'clientName=New name', 'redirectUris=["https://a.example/cb"]'];
      expect(await command(settings, ...words)).toMatchObject({ code: 0 });
      expect(api.calls).toEqual(['PATCH update/a']);
      expect(api.clients.get('a')!.properties).toEqual({
        clientName: 'New name',
        redirectUris: ['https://a.example/cb'],
      });
      expect(await commandAlone(settings, 'client', 'update', 'a')).toMatchObject({ code: 2 });
      expect(await commandAlone(settings, 'client', 'update', 'a', '--set', 'b')).toMatchObject({ code: 2 });
    });

    it('prints a generated secret alone, and never a given or a previous one', async () => {
      const refreshed = await command(settings, 'client', 'secret', 'refresh', 'a', '--overlap', '1h');
      expect(refreshed).toEqual({
        code: 0,
        stdout: `${'n'.repeat(43)}\n`,
        stderr: 'The previous secrets are valid until 2027-01-15T08:00:00.000Z.\nThe new secret does not expire.\n',
      });
      const set = startCommand(settings, 'client', 'secret', 'set', 'a', '--stdin', '--json');
      set.stdin.end('given-secret\n');
      expect(await set.outcome).toMatchObject({ code: 0, stdout: '{"expiresAt":0}\n' });
    });
  });
});
