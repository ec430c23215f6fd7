import { tokenIdOf } from '../src/access/api-access-token-store.ts';
import { hashToken } from '../src/crypto/token.ts';
import { ACCESS_TOKEN, FIRST_START, SERVICE_ID } from './support/clients.ts';
import {
  CLOCK_OF_1970,
  command,
  commandAlone,
  engineOfTests,
  inStore,
  newKeptStore,
  startCommand,
  type Environment,
  type Outcome,
} from './support/command.ts';
import type { NewStore } from './support/engine.ts';
import { ServerProcess } from './support/server-process.ts';

const ID_OF_ACCESS_TOKEN = tokenIdOf(hashToken(ACCESS_TOKEN));

const TOKEN = /^[\w-]{43}$/;

interface Created {
  readonly serviceId: number;
  readonly accessToken: { readonly id: string; readonly token: string };
}

describe('clientele service and clientele token', () => {
  const onPostgres = engineOfTests() === 'postgresql';
  const servers: ServerProcess[] = [];
  let store: NewStore;
  let environment: Environment;

  beforeEach(async () => {
    store = await newKeptStore();
    ({ environment } = store);
    await command(environment, 'migrate', 'up');
  });

  afterEach(async () => {
    await stop();
    await store.drop();
  });

  const stop = async (): Promise<void> => {
    await Promise.all(servers.splice(0).map((server) => server.stop('SIGKILL')));
  };

  const serve = async (): Promise<string> => {
    const server = new ServerProcess({ ...FIRST_START, ...environment });
    servers.push(server);
    return server.listening();
  };

  /** Runs a command that changes services or tokens. If the store is embedded, stops the server first. */
  const change = async (...words: string[]): Promise<Outcome> => {
    if (!onPostgres) await stop();
    const outcome = await command(environment, ...words);
    expect(outcome).toMatchObject({ code: 0 });
    return outcome;
  };

  const json = async <T>(...words: string[]): Promise<T> => JSON.parse((await change(...words, '--json')).stdout) as T;

  /** The HTTP statuses of a registration and of reading the settings with the token. */
  const statuses = async (baseUrl: string, token: string, serviceId: number | string = SERVICE_ID) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const service = `${baseUrl}/api/${serviceId}`;
    const registered = await fetch(`${service}/client/registration`, {
      method: 'POST',
      headers,
      body: '{"json":"{}"}',
    });
    const listed = await fetch(`${service}/initial_access_token/get/list`, { headers });
    return [registered.status, listed.status];
  };

  /** Returns the URL of the running server. If the store is embedded, starts a server first. */
  const ensureRunning = (baseUrl: string): Promise<string> => (onPostgres ? Promise.resolve(baseUrl) : serve());

  it('service create creates a service with an API access token, which is valid for this service only and stored as a hash', async () => {
    const baseUrl = await serve();

    const { code, stdout, stderr } = await change('service', 'create', '--name', 'My Service');

    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'The token is shown only once: the store contains only its hash.\n',
    });
    const [, serviceId = '', token = ''] =
      /^Service ID {8}(\d{10})\nAPI access token {2}([\w-]{43})\nRegistration {6}anybody, at http:\S+\/connect\/\1\/register\n$/.exec(
        stdout,
      ) ?? [];
    const now = await ensureRunning(baseUrl);
    expect(await statuses(now, token, serviceId)).toEqual([200, 200]);
    expect(await statuses(now, token)).toEqual([403, 403]);
    const settings = await fetch(`${now}/api/${serviceId}/service/get`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(await settings.json()).toMatchObject({
      serviceName: 'My Service',
      number: 2,
      protocolRegistration: 'OPEN',
      supportedResponseTypes: ['CODE'],
    });
    const stored = JSON.stringify(await inStore(environment, 'SELECT * FROM api_access_token'));
    expect(stored).toContain(hashToken(token));
    expect(stored).not.toContain(token);
  });

  it('service create --id uses this ID, works before the first start of a server, and rejects an existing ID', async () => {
    const created = await json<Created>('service', 'create', '--id', '21653835348762', '--registration', 'off');

    expect(created).toEqual({
      serviceId: 21653835348762,
      serviceName: 'Service 1',
      createdAt: expect.stringMatching(/Z$/) as unknown,
      modifiedAt: expect.stringMatching(/Z$/) as unknown,
      protocolRegistration: 'OFF',
      accessToken: {
        id: expect.stringMatching(/^[\da-f]{12}$/) as unknown,
        token: expect.stringMatching(TOKEN) as unknown,
        accessRights: ['ADMIN'],
      },
    });
    expect(await statuses(await serve(), created.accessToken.token, created.serviceId)).toEqual([200, 200]);
    await stop();
    expect(await command(environment, 'service', 'create', '--id', '21653835348762')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'clientele: The service 21653835348762 already exists, or is being deleted.\n',
    });
    expect(await inStore(environment, 'SELECT token_hash FROM api_access_token')).toHaveLength(1);
  });

  it('service list and token list work while a server runs, and print no token', async () => {
    const { accessToken } = await json<Created>('service', 'create', '--id', '5', '--name', 'ünï');
    await serve();
    const list = async (...words: string[]) => {
      const outcome = await command(environment, ...words);
      expect(outcome).toMatchObject({ code: 0, stderr: '' });
      expect(outcome.stdout).not.toContain(accessToken.token);
      return outcome.stdout;
    };

    expect(await list('service', 'list')).toMatch(/^5 {2}created \S+Z {2}ünï\n$/);
    expect(JSON.parse(await list('service', 'list', '--json'))).toMatchObject({
      services: [{ serviceId: 5, serviceName: 'ünï' }],
    });
    expect(await list('token', 'list')).toMatch(
      /^[\da-f]{12} {2}created \S+Z by \S+ {2}never expires {2}never used {2}service 5 {2}ADMIN\n$/,
    );
    expect(JSON.parse(await list('token', 'list', '--service', '5', '--json'))).toMatchObject({
      tokens: [
        {
          id: accessToken.id,
          serviceId: 5,
          accessRights: ['ADMIN'],
          label: null,
          createdBy: { type: 'cli' },
          expiresAt: null,
          lastUsedAt: null,
        },
      ],
    });
    expect(await command(environment, 'token', 'list', '--service', '6')).toMatchObject({
      code: 0,
      stdout: '',
      stderr: 'There is no such token.\n',
    });
  });

  it('token create prints only the token, which has the right USE_SERVICE unless other rights are given', async () => {
    const baseUrl = await serve();

    const { stdout, stderr } = await change('token', 'create', '--service', SERVICE_ID);
    const { token: tokenForAll, ...described } = await json<{ token: string }>(
      ...['token', 'create', '--all-services', '--right', 'VIEW_SERVICE', 'CREATE_CLIENT'],
    );

    const token = stdout.trimEnd();
    expect(token).toMatch(TOKEN);
    expect(stderr).toMatch(
      /^The ID of the token is [\da-f]{12}; it is for service \d+: USE_SERVICE\.\nThe token is shown/,
    );
    expect(stderr).not.toContain(token);
    const now = await ensureRunning(baseUrl);
    expect(await statuses(now, token)).toEqual([200, 403]);
    // The other token has the given rights for all services.
    expect(described).toMatchObject({ serviceId: null, accessRights: ['VIEW_SERVICE', 'CREATE_CLIENT'] });
    expect(await statuses(now, tokenForAll)).toEqual([200, 200]);
  });

  it('token recover replaces the lost tokens of administrators, and the log has it', async () => {
    const baseUrl = await serve();
    await change('token', 'revoke', ID_OF_ACCESS_TOKEN);
    const recovered = await json<{ id: string; token: string }>('token', 'recover', '--expires-in', '1h');
    const ofService = await change('token', 'recover', '--service', SERVICE_ID);

    expect(recovered).toMatchObject({ serviceId: null, accessRights: ['ADMIN'], createdBy: { type: 'cli' } });
    expect(ofService.stderr).toMatch(new RegExp(`; it is for service ${SERVICE_ID}: ADMIN\\.\nThe token is shown`));
    const now = await ensureRunning(baseUrl);
    expect(await statuses(now, ACCESS_TOKEN)).toEqual([401, 401]);
    expect(await statuses(now, recovered.token)).toEqual([200, 200]);
    expect(await statuses(now, ofService.stdout.trim())).toEqual([200, 200]);
    const { stdout } = await command(environment, 'audit', 'list', '0', '--json');
    expect(stdout).toContain(recovered.id);
    expect(stdout).not.toContain(recovered.token);
  });

  it('token revoke revokes a token by its ID or by its value, with effect on the next call', async () => {
    await json<Created>('service', 'create', '--id', SERVICE_ID);
    const create = () => json<{ id: string; token: string }>('token', 'create', '--service', SERVICE_ID);
    const [first, second, third] = [await create(), await create(), await create()];
    const baseUrl = await serve();
    for (const { token } of [first, second, third]) expect(await statuses(baseUrl, token)).toEqual([200, 403]);

    expect((await change('token', 'revoke', first.id)).stdout).toBe(
      `The token ${first.id}, for service ${SERVICE_ID}, is revoked.\n`,
    );
    const byToken = startCommand(environment, 'token', 'revoke', '--stdin');
    byToken.stdin.end(`${second.token}\n`);
    expect(await byToken.outcome).toMatchObject({ code: 0, stderr: '' });

    const now = await ensureRunning(baseUrl);
    expect(await statuses(now, first.token)).toEqual([401, 401]);
    expect(await statuses(now, second.token)).toEqual([401, 401]);
    expect(await statuses(now, third.token)).toEqual([200, 403]);
  });

  it('token revoke fails and changes nothing if the token does not exist', async () => {
    await json<Created>('service', 'create');
    const before = await inStore(environment, 'SELECT * FROM api_access_token');

    expect(await command(environment, 'token', 'revoke', '0123456789ab')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'clientele: There is no token with the ID 0123456789ab.\n',
    });
    const byToken = startCommand(environment, 'token', 'revoke', '--stdin');
    byToken.stdin.end('a-token-of-nobody');
    expect(await byToken.outcome).toEqual({ code: 1, stdout: '', stderr: 'clientele: There is no such token.\n' });
    expect(await inStore(environment, 'SELECT * FROM api_access_token')).toEqual(before);
  });

  it('commands that change an embedded store fail while a server uses it, and print what to do', async () => {
    const baseUrl = await serve();
    const before = await inStore(environment, 'SELECT * FROM api_access_token');

    for (const words of [
      ['service', 'create'],
      ['token', 'create', '--service', SERVICE_ID],
      ['token', 'revoke', '0123456789ab'],
      ['token', 'recover'],
    ]) {
      const { code, stdout, stderr } = await command(environment, ...words);
      if (onPostgres) {
        expect(stderr).not.toContain('in use');
      } else {
        expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
        expect(stderr).toMatch(
          /^clientele: \S+clientele\.db is in use by a running server, .* Stop the server, run this /,
        );
      }
    }
    if (!onPostgres) expect(await inStore(environment, 'SELECT * FROM api_access_token')).toEqual(before);
    expect(await statuses(baseUrl, ACCESS_TOKEN)).toEqual([200, 200]);
  });

  it('a command that changes the store fails if the clock is wrong', async () => {
    const outcome = await commandAlone({ ...environment, NODE_OPTIONS: CLOCK_OF_1970 }, 'service', 'create');

    expect(outcome).toMatchObject({ code: 1, stdout: '' });
    expect(outcome.stderr).toMatch(/^clientele: The clock of this machine says 1970-01-01[^\n]*NTP\.\n$/);
    expect(await inStore(environment, 'SELECT * FROM service')).toEqual([]);
  });

  it.each([
    [['token', 'create'], /--service <serviceId>, or --all-services/],
    [['token', 'create', '--service', '1', '--all-services'], /cannot be used with option/],
    [['token', 'create', '--all-services', '--right', 'ROOT'], /Allowed choices are ADMIN, MODIFY_SERVICE/],
    [['token', 'create', '--service', '1.5'], /A service ID is a positive integer/],
    [['token', 'recover', '--expires-in', '0'], /A token is valid for 1s to 3650d/],
    [['token', 'recover', '--expires-in', '3651d'], /A token is valid for 1s to 3650d/],
    [['token', 'revoke'], /its ID in 'token list', or --stdin/],
    [['token', 'revoke', 'x', '--stdin'], /its ID in 'token list', or --stdin/],
    [['service', 'create', '--name', ''], /A name has 1 to 200 characters/],
  ])('exits with code 2 for the invalid arguments %j', async (words, expected) => {
    const { code, stdout, stderr } = await command(environment, ...words);

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(expected);
  });

  it('commands fail if the service does not exist or the store has no schema', async () => {
    for (const name of ['create', 'recover'])
      expect(await command(environment, 'token', name, '--service', '7')).toMatchObject({
        code: 1,
        stderr: 'clientele: There is no service 7.\n',
      });
    const empty = await newKeptStore();
    for (const words of [
      ['token', 'list'],
      ['service', 'create'],
    ]) {
      const { code, stderr } = await command(empty.environment, ...words);
      expect(code).toBe(1);
      expect(stderr).toMatch(/^clientele: [^\n]*'clientele migrate up'[^\n]*\n$/);
    }
    await empty.drop();
  });
});
