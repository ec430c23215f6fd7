import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Authlete } from '@authlete/typescript-sdk';
import type { ClientInput } from '@authlete/typescript-sdk/models';
import type { ClientInformation, ErrorResponse, RegistrationResponse } from '@clientele/model/metadata';
import { freePort } from '../../apps/server/test/support/free-port.ts';
import { ServerProcess } from '../../apps/server/test/support/server-process.ts';
import { documentedUpdate } from '../package/documented-update.ts';
import { codeBlocks } from './code-blocks.ts';
import { ACCESS_TOKEN, DocumentedServer, SERVICE_ID } from './documented-server.ts';

const METADATA = { client_name: 'A', redirect_uris: ['https://client.example.com/callback'] };

/** The actions of the four calls. */
const CALLS = ['CREATED', 'OK', 'UPDATED', 'DELETED'];

/** The client information response in the result of a call. */
const informationOf = (result: unknown): ClientInformation =>
  JSON.parse((result as { responseContent: string }).responseContent) as ClientInformation;

const registry = new DocumentedServer();
// Below this file, so that modules are found.
const folder = mkdtempSync(join(import.meta.dirname, '.guides-'));

beforeAll(() => registry.listening());

afterAll(async () => {
  await registry.stop();
  rmSync(folder, { recursive: true });
});

it('registers, updates and looks up a client as in docs/getting-started.md', async () => {
  const page = 'docs/getting-started.md';
  const updated = await documentedUpdate(registry.baseUrl, SERVICE_ID, ACCESS_TOKEN, page);
  if (updated.action !== 'UPDATED') throw new Error(updated.resultMessage);
  const [, , resolve, refused, ...others] = codeBlocks(page, 'bash');

  expect(await registry.paste(resolve!, { CLIENT_ID: String(updated.client.clientId) })).toMatchObject({
    action: 'OK',
    metadata: { client_name: 'My New Name' },
  });
  expect(await registry.paste(refused!)).toMatchObject({ action: 'BAD_REQUEST', resultCode: 'A031219' });
  expect(others).toEqual([]);
});

