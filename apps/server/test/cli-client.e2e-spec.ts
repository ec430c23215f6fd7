import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@clientele/client';
import { ADMINISTERED } from './support/administered.ts';
import { logOf } from './support/audit.ts';
import { at, CLIENT, clientCallsOf, fresh } from './support/client-calls.ts';
import { command, commandAlone, startCommand, type Environment } from './support/command.ts';
import { ACCESS_TOKEN, SERVICE_ID, startServer, type TestServer } from './support/server.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

describe('clientele client', () => {
  const folder = temporaryFolder();
  let server: TestServer;
  let environment: Environment;

  beforeAll(async () => {
    server = await startServer();
    environment = { CLIENTELE_URL: `${server.baseUrl}/api/${SERVICE_ID}`, CLIENTELE_TOKEN: ACCESS_TOKEN };
  });

  afterAll(() => server.close());

  const { call, put, get } = clientCallsOf(() => server);
  const client = (...words: string[]) => command(environment, 'client', ...words);
  const json = async <T>(...words: string[]): Promise<T> => {
    const { code, stdout, stderr } = await client(...words, '--json');
    if (code !== 0) throw new Error(stderr);
    return JSON.parse(stdout) as T;
  };
  const failing = (code: number, problem: string) => ({
    code,
    stdout: '',
    stderr: expect.stringContaining(problem) as string,
  });
  /** The actions in the log about a client. */
  const actions = async (clientId: number) =>
    (await logOf(server).entries())
      .filter(({ subject }) => subject.id === String(clientId))
      .map(({ action }) => action.replace(/^.*\./, ''));

  it('creates, shows, locks, unlocks and deletes a client', async () => {
    const { clientId, clientSecret } = await json<Client>(
      ...['create', '--name', 'Web App', '--redirect-uri', 'https://a.example/cb', 'https://b.example/cb'],
    );
    const id = String(clientId);

    const { clientSecret: hidden, ...shown } = await json<Client>('get', id);
    expect(hidden).toBeUndefined();
    expect(shown).toMatchObject({ redirectUris: ['https://a.example/cb', 'https://b.example/cb'], locked: false });
    expect((await client('get', id)).stdout).toMatch(/^clientName +Web App$/m);
    expect((await client('lock', id)).stdout).toBe(`The client ${id} is locked.\n`);
    expect(await client('lock', id)).toEqual(failing(1, '[A293203]'));
    expect(await json('get', id)).toMatchObject({ locked: true });
    expect(await client('unlock', id)).toMatchObject({ code: 0 });
    expect(await client('delete', id)).toEqual(failing(2, '--yes'));
    expect(await actions(clientId)).toEqual(['created', 'updated', 'updated']);
    expect(await json('get', id, '--secret')).toMatchObject({ clientSecret });
    expect(await actions(clientId)).toEqual(['created', 'updated', 'updated', 'read']);
    expect(await json('delete', id, '--yes')).toEqual({ deleted: id });
    expect(await client('get', id)).toEqual(
      failing(1, `No client of the service has the number, client_id or alias "${id}"`),
    );
    expect(await client('get', id, '--secret')).toEqual(failing(1, '[A001218]'));
    expect(await client('delete', id, '--yes')).toEqual(failing(1, '[A001218]'));
  });

  it('shows and deletes an expired client by its alias', async () => {
    const [id, alias] = [fresh(), fresh('alias-')];
    const { clientId } = (await put(id, { ...CLIENT, clientIdAlias: alias, expiresAt: 1_800_000_000_000 })).body;
    await server.amend(clientId, { administration: { expiresAt: 1_000 } });

    expect(await json('get', alias)).toMatchObject({ canonicalClientId: id, expiresAt: 1_000 });
    expect(await json('delete', alias, '--yes')).toEqual({ deleted: alias });
    expect(await server.stored(clientId)).toBeUndefined();
  });

  it('creates a client under a client_id from a file, once', async () => {
    const file = join(folder.path, 'client.yaml');
    writeFileSync(file, 'clientName: From a file\ntokenAuthMethod: NONE\nredirectUris: [https://app.example/cb]\n');

    expect(await client('create', '-f', file, '--id', 'my-app')).toEqual({
      code: 0,
      stdout: 'client_id  my-app\n',
      stderr: '',
    });
    expect(await json('get', 'my-app')).toMatchObject({ canonicalClientId: 'my-app', clientType: 'PUBLIC' });
    expect(await client('create', '-f', file, '--id', 'my-app')).toEqual(failing(1, 'my-app exists already'));
    expect(await client('create', '-f', file, '--id', '12')).toEqual(failing(2, 'Only the server gives numbers'));
    writeFileSync(file, 'clientName: Typo\nredirectUri: https://app.example/cb\n');
    for (const words of [['create'], ['update', 'my-app']])
      expect(await client(...words, '-f', file)).toEqual(failing(1, ', line 2: "redirectUri" is not a property'));
  });

  it('changes single properties, or all, and nothing if the file has what get printed', async () => {
    const id = fresh();
    const logoUri = 'https://a.example/logo';
    await put(id, { ...CLIENT, ...ADMINISTERED, clientIdAlias: fresh('alias-'), notes: 'old', logoUri });
    const words = [
      'update',
      id,
      '--set',
      'clientName=New name',
      'redirectUris=["https://a.example/cb"]',
      'logoUri=null',
    ];
    expect(await json(...words)).not.toHaveProperty('clientSecret');
    const changed = await get(id);
    expect(changed.body).toMatchObject({
      clientName: 'New name',
      redirectUris: ['https://a.example/cb'],
      notes: 'old',
    });
    expect(changed.body).not.toHaveProperty('logoUri');

    const file = join(folder.path, 'got.json');
    writeFileSync(file, (await client('get', id, '--json')).stdout);
    expect(await client('update', id, '-f', file)).toEqual({ code: 0, stdout: 'Nothing to change.\n', stderr: '' });
    expect(await get(id)).toEqual(changed);
    const { clientId } = await server.register();
    writeFileSync(file, (await client('get', String(clientId), '--json')).stdout);
    expect(await client('update', String(clientId), '-f', file)).toMatchObject({ code: 0 });
    expect(await server.stored(clientId)).toMatchObject({ version: 1 });

    writeFileSync(file, JSON.stringify({ ...CLIENT, clientName: 'Whole' }));
    const dryRun = await client('update', id, '-f', file, '--dry-run');
    expect(dryRun).toMatchObject({ code: 3, stderr: '' });
    expect(dryRun.stdout).toContain(`~ ${id}  client_name: "New name" -> "Whole"\n`);
    expect(dryRun.stdout).toMatch(/ resources: \[.*\] -> \(no limit\)\n/);
    expect(await get(id)).toEqual(changed);
    expect(await client('update', id, '-f', file)).toEqual({
      code: 0,
      stdout: `${dryRun.stdout}The client ${id} is up to date.\n`,
      stderr: '',
    });
    const { body } = await get(id);
    expect(body).toMatchObject({ ...CLIENT, clientName: 'Whole', clientSecret: changed.body.clientSecret });
    expect(body).not.toHaveProperty('notes');

    expect(await client('update', id, '--set', 'clientNam=x')).toEqual(failing(1, 'clientNam'));
    for (const number of ['1e999', '[9007199254740993]'])
      expect(await client('update', id, '--set', `defaultMaxAge=${number}`)).toEqual(
        failing(1, '--set defaultMaxAge, line 1: JSON cannot express the number exactly'),
      );
    expect(await client('update', id, '--set', '__proto__=1')).toEqual(failing(1, 'the name __proto__'));
    expect(await commandAlone(environment, 'client', 'update', id)).toEqual(failing(2, '--set'));
    expect(await commandAlone(environment, 'client', 'update', id, '--set', 'b')).toEqual(failing(2, 'property=value'));
  });

  it('refuses to change the secret or the lock of a client as its properties', async () => {
    const id = fresh();
    await put(id, CLIENT);
    const before = await get(id);
    const file = join(folder.path, 'refused.json');

    expect(await client('update', id, '--set', 'clientSecret=canary')).toEqual(failing(1, 'clientSecret'));
    for (const name of ['clientSecret', 'clientSecretHash']) {
      writeFileSync(file, `{\n"${name}": "canary" }`);
      const problem = `, line 2: remove ${name}; to set a secret, use 'clientele client secret set'.\n`;
      expect(await client('update', id, '-f', file)).toEqual(failing(1, problem));
      expect(await client('create', '-f', file)).toEqual(failing(2, '--id'));
    }
    writeFileSync(file, '{\n"locked": true }');
    expect(await client('update', id, '-f', file)).toEqual(failing(1, ", line 2: the client is not locked; use 'cli"));
    expect(await get(id)).toEqual(before);
  });

  it('shows what people look for first, and no property that is false or 0', async () => {
    const id = fresh();
    await put(id, CLIENT);
    const { stdout } = await client('get', id);
    const names = stdout.split('\n').map((line) => line.replace(/ .*$/, ''));
    expect(names.slice(0, 4)).toEqual(['client_id', 'clientName', 'locked', 'redirectUris']);
    expect(names).toContain('createdAt');
    for (const name of ['number', 'serviceNumber', 'canonicalClientId', 'dynamicallyRegistered'])
      expect(names).not.toContain(name);

    const shared = fresh();
    await put(shared, { ...CLIENT, tokenAuthMethod: 'NONE' });
    expect(await client('get', shared, '--secret')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining(shared) as string,
      stderr: expect.stringContaining('No secret is shown') as string,
    });
  });

  it('says what a lock, a manager and a cache mean for the next step', async () => {
    const id = fresh();
    await put(id, { ...CLIENT, attributes: [{ key: 'clientele.manager', value: 'web-team' }] });
    expect((await client('secret', 'refresh', id)).stderr).toContain('It is managed by web-team: change the secret');

    const { clientId } = await server.register();
    expect((await client('lock', String(clientId))).stderr).toMatch(/cache expires .*not revoked\.\n$/);
    expect((await client('token', 'refresh', String(clientId))).stderr).toContain('works after');
  });

  it('verifies a secret on standard input', async () => {
    const id = fresh();
    const { clientSecret } = (await put(id, CLIENT)).body;
    const verify = (secret: string, identifier = id) => {
      const running = startCommand(environment, 'client', 'secret', 'verify', identifier, '--stdin');
      running.stdin.end(`${secret}\n`);
      return running.outcome;
    };

    expect(await verify(clientSecret!)).toEqual({ code: 0, stdout: 'The secret is valid.\n', stderr: '' });
    expect(await verify('canary')).toEqual({ code: 1, stdout: 'The secret is not valid.\n', stderr: '' });
    expect(await verify('canary', 'unknown')).toEqual(failing(1, 'No client that can be used'));
    await client('lock', id);
    expect(await verify(clientSecret!)).toEqual(failing(1, 'locked'));
  });

  it('ends quietly if the reader of its output closes the pipe', async () => {
    const id = fresh();
    await put(id, CLIENT);
    const running = startCommand(environment, 'client', 'get', id);
    running.stdout.destroy();

    expect(await running.outcome).toMatchObject({ code: 0, stderr: '' });
  });

  it('prints a generated secret alone, and never a given or a previous one', async () => {
    const id = fresh();
    const { clientSecret: previous } = (await put(id, CLIENT)).body;
    const verify = async (clientSecret: string) =>
      ((await call('POST', at('secret/verify', id), { clientSecret })).body as { action?: string }).action;

    const { stdout, stderr } = await client('secret', 'refresh', id, '--overlap', '1h', '--lifetime', '90d');
    expect(stdout).toMatch(/^[\w-]{86}\n$/);
    expect(stderr).toMatch(
      /^The previous secrets are valid until \d{4}-\S+Z\.\nThe new secret expires at \d{4}-\S+Z\.\n$/,
    );
    expect([await verify(previous!), await verify(stdout.trim())]).toEqual(['OK', 'OK']);

    const set = startCommand(environment, 'client', 'secret', 'set', id, '--stdin');
    set.stdin.end('given-secret\n');
    expect(await set.outcome).toEqual({
      code: 0,
      stdout: '',
      stderr: 'The previous secrets are no longer valid.\nThe new secret does not expire.\n',
    });
    expect([await verify(stdout.trim()), await verify('given-secret')]).toEqual(['INVALID', 'OK']);
    expect(await json('secret', 'refresh', id)).toEqual({
      newClientSecret: expect.any(String) as string,
      expiresAt: 0,
    });
    expect(await client('secret', 'set', id)).toEqual(failing(2, '--stdin'));
  });

  it('replaces the registration access token of a client that registered itself', async () => {
    const { clientId, token } = await server.register();
    const { registrationAccessToken } = await json<{ registrationAccessToken: string }>(
      ...['token', 'refresh', String(clientId)],
    );

    expect(await server.call('get', { clientId, token })).toMatchObject({ body: { action: 'UNAUTHORIZED' } });
    expect(await server.call('get', { clientId, token: registrationAccessToken })).toMatchObject({
      body: { action: 'OK' },
    });
    const id = fresh();
    await put(id, CLIENT);
    expect(await client('token', 'refresh', id)).toEqual(failing(1, '[A215303]'));
  });

  it('says what is wrong with TLS', async () => {
    const CLIENTELE_URL = environment.CLIENTELE_URL!.replace('http:', 'https:');
    expect(await command({ ...environment, CLIENTELE_URL }, 'client', 'get', '1')).toEqual(
      failing(1, 'failed: it does not use TLS at this port. Correct the port, or use http.\n'),
    );
  });

  it.each<[Partial<Record<string, string>>, readonly string[], string | RegExp]>([
    [{ CLIENTELE_URL: '' }, [], /CLIENTELE_URL is not set.*clientele login.*api\/<serviceId>/],
    [{ CLIENTELE_URL: 'ftp://x' }, [], 'CLIENTELE_URL must be an http or https URL'],
    [
      { CLIENTELE_URL: 'http://127.0.0.1:1', CLIENTELE_SERVICE: 'x' },
      [],
      'CLIENTELE_SERVICE must be the ID of a service, but is x',
    ],
    [{ CLIENTELE_URL: 'http://127.0.0.1:1' }, [], /The service is missing.*--service <serviceId>/],
    [
      { CLIENTELE_URL: 'http://127.0.0.1:1/api/5' },
      ['--service', '6'],
      'names the service 5, but --service or CLIENTELE_SERVICE names 6',
    ],
    [{ CLIENTELE_TOKEN: '' }, [], /CLIENTELE_TOKEN is not set.*clientele login.*clientele token recover/],
    [{ CLIENTELE_TOKEN: 'canary wrong' }, [], 'CLIENTELE_TOKEN is not an API access token'],
    [{ CLIENTELE_TOKEN: 'canary-wrong' }, [], /\[A172101\].* the service \d+ at http.*CLIENTELE_TOKEN.* unset it/],
    [{ CLIENTELE_URL: 'http://127.0.0.1:1' }, ['--service', '5'], 'connection to http://127.0.0.1:1 failed: '],
  ])('says what is wrong with the settings %j', async (changes, words, problem) => {
    const settings = { ...environment, ...changes } as Environment;
    const { code, stderr } = await command(settings, 'client', 'get', '1', ...words);
    expect(code).toBe(1);
    expect(stderr).toMatch(typeof problem === 'string' ? new RegExp(problem.replace(/[[\].*+?]/g, '\\$&')) : problem);
    expect(stderr).not.toContain('canary');
  });
});
