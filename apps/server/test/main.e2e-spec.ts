import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ClientInformation, RegistrationResponse } from '@clientele/model/metadata';
import { packageVersion } from '../src/files/package-version.ts';
import { SCHEMA } from '../src/schema.ts';
import { CLOCK_OF_1970, commandAlone } from './support/command.ts';
import { ServerProcess } from './support/server-process.ts';
import { openConnection } from './support/sockets.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const TOKEN = 'an-access-token-of-the-environment';
const ENCRYPTION_KEY = 'A'.repeat(43);

describe('the server process', () => {
  const folder = temporaryFolder();
  const started: ServerProcess[] = [];

  const start = (settings: Record<string, string> = {}): ServerProcess => {
    const server = new ServerProcess({ DATA_DIR: join(folder.path, 'data'), ...settings });
    started.push(server);
    return server;
  };

  const withToken = { BOOTSTRAP_SERVICE_ID: '12345', BOOTSTRAP_ACCESS_TOKEN: TOKEN };

  afterEach(async () => {
    await Promise.all(started.splice(0).map((server) => server.stop('SIGKILL')));
  });

  const call = async (baseUrl: string, operation: string, body: object): Promise<RegistrationResponse> => {
    const response = await fetch(`${baseUrl}/api/12345/client/registration${operation}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return (await response.json()) as RegistrationResponse;
  };

  const register = async (baseUrl: string): Promise<ClientInformation> => {
    const response = await call(baseUrl, '', { json: '{}' });
    if (response.action !== 'CREATED') throw new Error(response.resultMessage);
    return JSON.parse(response.responseContent) as ClientInformation;
  };

  /** Runs the curl command of a welcome message in a shell. */
  const runCurl = async (welcome: string, environment: Record<string, string> = {}): Promise<RegistrationResponse> => {
    const command = welcome.slice(welcome.indexOf('curl '));
    const { stdout } = await promisify(execFile)('bash', ['-c', command], { env: { ...process.env, ...environment } });
    return JSON.parse(stdout) as RegistrationResponse;
  };

  const WELCOME = /Welcome to Clientele\.[^]*\ncurl [^]*'\n\n/;

  describe('with an empty store', () => {
    it('prints the service ID, the API access token, and a working curl command', async () => {
      const server = start();
      const [welcome] = await server.printed(WELCOME);

      expect(welcome).toMatch(/Service ID {9}\d{10}\n/);
      expect(welcome).toMatch(/API access token {3}[\w-]{43}\n/);
      expect(welcome).toMatch(/Registration {7}anybody, at http:\S+\/connect\/\d+\/register\n/);
      expect(welcome).toMatch(/^export SERVICE_ID=\d{10} ACCESS_TOKEN=[\w-]{43}$/m);
      const [exports = ''] = /^export CLIENTELE_URL=.* CLIENTELE_TOKEN=.*$/m.exec(welcome) ?? [];
      const settings = Array.from(
        exports.matchAll(/(\w+)=(\S+)/g),
        ([, name = '', value = '']) => [name, value] as const,
      );
      expect(await commandAlone(Object.fromEntries(settings), 'client', 'create', '--name', 'x')).toMatchObject({
        code: 0,
      });
      expect(await runCurl(welcome)).toMatchObject({
        action: 'CREATED',
        resultCode: 'A202001',
        client: { clientName: 'My Dynamic Client', redirectUris: ['https://client.example.com/callback'] },
      });
      expect(server.stderr).toBe('');
    });

    it('does not print a configured token', async () => {
      const server = start(withToken);
      const [welcome] = await server.printed(WELCOME);

      expect(welcome).toMatch(/Service ID {9}12345\n/);
      expect(server.stdout).not.toContain(TOKEN);
      expect(await runCurl(welcome, { BOOTSTRAP_ACCESS_TOKEN: TOKEN })).toMatchObject({ action: 'CREATED' });
    });

    it('prints who may register at which public URL, and with a public URL how to create an initial access token', async () => {
      const publicUrl = 'https://clients.example.org/registry';
      const server = start({ ...withToken, BASE_URL: `${publicUrl}/` });
      const baseUrl = await server.listening();
      const [welcome] = await server.printed(WELCOME);

      const endpoint = `${publicUrl}/connect/12345/register`;
      expect(welcome).toContain(`Registration       holders of an initial access token, at ${endpoint}\n`);
      expect(welcome).toContain(`\ncurl -s ${publicUrl}/api/12345/client/registration `);
      const [command = ''] = /curl -s \S+\/initial_access_token\/create [^]*?'\n\n/.exec(welcome) ?? [];
      const { initialAccessToken } = (await runCurl(command.replace(publicUrl, baseUrl), {
        BOOTSTRAP_ACCESS_TOKEN: TOKEN,
      })) as unknown as { initialAccessToken: string };
      const statuses = await Promise.all(
        [initialAccessToken, 'wrong'].map(async (token) => {
          const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
          const body = JSON.stringify({ redirect_uris: ['https://client.example.org/'] });
          return (await fetch(`${baseUrl}/connect/12345/register`, { method: 'POST', headers, body })).status;
        }),
      );
      expect(statuses).toEqual([201, 401]);
    });
  });

  it('logs one line about its start: version, store, schema, public URL and ports', async () => {
    const server = start({ ...withToken, BASE_URL: 'https://clients.example.org', MANAGEMENT_PORT: '0', PRT: '1' });
    const baseUrl = await server.listening();
    const lines = server.stdout
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);

    expect(lines.map(({ msg }) => msg)).toEqual([
      'PRT is not a setting. Did you mean PORT?',
      `Server listening at ${baseUrl}`,
    ]);
    const { level, time, pid, hostname, msg, managementPort, ...fields } = lines[1] ?? {};
    expect([level, typeof time, typeof pid, typeof hostname, typeof msg, typeof managementPort]).toEqual([
      30,
      ...['number', 'number', 'string', 'string', 'number'],
    ]);
    expect(fields).toEqual({
      version: packageVersion(),
      engine: 'sqlite',
      store: join(folder.path, 'data', 'clientele.db'),
      schemaVersion: SCHEMA.version,
      baseUrl: 'https://clients.example.org',
      port: Number(new URL(baseUrl).port),
    });
  });

  describe('with an existing store', () => {
    it('does not print the service ID or the token, and serves the registered clients', async () => {
      const first = start(withToken);
      const { client_id: clientId, registration_access_token: token } = await register(await first.listening());
      await first.stop();

      const second = start({ BOOTSTRAP_SERVICE_ID: '67890', BOOTSTRAP_ACCESS_TOKEN: `another-${TOKEN}` });
      const baseUrl = await second.listening();

      expect(await call(baseUrl, '/get', { clientId, token })).toMatchObject({ action: 'OK' });
      await second.printed(/BOOTSTRAP_ACCESS_TOKEN is ignored, because the store is not empty/);
      expect(second.stdout).not.toMatch(/Welcome|67890/i);
      expect(second.stdout).not.toContain(TOKEN);
    });
  });

  describe('prints only the reason and exits with code 1 if it cannot start', () => {
    const expectFailedStart = async (server: ServerProcess, reason: string | RegExp): Promise<void> => {
      expect(await server.ended).toEqual({ code: 1, signal: null });
      expect(server.stderr).toMatch(/^Clientele cannot start\.\n[^\n]+\n$/);
      expect(server.stderr).toMatch(reason);
      expect(server.stdout).toBe('');
    };

    it('because the clock is wrong', async () => {
      const server = start({ NODE_OPTIONS: CLOCK_OF_1970 });

      await expectFailedStart(server, /says 1970-01-01T00:00:00.000Z.*\n$/);
      expect(server.stderr).toContain('Set the clock, for example with NTP.');
    });

    it('because settings are invalid, and creates no file', async () => {
      await expectFailedStart(
        start({ LOG_LEVEL: 'loud' }),
        'LOG_LEVEL must be one of trace, debug, info, warn, error, fatal, silent.\n',
      );
      const misspelt = start({ HOST: '0.0.0.0', BASE_UR: 'http://clients.example.org' });
      expect(await misspelt.ended).toEqual({ code: 1, signal: null });
      expect(misspelt.stderr).toMatch(
        /Set BASE_URL to the URL at which .*\.\nBASE_UR is not a setting\. Did you mean BASE_URL\?\n$/,
      );
      expect(readdirSync(folder.path)).toEqual([]);
    });

    it('because its port is in use, and creates no service whose token would be lost', async () => {
      const other = createServer().listen(0, '127.0.0.1');
      await once(other, 'listening');
      const { port } = other.address() as AddressInfo;

      await expectFailedStart(
        start({ PORT: String(port) }),
        `PORT is in use by another program at 127.0.0.1:${port}. Stop that program, or set PORT to a free port.`,
      );
      await expectFailedStart(
        start({ MANAGEMENT_PORT: String(port) }),
        `MANAGEMENT_PORT is in use by another program at 127.0.0.1:${port}. `,
      );
      other.close();

      await start().printed(WELCOME);
    });

    it('because HOST is not an address of this machine', async () => {
      await expectFailedStart(start({ HOST: '192.0.2.1' }), /^HOST is 192\.0\.2\.1, which is not/m);
    });

    it('because another server uses the store', async () => {
      const first = start(withToken);
      const baseUrl = await first.listening();

      await expectFailedStart(
        start(withToken),
        `${join(folder.path, 'data', 'clientele.db')} is in use by another Clientele server. Stop that one first`,
      );
      await expect(register(baseUrl)).resolves.toBeDefined();
    });

    it('because the encryption key of the store is missing', async () => {
      const database = join(folder.path, 'clients.db');
      writeFileSync(database, '');

      await expectFailedStart(start({ DATABASE_URL: `sqlite:${database}` }), /encryption\.key is missing/);
      expect(existsSync(join(folder.path, 'data'))).toBe(false);
    });

    it.each([
      ['is not a database', 'This is a letter, not a database. '.repeat(100), /not a database/],
      ['has lost its contents', '', /clients\.db is an empty file\. If it had clients, restore a backup/],
    ])('because the store file %s', async (_what, content, expected) => {
      const database = join(folder.path, 'clients.db');
      writeFileSync(database, content);

      await expectFailedStart(start({ DATABASE_URL: `sqlite:${database}`, ENCRYPTION_KEY }), expected);
      expect(readFileSync(database, 'utf8')).toBe(content);
    });

    it('because the store is a folder', async () => {
      const DATABASE_URL = `sqlite:${folder.path}`;

      await expectFailedStart(start({ DATABASE_URL, ENCRYPTION_KEY }), /is a folder\. Set DATABASE_URL/);
      expect(existsSync(`${folder.path}.lock`)).toBe(false);
    });

    it('because DATA_DIR is a file', async () => {
      writeFileSync(join(folder.path, 'data'), '');

      await expectFailedStart(start(), /data is needed as a folder.*set DATA_DIR to another folder\.$/m);
    });
  });

  /** A server that does not stop in time exits with code 1. */
  describe('stops in time after SIGTERM', () => {
    const HEAD =
      'POST /api/12345/client/registration HTTP/1.1\r\nHost: x\r\n' +
      `Authorization: Bearer ${TOKEN}\r\nContent-Type: application/json\r\n`;

    it('if there are no connections, and releases the store', async () => {
      const server = start(withToken);
      await register(await server.listening());

      expect(await server.stop()).toEqual({ code: 0, signal: null });
      await expect(start(withToken).listening()).resolves.toBeDefined();
    });

    it('if there are idle connections and incomplete requests', async () => {
      const server = start(withToken);
      const baseUrl = await server.listening();
      const sockets = await Promise.all([
        openConnection(baseUrl, ''),
        openConnection(baseUrl, HEAD),
        openConnection(baseUrl, `${HEAD}Content-Length: 100\r\n\r\n{"json"`),
        openConnection(baseUrl, `${HEAD}Content-Length: 13\r\n\r\n{"json":"{}"}`),
      ]);
      await once(sockets[3], 'data');

      expect(await server.stop()).toEqual({ code: 0, signal: null });
      for (const socket of sockets) socket.destroy();
    });
  });
});