describe('docs/guides/node.md', () => {
  const [registration, hono, express, fastify, authenticate, ...otherScripts] = codeBlocks('docs/guides/node.md', 'js');
  const [setEndpoint, register, requireToken, createToken, ...otherCommands] = codeBlocks(
    'docs/guides/node.md',
    'bash',
  );

  /** The address of the documented authorization server. Before it listens, connections to it are refused. */
  let address: string;

  const there = (text: string): string => text.replaceAll('http://127.0.0.1:4000', address);

  const save = (name: string, script: string): string => {
    const file = join(folder, name);
    writeFileSync(file, registry.here(script).replace('4000', new URL(address).port));
    return file;
  };

  async function start(script: string, settings: Readonly<Record<string, string>> = {}): Promise<ServerProcess> {
    const file = save('server.mjs', script);
    const server = new ServerProcess(
      { SERVICE_ID, ACCESS_TOKEN, ...settings },
      { command: [process.execPath, file], cwd: folder },
    );
    await server.printed(/Listening/);
    return server;
  }

  /** Sends a request of a client application, and returns the status and the body. */
  async function call(method: string, url: string, token?: string, metadata?: object | string) {
    const response = await fetch(url, {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(metadata !== undefined && { 'content-type': 'application/json' }),
      },
      body: typeof metadata === 'object' ? JSON.stringify(metadata) : (metadata ?? null),
    });
    const text = await response.text();
    const body = (text.startsWith('{') ? JSON.parse(text) : {}) as ClientInformation & ErrorResponse;
    return { status: response.status, headers: response.headers, body };
  }

  beforeEach(async () => {
    address = `http://127.0.0.1:${await freePort()}`;
    save('registration.mjs', registration!);
    await registry.paste(there(setEndpoint!));
  });

  it.each([
    ['Hono', hono!],
    ['Express', express!],
    ['Fastify', fastify!],
  ])('has a server with %s at which clients register and manage themselves', async (_name, script) => {
    const server = await start(script);

    const registered = (await registry.paste(there(register!))) as ClientInformation;
    const { client_id, registration_client_uri: uri, registration_access_token: token } = registered;
    const read = await call('GET', uri, token);
    const updated = await call('PUT', uri, token, { ...METADATA, client_id, client_name: 'B' });
    const responses = [
      await call('GET', uri),
      await call('GET', uri, 'wrong'),
      await call('GET', `${address}/register/x`, token),
      await call('PATCH', uri, token, {}),
      await call('POST', `${address}/register`, undefined, { redirect_uris: ['x'] }),
      await call('POST', `${address}/register`, undefined, '{'),
      await call('POST', `${address}/register`, undefined, '\u0001'.repeat(150_000)), // Longer in JSON.
      await call('DELETE', uri, token),
      await call('GET', uri, token),
    ];
    const tooLarge = await call('POST', `${address}/register`, undefined, 'x'.repeat(250_000));
    await server.stop();

    expect([tooLarge.status, tooLarge.body]).toEqual([413, { error: 'invalid_request' }]);
    expect(uri).toBe(`${address}/register/${client_id}`);
    expect([read.status, read.body]).toEqual([200, registered]);
    expect([updated.status, updated.body.client_name]).toEqual([200, 'B']);
    expect(responses.map(({ status, body }) => [status, body.error])).toEqual([
      [401, 'invalid_token'],
      [401, 'invalid_token'],
      [401, 'invalid_token'],
      [405, 'invalid_request'],
      [400, 'invalid_redirect_uri'],
      [400, 'invalid_client_metadata'],
      [413, 'invalid_request'],
      [204, undefined],
      [401, 'invalid_token'],
    ]);
    expect(responses[2]?.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
    expect(read.headers.get('cache-control')).toBe('no-store');
  });

  it('forwards initial access tokens', async () => {
    const server = await start(fastify!);
    await registry.paste(requireToken!);
    const { initialAccessToken } = (await registry.paste(createToken!)) as { initialAccessToken: string };

    const statuses: number[] = [];
    for (const token of [undefined, initialAccessToken, initialAccessToken])
      statuses.push((await call('POST', `${address}/register`, token, METADATA)).status);
    await registry.paste(requireToken!.replace('true', 'false'));
    await server.stop();

    expect(statuses).toEqual([401, 201, 401]);
  });

  it('tells an outage of Clientele and a wrong configuration from errors of the client', async () => {
    const wrong = await start(hono!, { ACCESS_TOKEN: 'wrong' });
    const refused = await call('POST', `${address}/register`, undefined, METADATA);
    await wrong.stop();
    save('registration.mjs', registration!.replace('http://127.0.0.1:3000', `http://127.0.0.1:${await freePort()}`));
    const alone = await start(hono!);
    const unavailable = await call('POST', `${address}/register`, undefined, METADATA);
    await alone.stop();

    expect([refused.status, refused.body]).toEqual([500, { error: 'server_error' }]);
    expect([unavailable.status, unavailable.body]).toEqual([503, { error: 'temporarily_unavailable' }]);
    expect(unavailable.headers.get('retry-after')).toBe('5');
    expect(wrong.stderr).toContain('A172101');
  });

  it('authenticates clients at the token endpoint', async () => {
    const [command] = codeBlocks('docs/getting-started.md', 'bash');
    const { client_id: clientId, client_secret: clientSecret } = informationOf(await registry.paste(command!));
    const basic = { clientId, clientSecret, method: 'client_secret_basic' };
    const requests = [
      basic,
      { ...basic, clientSecret: 'wrong' },
      { ...basic, method: 'none' },
      { ...basic, clientId: 'unknown' },
    ];
    save('authenticate.mjs', authenticate!);
    const script = save(
      'requests.mjs',
      `import { authenticate } from './authenticate.mjs';
      const names = [];
      for (const request of ${JSON.stringify(requests)}) names.push((await authenticate(request))?.metadata.client_name ?? '');
      console.log(names.join());`,
    );

    expect(await registry.run(process.execPath, script)).toBe('My Client,,,\n');
    expect([...otherScripts, ...otherCommands]).toEqual([]);
  });
});

