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
  type Environment,
  type Outcome,
} from './support/command.ts';
import type { NewStore } from './support/engine.ts';
import { ServerProcess } from './support/server-process.ts';

const ID_OF_ACCESS_TOKEN = tokenIdOf(hashToken(ACCESS_TOKEN));

describe('clientele token recover', () => {
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

  /** Runs a command that changes tokens. If the store is embedded, stops the server first. */
  const change = async (...words: string[]): Promise<Outcome> => {
    if (!onPostgres) await stop();
    const outcome = await command(environment, ...words);
    expect(outcome).toMatchObject({ code: 0 });
    return outcome;
  };

  const json = async <T>(...words: string[]): Promise<T> => JSON.parse((await change(...words, '--json')).stdout) as T;

  /** The HTTP statuses of a registration and of reading the settings with the token. */
  const statuses = async (baseUrl: string, token: string) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const service = `${baseUrl}/api/${SERVICE_ID}`;
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

  /** Returns the log of the installation, after the running server has sealed all changes. */
  const sealedLog = async (): Promise<string> => {
    for (;;) {
      const { stdout } = await command(environment, 'audit', 'list', '0', '--json');
      if ((JSON.parse(stdout) as { pending: number }).pending === 0) return stdout;
    }
  };

  it('replaces the lost tokens of administrators, and the log has it', async () => {
    const baseUrl = await serve();
    const connected = { ...environment, CLIENTELE_URL: baseUrl, CLIENTELE_TOKEN: ACCESS_TOKEN };
    expect(await command(connected, 'token', 'revoke', '--all-services', ID_OF_ACCESS_TOKEN, '--yes')).toMatchObject({
      code: 0,
    });
    expect(await command(connected, 'token', 'list', '--all-services')).toMatchObject({ code: 1 });
    const recovered = await json<{ id: string; token: string }>('token', 'recover', '--expires-in', '1h');
    const ofService = await change('token', 'recover', '--service', SERVICE_ID);

    expect(recovered).toMatchObject({ serviceId: null, accessRights: ['ADMIN'], createdBy: { type: 'cli' } });
    expect(ofService.stderr).toMatch(new RegExp(`; it is for service ${SERVICE_ID}: ADMIN\\.\nThe token is shown`));
    const now = await ensureRunning(baseUrl);
    expect(await statuses(now, ACCESS_TOKEN)).toEqual([401, 401]);
    expect(await statuses(now, recovered.token)).toEqual([200, 200]);
    expect(await statuses(now, ofService.stdout.trim())).toEqual([200, 200]);
    const log = await sealedLog();
    expect(log).toContain(recovered.id);
    expect(log).not.toContain(recovered.token);
  });

  it('fails while a server uses an embedded store, and prints what to do', async () => {
    const baseUrl = await serve();
    const before = await inStore(environment, 'SELECT * FROM api_access_token');

    const { code, stdout, stderr } = await command(environment, 'token', 'recover');
    if (onPostgres) {
      expect(code).toBe(0);
    } else {
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(
        /^clientele: \S+clientele\.db is in use by a running server, .* Stop the server, run this /,
      );
      expect(await inStore(environment, 'SELECT * FROM api_access_token')).toEqual(before);
    }
    expect(await statuses(baseUrl, ACCESS_TOKEN)).toEqual([200, 200]);
  });

  it('a command that changes the store fails if the clock is wrong', async () => {
    const outcome = await commandAlone({ ...environment, NODE_OPTIONS: CLOCK_OF_1970 }, 'token', 'recover');

    expect(outcome).toMatchObject({ code: 1, stdout: '' });
    expect(outcome.stderr).toMatch(/^clientele: The clock of this machine says 1970-01-01[^\n]*NTP\.\n$/);
    expect(await inStore(environment, 'SELECT * FROM api_access_token')).toEqual([]);
  });

  it.each([
    [['--service', '1.5'], /A service ID is a positive integer/],
    [['--expires-in', '0'], /A token is valid for 1s to 3650d/],
    [['--expires-in', '3651d'], /A token is valid for 1s to 3650d/],
  ])('exits with code 2 for the invalid arguments %j', async (words, expected) => {
    const { code, stdout, stderr } = await command(environment, 'token', 'recover', ...words);

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(expected);
  });

  it('fails if the store or the service does not exist, or if the first start has not been yet', async () => {
    expect(await command(environment, 'token', 'recover')).toMatchObject({
      code: 1,
      stderr: 'clientele: The store has no service yet. Start the server: its first start prints a token.\n',
    });
    expect(await command(environment, 'token', 'recover', '--service', '7')).toMatchObject({
      code: 1,
      stderr: 'clientele: There is no service 7.\n',
    });
    const empty = await newKeptStore();
    for (const words of [
      ['token', 'recover'],
      ['audit', 'verify'],
    ]) {
      const { code, stderr } = await command(empty.environment, ...words);
      expect(code).toBe(1);
      expect(stderr).toMatch(/^clientele: [^\n]*'clientele migrate up'[^\n]*\n$/);
    }
    await empty.drop();
  });
});
