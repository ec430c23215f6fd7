import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { command, startCommand, type Environment, type Outcome } from './support/command.ts';
import { ACCESS_TOKEN, SERVICE_ID, startServer, type TestServer } from './support/server.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const TOKEN = /^[\w-]{43}$/;
const SERVICE = ['--service', String(SERVICE_ID)];

interface Created {
  readonly serviceId: number;
  readonly accessToken: { readonly id: string; readonly token: string };
}

let server: TestServer;
let environment: Environment;

beforeAll(async () => {
  server = await startServer();
  environment = { CLIENTELE_URL: server.baseUrl, CLIENTELE_TOKEN: ACCESS_TOKEN };
});

afterAll(() => server.close());

const run = (...words: readonly string[]): Promise<Outcome> => command(environment, ...words);
const json = async <T = Record<string, unknown>>(...words: readonly string[]): Promise<T> => {
  const { code, stdout, stderr } = await run(...words, '--json');
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as T;
};
const failing = (code: number, problem: string) => ({
  code,
  stdout: '',
  stderr: expect.stringContaining(problem) as string,
});
/** The HTTP statuses of a registration and of listing initial access tokens with the token. */
const statuses = async (token: string, serviceId: number = SERVICE_ID) => {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const service = `${server.baseUrl}/api/${serviceId}`;
  const registered = await fetch(`${service}/client/registration`, { method: 'POST', headers, body: '{"json":"{}"}' });
  const listed = await fetch(`${service}/initial_access_token/get/list`, { headers });
  return [registered.status, listed.status];
};