describe('docs/guides/java-and-go.md', () => {
  const page = 'docs/guides/java-and-go.md';
  const [setEndpoint, register, get, update, remove, describeApi, ...others] = codeBlocks(page, 'bash');

  it('has the four calls', async () => {
    await registry.paste(setEndpoint!);
    const created = await registry.paste(register!);
    const { client_id: CLIENT_ID, registration_access_token, ...information } = informationOf(created);
    const variables = { CLIENT_ID, REGISTRATION_ACCESS_TOKEN: registration_access_token };
    const results = [created];
    for (const commands of [get!, update!, remove!]) results.push(await registry.paste(commands, variables));

    expect(information.registration_client_uri).toBe(`http://127.0.0.1:4000/register/${CLIENT_ID}`);
    expect(results.map((result) => (result as RegistrationResponse).action)).toEqual(CALLS);
    expect(informationOf(results[2]).client_name).toBe('New');
    await registry.run('bash', '-c', `cd ${folder} && ${describeApi!}`);
    expect(JSON.parse(readFileSync(join(folder, 'openapi.json'), 'utf8'))).toMatchObject({ openapi: '3.1.0' });
    expect(others).toEqual([]);
  });

  // A JDK is not required to develop the project.
  (spawnSync('javac', ['-version']).status === 0 ? it : it.skip)('has the four calls in Java', async () => {
    const [program] = codeBlocks(page, 'java');
    writeFileSync(join(folder, 'Registration.java'), registry.here(program!));
    writeFileSync(
      join(folder, 'Calls.java'),
      `class Calls {
        public static void main(String[] args) throws Exception {
          Registration.main(args);
          System.out.println(Registration.get(args[1], args[2]).body());
          System.out.println(Registration.update(args[1], args[2], args[3]).body());
          System.out.println(Registration.delete(args[1], args[2]).body());
        }
      }`,
    );
    const json = JSON.stringify(METADATA);
    const { client_id: id, registration_access_token: token } = informationOf(await registry.paste(register!));
    const arguments_ = [json, id, token, JSON.stringify({ ...METADATA, client_id: id })];

    await registry.run('javac', '-d', folder, join(folder, 'Registration.java'), join(folder, 'Calls.java'));
    const printed = await registry.run('java', '-cp', folder, 'Calls', ...arguments_);
    const results = printed
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as RegistrationResponse);

    expect(results.map(({ action }) => action)).toEqual(CALLS);
  });
});

describe('docs/guides/authlete.md', () => {
  const [useSdk, move, ...others] = codeBlocks('docs/guides/authlete.md', 'js');
  const run = (script: string, more: Readonly<Record<string, string>> = {}) =>
    registry.runWith(more, process.execPath, '--input-type=module', '--eval', script);

  it("points Authlete's SDK at Clientele", async () => {
    expect(await run(useSdk!)).toMatch(/^\[A202001\] .*\n\[A216001\] .*\n$/);
  });

  it('moves a service and its clients', async () => {
    const authlete = new Authlete({ serverURL: registry.baseUrl, bearer: ACCESS_TOKEN });
    const service = { serviceName: 'Moved', supportedScopes: [{ name: 'openid', defaultEntry: false }] };
    const serviceId = String((await authlete.service.create(service)).apiKey);
    const redirectUris = METADATA.redirect_uris;
    const createAtAuthlete = (client: ClientInput) => authlete.client.create({ serviceId, client });
    const web = await createAtAuthlete({ clientIdAlias: 'web', clientName: 'Web', redirectUris });
    const native = await createAtAuthlete({ clientIdAlias: 'native', tokenAuthMethod: 'NONE', redirectUris });
    const numeric = await createAtAuthlete({ redirectUris });
    const locked = await createAtAuthlete({ clientIdAlias: 'locked', redirectUris });
    await authlete.client.management.updateLockFlag({
      serviceId,
      clientIdentifier: 'locked',
      clientFlagUpdateRequest: { clientLocked: true },
    });
    const variables = { AUTHLETE_URL: registry.baseUrl, AUTHLETE_SERVICE_ID: serviceId, AUTHLETE_TOKEN: ACCESS_TOKEN };

    const printed = await run(move!, variables);
    const again = await run(move!, variables);

    const moved = (clientId: string) => authlete.client.get({ serviceId: SERVICE_ID, clientId });
    expect(printed.split('\n').sort()).toEqual(
      [
        '',
        `${web.clientId} is web.`,
        `${native.clientId} is native.`,
        `${numeric.clientId} not moved: it has no alias.`,
        `${locked.clientId} not moved: it is locked.`,
      ].sort(),
    );
    expect(again.match(/not moved: \[A001108\]/g)).toHaveLength(2);
    expect(await authlete.service.get({ serviceId: SERVICE_ID })).toMatchObject(service);
    expect(await moved('web')).toMatchObject({ clientName: 'Web', redirectUris, clientSecret: web.clientSecret });
    expect(await moved('native')).toMatchObject({ tokenAuthMethod: 'NONE', redirectUris });
    expect(others).toEqual([]);
  });
});
