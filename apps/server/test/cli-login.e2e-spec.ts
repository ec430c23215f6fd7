import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SERVICE_ID, ACCESS_TOKEN, startServer, type TestServer } from './support/server.ts';
import { command, startCommand, type Environment, type Outcome } from './support/command.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

describe('clientele login and logout', () => {
  const folder = temporaryFolder();
  let server: TestServer;
  let environment: Environment;

  beforeAll(async () => {
    server = await startServer();
  });

  afterAll(() => server.close());

  beforeEach(() => {
    environment = { XDG_CONFIG_HOME: folder.path };
  });

  const login = (token: string, ...words: string[]): Promise<Outcome> => {
    const running = startCommand(environment, 'login', ...words);
    running.stdin.end(`${token}\n`);
    return running.outcome;
  };
  const tokenOfService = async () => (await server.callerWith('USE_SERVICE')).authorization!.replace('Bearer ', '');

  it('stores a connection that later commands use, until logout', async () => {
    const token = await tokenOfService();
    const { code, stdout, stderr } = await login(token, '--url', server.baseUrl);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(
      new RegExp(
        `^Logged in to ${server.baseUrl}\\. The token \\w{12} is for service ${SERVICE_ID}, .*: USE_SERVICE\\.\n$`,
      ),
    );
    expect(stdout).not.toContain(token);

    const { clientId } = await server.register();
    expect(await command(environment, 'client', 'get', String(clientId))).toMatchObject({ code: 0, stderr: '' });
    expect(await command(environment, 'logout')).toMatchObject({ code: 0, stdout: 'Logged out.\n' });
    expect(await command(environment, 'client', 'get', String(clientId))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('CLIENTELE_URL is not set') as string,
    });
  });

  it('prints the rights of the token as JSON, and that the environment is used instead of the login', async () => {
    environment = { ...environment, CLIENTELE_TOKEN: 'other' };
    const { stdout, stderr } = await login(ACCESS_TOKEN, '--url', server.baseUrl, '--json');

    expect(JSON.parse(stdout)).toMatchObject({
      url: server.baseUrl,
      service: null,
      token: { serviceId: null, accessRights: ['ADMIN'], expiresAt: null },
    });
    expect(stderr).toBe(
      'Commands for one service need --service.\nCLIENTELE_TOKEN is set, and is used instead of the login.\n',
    );
  });

  it.each<[string, (url: string) => readonly [token: string | undefined, words: readonly string[]], number, RegExp]>([
    [
      'an unknown token',
      (url) => ['canary', ['--url', url]],
      1,
      /refuses the API access token: it is wrong, expired or/,
    ],
    ['no token', (url) => ['', ['--url', url]], 1, /The API access token is missing on standard input/],
    ['a token with a space', (url) => ['canary x', ['--url', url]], 1, /printable ASCII characters without spaces/],
    ['another service', (url) => [undefined, ['--url', `${url}/api/6`]], 1, /for the service \d+, not for 6\./],
    ['no such service', (url) => [ACCESS_TOKEN, ['--url', url, '--service', '6']], 1, /There is no service 6 at http/],
    ['another path', (url) => [ACCESS_TOKEN, ['--url', `${url}/elsewhere`]], 1, /HTTP status 404|no API at this path/],
    [
      'no server',
      () => ['canary', ['--url', 'http://127.0.0.1:1']],
      1,
      /connection to http:\/\/127\.0\.0\.1:1 failed: /,
    ],
    ['no URL', () => ['canary', []], 2, /Name the server with --url <url>/],
    ['a wrong URL', () => ['canary', ['--url', 'ftp://x']], 2, /must be an http or https URL/],
    ['two services', (url) => ['canary', ['--url', `${url}/api/6`, '--service', '7']], 2, /names the service 6, but/],
  ])('stores nothing with %s', async (_what, argumentsAt, code, problem) => {
    const [token = await tokenOfService(), words] = argumentsAt(server.baseUrl);
    const outcome = await login(token, ...words);

    expect(outcome).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(problem) as string });
    expect(outcome.stderr).not.toContain('canary');
    expect(existsSync(join(folder.path, 'clientele'))).toBe(false);
  });
});