describe('clientele service', () => {
  const folder = temporaryFolder();

  it('creates a service with an API access token for it alone, lists it and deletes it', async () => {
    const { code, stdout, stderr } = await run('service', 'create', '--name', 'My ünï', '--registration', 'open');

    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'The token is shown only once: the store contains only its hash.\n',
    });
    const [, id = '', token = ''] =
      /^Service ID {8}(\d{10})\nAPI access token {2}([\w-]{43})\nRegistration {6}anybody, at http:\S+\/connect\/\1\/register\n$/.exec(
        stdout,
      ) ?? [];
    expect(await statuses(token, Number(id))).toEqual([200, 200]);
    expect(await statuses(token)).toEqual([403, 403]);
    expect(await json('service', 'get', '--service', id)).toMatchObject({
      serviceName: 'My ünï',
      protocolRegistration: 'OPEN',
      supportedResponseTypes: ['CODE'],
    });
    expect((await run('service', 'list')).stdout).toMatch(new RegExp(`^${id} {2}created \\S+Z {2}My ünï$`, 'm'));
    expect(await command({ ...environment, CLIENTELE_TOKEN: token }, 'service', 'list', '--json')).toMatchObject({
      stdout: expect.stringMatching(new RegExp(`^\\{"services":\\[\\{"serviceId":${id},[^}]*\\}\\]\\}\n$`)) as string,
    });

    expect(await run('service', 'delete', id)).toEqual(failing(2, '--yes'));
    expect(await json('service', 'delete', id, '--yes')).toEqual({ deleted: Number(id) });
    expect(await statuses(token, Number(id))).toEqual([401, 401]);
    expect(await run('service', 'delete', id, '--yes')).toEqual(failing(1, 'A0'));
  });

  it('creates a service for registrations with initial access tokens, also if the connection names another service', async () => {
    const CLIENTELE_URL = `${server.baseUrl}/api/${SERVICE_ID}`;
    const { stdout } = await command({ ...environment, CLIENTELE_URL }, 'service', 'create', '--json');
    expect(JSON.parse(stdout)).toEqual({
      serviceId: expect.any(Number) as unknown,
      serviceName: 'Service',
      createdAt: expect.stringMatching(/Z$/) as unknown,
      modifiedAt: expect.stringMatching(/Z$/) as unknown,
      protocolRegistration: 'INITIAL_ACCESS_TOKEN',
      registrationEndpoint: expect.stringContaining('/register') as unknown,
      accessToken: {
        id: expect.stringMatching(/^[\da-f]{12}$/) as unknown,
        token: expect.stringMatching(TOKEN) as unknown,
        accessRights: ['ADMIN'],
      },
    });
  });

  it('says that a service has no token if the token of the caller expires', async () => {
    const { token } = await json<{ token: string }>(
      ...['token', 'create', '--all-services', '--right', 'ADMIN', '--expires-in', '1h'],
    );
    const outcome = await command({ ...environment, CLIENTELE_TOKEN: token }, 'service', 'create');
    expect(outcome).toEqual(failing(1, 'must not be valid longer'));
    expect(outcome.stderr).toMatch(/The service (\d+) is created, but .*'clientele token create --service \1 --right/);
  });

  it('replaces the settings by what get printed, and patches them, only in the version of --if-match', async () => {
    const { serviceId } = await json<Created>('service', 'create', '--name', 'a\u202eb');
    const service = ['--service', String(serviceId)];
    const { stdout, stderr } = await run('service', 'get', ...service);
    expect(stdout).toContain('"a\\u202eb"');
    const [, tag = ''] = /^ETag: "(.*)"\n$/.exec(stderr) ?? [];
    const file = join(folder.path, 'settings.json');
    writeFileSync(file, stdout);

    const unchanged = await run('service', 'update', file, ...service, '--if-match', tag);
    expect(unchanged).toEqual({ code: 0, stdout: `The service ${serviceId} is unchanged.\n`, stderr });
    expect(await json('service', 'patch', '{"serviceName":"b"}', ...service)).toMatchObject({
      serviceName: 'b',
      supportedResponseTypes: ['CODE'],
    });
    for (const words of [
      ['update', file],
      ['patch', '{"serviceName":"c"}'],
    ])
      expect(await run('service', ...words, ...service, '--if-match', tag)).toEqual(failing(1, 'A001108'));
    const fromInput = startCommand(environment, 'service', 'patch', '-', ...service);
    fromInput.stdin.end('{"supportedResponseTypes":null}');
    expect(await fromInput.outcome).toMatchObject({ code: 0, stdout: `The service ${serviceId} is changed.\n` });
    const patched = await json('service', 'get', ...service);
    expect(patched).toMatchObject({ serviceName: 'b' });
    expect(patched).not.toHaveProperty('supportedResponseTypes');
    expect(await run('service', 'patch', '{"serviceNam":"c"}', ...service)).toEqual(failing(1, 'serviceNam'));
    expect(await run('service', 'patch', '{', ...service)).toEqual(failing(1, 'the patch'));
    expect(await json('service', 'configuration', ...service)).toHaveProperty('registration_endpoint');
  });

  it('shows the clients that a change would affect, without making it', async () => {
    const { serviceId } = await json<Created>('service', 'create');
    const service = ['--service', String(serviceId)];
    await json('service', 'patch', '{"supportedScopes":[{"name":"a"},{"name":"b"}]}', ...service);
    const file = join(folder.path, 'client.yaml');
    writeFileSync(
      file,
      'clientName: One\nredirectUris: [https://a.example/cb]\nextension: {requestableScopes: [b], requestableScopesEnabled: false}\n',
    );
    await json('client', 'create', '-f', file, '--id', 'client-one', ...service);
    const before = await json('service', 'get', ...service);

    const impact = await run('service', 'impact', '{"supportedScopes":[{"name":"a"}]}', ...service);
    expect(impact).toMatchObject({ code: 3, stderr: '1 client checked: 1 would be refused, 0 narrowed.\n' });
    expect(impact.stdout).toMatch(/^REFUSED {2}client-one \(One\) {2}\[A\d+\] .*\n$/);
    const asJson = await run('service', 'impact', '{"supportedScopes":[{"name":"a"}]}', ...service, '--json');
    expect(
      asJson.stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as object),
    ).toMatchObject([
      { canonicalClientId: 'client-one', effect: 'REFUSED' },
      { checked: 1, done: true },
    ]);
    expect(await run('service', 'impact', '{}', ...service)).toEqual({
      code: 0,
      stdout: '',
      stderr: '1 client checked: 0 would be refused, 0 narrowed.\n',
    });
    expect(await json('service', 'get', ...service)).toEqual(before);
    expect(await run('service', 'impact', '{"serviceNam":1}', ...service)).toEqual(failing(1, 'serviceNam'));
  });

  it.each([
    ['text/html', '<html>', 'unexpected response'],
    ['application/x-ndjson', '{"checked":1000,"refused":0,"narrowed":0,"done":false}\n', 'is incomplete'],
  ])('fails if the response to impact is %s: %s', async (type, body, problem) => {
    const other = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': type, connection: 'close' }).end(body);
    }).listen(0, '127.0.0.1');
    await once(other, 'listening');
    const CLIENTELE_URL = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;

    expect(await command({ ...environment, CLIENTELE_URL }, 'service', 'impact', '{}', ...SERVICE)).toEqual(
      failing(1, problem),
    );
    other.close();
  });
});

