import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isExposed, readConnection, readServerUrl, readServiceConnection, tokenSource } from './connection.ts';
import { deleteLogin, loginPath, readLogin, writeLogin } from './login-file.ts';

it.each([
  [{ CLIENTELE_TOKEN: 'mine' }, 'the token of CLIENTELE_TOKEN', /unset it/],
  [{ CLIENTELE_TOKEN: '' }, "the token of 'clientele login'", /Log in/],
])('names the source of the token: %j', (environment, name, remedy) => {
  expect(tokenSource(environment)).toEqual({ name, remedy: expect.stringMatching(remedy) as string });
});

it.each([
  ['http://registry.example', true],
  ['http://10.0.0.1:3000/base', true],
  ['https://registry.example', false],
  ['http://127.0.0.1:3000', false],
  ['http://[::1]:3000', false],
  ['http://localhost', false],
])('a token for %s is exposed: %p', (baseUrl, exposed) => {
  expect(isExposed(baseUrl)).toBe(exposed);
});

describe('the connection to a server', () => {
  let environment: { readonly XDG_CONFIG_HOME: string };

  beforeEach(() => {
    environment = { XDG_CONFIG_HOME: mkdtempSync(join(tmpdir(), 'clientele-login-')) };
  });

  afterEach(() => {
    rmSync(environment.XDG_CONFIG_HOME, { recursive: true });
  });

  const LOGIN = { url: 'https://a.example/base', service: 5, token: 'token-of-login' };
  const HERE = { baseUrl: LOGIN.url, serviceId: '5', accessToken: LOGIN.token };

  it.each<[string, object, { readonly service?: number }, object]>([
    ['the login', {}, {}, HERE],
    ['the login and --service', {}, { service: 6 }, { ...HERE, serviceId: '6' }],
    ['the login and CLIENTELE_SERVICE', { CLIENTELE_SERVICE: '6' }, {}, { ...HERE, serviceId: '6' }],
    ['the login and CLIENTELE_TOKEN', { CLIENTELE_TOKEN: 'mine' }, {}, { ...HERE, accessToken: 'mine' }],
    ['the URL of the login', { CLIENTELE_URL: 'HTTPS://A.example:443/base/' }, {}, HERE],
    ['another service there', { CLIENTELE_URL: `${LOGIN.url}/api/6` }, {}, { ...HERE, serviceId: '6' }],
    [
      'another server',
      { CLIENTELE_URL: 'https://b.example/api/7', CLIENTELE_TOKEN: 'mine' },
      {},
      { baseUrl: 'https://b.example', serviceId: '7', accessToken: 'mine' },
    ],
  ])('is that of %s', async (_source, variables, options, connection) => {
    await writeLogin(environment, LOGIN);

    expect(readServiceConnection({ ...environment, ...variables }, options)).toEqual(connection);
  });

  it.each(['https://b.example', 'http://a.example/base', 'https://a.example', 'https://a.example/base/more'])(
    'never has the token or the service of a login for another URL: %s',
    async (url) => {
      await writeLogin(environment, LOGIN);
      const elsewhere = { ...environment, CLIENTELE_URL: url };

      expect(() => readConnection(elsewhere)).toThrow(/leads to \S+, but the token .* only for https:\/\/a.example\/b/);
      expect(() => readServiceConnection({ ...elsewhere, CLIENTELE_TOKEN: 'mine' }, {})).toThrow(
        /The service is missing/,
      );
    },
  );

  it('that cannot be stored can be set in the environment', async () => {
    const XDG_CONFIG_HOME = join(environment.XDG_CONFIG_HOME, 'file');
    writeFileSync(XDG_CONFIG_HOME, '');

    await expect(writeLogin({ XDG_CONFIG_HOME }, LOGIN)).rejects.toThrow(
      /cannot be written: .*\. Correct that, or set CLIENTELE_URL and CLIENTELE_TOKEN instead/,
    );
  });

  it('needs a service only for calls of a service', async () => {
    const { service: _service, ...login } = LOGIN;
    await writeLogin(environment, login);

    expect(readConnection(environment)).toEqual({ baseUrl: LOGIN.url, accessToken: LOGIN.token });
    expect(() => readServiceConnection(environment, {})).toThrow(/The service is missing/);
  });

  it('needs no file if the environment has all of it', async () => {
    await writeLogin(environment, LOGIN);
    chmodSync(loginPath(environment), 0o644);
    const complete = { ...environment, CLIENTELE_URL: 'https://b.example', CLIENTELE_TOKEN: 'mine' };

    expect(readConnection(complete)).toEqual({ baseUrl: 'https://b.example', accessToken: 'mine' });
    expect(() => readConnection(environment)).toThrow(/mode 0644.*chmod 600 \S+login\.json/);
  });

  it.each(['0', '9007199254740992', '9'.repeat(400)])('is never to the service %s', (service) => {
    const here = { ...environment, CLIENTELE_URL: 'https://a.example', CLIENTELE_TOKEN: 'mine' };

    expect(() => readConnection({ ...here, CLIENTELE_SERVICE: service }, {})).toThrow(
      /^CLIENTELE_SERVICE must be the ID of a service/,
    );
    expect(readServerUrl(`https://a.example/api/${service}`)).toBeUndefined();
  });

  it('is stored where only the owner may read it, also in place of a readable file, until it is deleted', async () => {
    const path = loginPath(environment);
    await writeLogin(environment, LOGIN);
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
    chmodSync(path, 0o644);
    await writeLogin(environment, LOGIN);

    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readLogin(environment)).toEqual(LOGIN);
    expect([deleteLogin(environment), deleteLogin(environment)]).toEqual([true, false]);
    expect(readLogin(environment)).toBeUndefined();
  });

  it.each([
    '',
    '[]',
    '{"url":"https://a.example"}',
    '{"url":1,"token":"x"}',
    '{"url":"x","token":"x","service":"5"}',
    '{"url":"x","token":"x","service":1e300}',
  ])('is not that of the damaged file %j', (text) => {
    const path = loginPath(environment);
    mkdirSync(dirname(path));
    writeFileSync(path, text, { mode: 0o600 });

    expect(() => readConnection(environment)).toThrow(`${path} is damaged. Run 'clientele login' again.`);
  });

  it('is stored in .config of the home if XDG_CONFIG_HOME is not an absolute path', () => {
    expect(loginPath({ XDG_CONFIG_HOME: 'here' })).toMatch(/^\/.*\/\.config\/clientele\/login\.json$/);
  });
});