describe('clientele token', () => {
  it('creates a token that may only use the service, lists and revokes it', async () => {
    const { stdout, stderr } = await run('token', 'create', ...SERVICE, '--label', 'Our ünï', '--expires-in', '1h');
    const token = stdout.trimEnd();
    expect(token).toMatch(TOKEN);
    const [, id = ''] =
      /^The ID of the token is ([\da-f]{12}); it is for service \d+, until \S+Z: USE_SERVICE\.\nThe token is shown/.exec(
        stderr,
      ) ?? [];
    expect(await statuses(token)).toEqual([200, 403]);

    const listed = await run('token', 'list', ...SERVICE);
    expect(listed.stdout).toMatch(
      new RegExp(
        `^${id} {2}created \\S+Z by [\\da-f]{12} {2}expires \\S+Z {2}used \\S+Z {2}service \\d+ {2}USE_SERVICE {2}Our ünï$`,
        'm',
      ),
    );
    expect(stderr + listed.stdout).not.toContain(token);
    expect(await run('token', 'revoke', id, ...SERVICE)).toMatchObject({ stdout: `The token ${id} is revoked.\n` });
    expect(await statuses(token)).toEqual([401, 401]);
    expect(await run('token', 'revoke', id, ...SERVICE)).toEqual(
      failing(1, 'There is no API access token with this ID'),
    );
  });

  it('creates and lists tokens for all services', async () => {
    const { token, ...described } = await json(
      ...['token', 'create', '--all-services', '--right', 'CREATE_CLIENT', 'VIEW_SERVICE'],
    );
    expect(described).toMatchObject({
      serviceId: null,
      accessRights: ['VIEW_SERVICE', 'CREATE_CLIENT'],
      createdBy: { type: 'api_access_token' },
      label: null,
      expiresAt: null,
    });
    expect(await statuses(String(token))).toEqual([200, 200]);
    const { tokens } = await json<{ tokens: object[] }>('token', 'list', '--all-services');
    expect(tokens).toContainEqual({ ...described, lastUsedAt: expect.stringMatching(/Z$/) as string });
    expect(await run('token', 'list')).toEqual(failing(1, '--all-services'));
    const { serviceId, accessToken } = await json<Created>('service', 'create');
    await json('token', 'revoke', accessToken.id, '--service', String(serviceId));
    expect((await run('token', 'list', '--service', String(serviceId))).stderr).toBe(
      `Service ${serviceId} has no tokens of its own; --all-services shows those for all services.\n`,
    );
  });

  it('asks before it revokes the token of the call', async () => {
    const { id, token } = await json<{ id: string; token: string }>(
      ...['token', 'create', '--all-services', '--right', 'ADMIN'],
    );
    const revoke = (...words: string[]) =>
      command({ ...environment, CLIENTELE_TOKEN: token }, 'token', 'revoke', id, '--all-services', ...words);

    expect(await revoke()).toEqual(failing(2, "'clientele token recover'"));
    expect(await revoke('--yes')).toMatchObject({ code: 0, stdout: `The token ${id} is revoked.\n` });
  });
});

describe('clientele initial-access-token', () => {
  it('creates, lists and revokes tokens', async () => {
    const words = ['initial-access-token', 'create', ...SERVICE, '--uses', '2', '--expires-in', '1h', '--label', 'ünï'];
    const { stdout, stderr } = await run(...words);
    expect(stdout.trimEnd()).toMatch(TOKEN);
    const [, id = ''] =
      /^The ID of the token is (\d+); it is for 2 clients, until \S+Z\.\nThe token is shown/.exec(stderr) ?? [];
    const list = () => run('initial-access-token', 'list', ...SERVICE);
    const listed = await list();
    expect(listed.stdout).toMatch(
      new RegExp(`^${id} {2}created \\S+Z {2}expires \\S+Z {2}never used {2}2 of 2 left {2}ünï$`, 'm'),
    );
    expect(listed.stdout).not.toContain(stdout.trimEnd());

    expect(await json('initial-access-token', 'revoke', id, ...SERVICE)).toEqual({ revoked: Number(id) });
    expect((await list()).stderr).toBe(`Service ${SERVICE_ID} has no initial access tokens.\n`);
    expect(await run('initial-access-token', 'revoke', id, ...SERVICE)).toEqual(failing(1, 'A0'));
  });
});

it.each([
  [['token', 'create', '--service', '1', '--all-services'], 'cannot be used with option'],
  [['token', 'create', '--all-services', '--right', 'ROOT'], 'Allowed choices are ADMIN, MODIFY_SERVICE'],
  [['token', 'create', '--service', '1.5'], 'A service ID is a positive integer'],
  [['token', 'create', '--expires-in', '3651d'], 'A token is valid for 1s to 3650d'],
  [['initial-access-token', 'revoke', 'x'], 'Pass a whole number'],
  [['service', 'create', '--name', ''], 'A name has 1 to 200 characters'],
])('exits with code 2 for the invalid arguments %j', async (words, expected) => {
  expect(await run(...words)).toEqual(failing(2, expected));
});
