import { chmodSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHECKS } from '../src/cli/doctor/finding.ts';
import { ACCESS_TOKEN, FIRST_START, SERVICE_ID } from './support/clients.ts';
import { command, inStore, newKey, type Environment } from './support/command.ts';
import { examine, freePort } from './support/doctor.ts';
import { ServerProcess } from './support/server-process.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const START = /^warning: No server responds at http:\/\/127\.0\.0\.1:\d+: ECONNREFUSED\.$/;

describe('clientele doctor', () => {
  const folder = temporaryFolder();
  const servers: ServerProcess[] = [];
  let environment: Environment;

  beforeEach(async () => {
    environment = { DATA_DIR: join(folder.path, 'data'), PORT: String(await freePort()) };
  });

  afterEach(() => stop());

  const stop = async (): Promise<void> => {
    await Promise.all(servers.splice(0).map((server) => server.stop()));
  };

  const serve = async (settings: Environment = environment): Promise<string> => {
    const server = new ServerProcess({ ...FIRST_START, ...settings });
    servers.push(server);
    return server.listening();
  };

  const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);

  it('finds nothing wrong beside a server that is well, and says so in words and in JSON', async () => {
    await serve();

    const { code, findings, of } = await examine(environment);

    // What the file system of this machine is, is not up to the test.
    const others = findings.filter(({ check }) => check !== 'file-system');
    expect(others.filter(({ result }) => result !== 'ok')).toEqual([]);
    expect(code).toBe(0);
    const expected = CHECKS.filter((check) => check !== 'file-system' || process.platform === 'linux');
    expect(new Set(findings.map(({ check }) => check))).toEqual(new Set(expected));
    expect(of('discovery')).toEqual(['ok: The metadata of 1 services matches the configuration.']);
    expect(of('clock')).toEqual([
      matching(/^ok: The store contains no future times/),
      matching(/^ok: .* differ by \d\.\d s\.$/),
    ]);

    const { stdout } = await command(environment, 'doctor');
    for (const check of expected) expect(stdout).toMatch(new RegExp(`^(ok|warning) +${check} +\\S`, 'm'));
  });

  it('warns where no server runs, and of a store that is not there yet; neither is a failure', async () => {
    const first = await examine(environment);
    expect(first).toMatchObject({ code: 0, result: 'warning' });
    expect(first.of('store')).toEqual([matching(/^warning: There is no store at \S+clientele\.db yet\.$/)]);
    expect(first.of('server')).toEqual([matching(START)]);

    await command(environment, 'migrate', 'up');
    await command(environment, 'service', 'create');
    const second = await examine(environment);
    expect(second).toMatchObject({ code: 0, result: 'warning' });
    expect(second.of('store')).toEqual([matching(/^ok: SQLite at \S+ can be read\.$/)]);
    expect(second.of('reachability')).toEqual([
      matching(/^warning: .* cannot be reached from this machine: ECONNREFUSED/),
    ]);
  });

  it('looks at nothing else where the configuration is wrong', async () => {
    expect(await examine({ PORT: 'x', LOG_LEVE: 'info' })).toMatchObject({
      code: 1,
      findings: [{ check: 'configuration', result: 'failed', seen: matching(/LOG_LEVEL\? PORT must be/) }],
    });
    expect(await examine({ DATABASE_URL: 'postgres://127.0.0.1:1/x' })).toMatchObject({
      code: 1,
      findings: [{ check: 'configuration', result: 'failed', seen: matching(/^ENCRYPTION_KEY must be set/) }],
    });
  });

  describe('of the store', () => {
    /** A store as a server left it; each test has a copy. */
    let left: string;

    beforeAll(async () => {
      left = mkdtempSync(join(tmpdir(), 'clientele-doctor-'));
      await serve({ DATA_DIR: join(left, 'data') });
      await stop();
    });

    beforeEach(() => {
      cpSync(join(left, 'data'), environment.DATA_DIR!, { recursive: true });
    });

    afterAll(() => {
      rmSync(left, { recursive: true });
    });

    it('sees that the journal is not the one that the server keeps', async () => {
      await inStore(environment, 'PRAGMA journal_mode = DELETE');

      const { code, of } = await examine(environment);
      expect(code).toBe(1);
      expect(of('durability')).toEqual([matching(/^failed: The journal of the store is 'delete'/)]);
    });

    it.each([
      ['encryption.key', 0o604, 'failed'],
      ['encryption.key', 0o640, 'warning'],
      ['.', 0o777, 'failed'],
      ['.', 0o755, 'warning'],
      ['.', 0o770, 'warning'],
    ])('sees who may use %s with mode %o', async (name, mode, result) => {
      const path = join(environment.DATA_DIR!, name);
      chmodSync(path, mode);

      const { code, of, findings } = await examine(environment);
      expect(code).toBe(result === 'failed' ? 1 : 0);
      expect(of('permissions')).toEqual([matching(new RegExp(`^${result}: .* \\(mode 0${mode.toString(8)}\\)`))]);
      const { advice } = findings.find(({ check }) => check === 'permissions')!;
      expect(advice).toMatch(/^chmod (600|700) /);
      chmodSync(path, 0o700);
    });

    it('sees a key that is not there, one that is wrong, and one that is being replaced', async () => {
      const own = { ...environment, ENCRYPTION_KEY: newKey() };
      const wrong = await examine(own);
      expect(wrong.code).toBe(1);
      expect(wrong.of('encryption-keys')).toEqual([matching(/^failed: .* the key [\w-]{8}, which is not available/)]);
      expect(JSON.stringify(wrong.findings)).not.toContain(own.ENCRYPTION_KEY);

      await inStore(environment, "INSERT INTO encryption_key (key_id, created_at) VALUES ('AAAAAAAA', 0)");
      expect((await examine(environment)).of('encryption-keys')).toEqual([matching(/^failed: .*the key AAAAAAAA/)]);

      const [one, two] = [newKey(), newKey()];
      const elsewhere = { ...environment, DATA_DIR: join(folder.path, 'elsewhere') };
      await serve({ ...elsewhere, ENCRYPTION_KEY: one });
      await stop();
      const both = await examine({ ...elsewhere, ENCRYPTION_KEY: `${two},${one}` });
      expect(both.of('encryption-keys')).toEqual([matching(/^warning: The key [\w-]{8} encrypts\. Secrets may still/)]);
      const none = await examine(elsewhere);
      expect(none.of('encryption-keys')).toEqual([
        matching(/^failed: ENCRYPTION_KEY is not set, and there is no key in/),
      ]);
    });

    it('sees a schema that is behind or ahead, and a store that cannot be read', async () => {
      await inStore(environment, 'DELETE FROM schema_migration');
      const behind = await examine(environment);
      expect(behind.code).toBe(0);
      expect(behind.of('schema')).toEqual([matching(/^warning: The schema has no version; this server needs/)]);

      await inStore(environment, 'INSERT INTO schema_migration (version, applied_at) VALUES (99, 0)');
      const ahead = await examine(environment);
      expect(ahead.code).toBe(1);
      expect(ahead.of('schema')).toEqual([matching(/^failed: The database has schema version 99/)]);

      writeFileSync(join(environment.DATA_DIR!, 'clientele.db'), 'A letter. '.repeat(1000));
      const damaged = await examine(environment);
      expect(damaged.code).toBe(1);
      expect(damaged.of('store')).toEqual([matching(/^failed: SQLite at \S+ cannot be read: .*not a database/)]);
      expect((await examine({ ...environment, DATABASE_URL: 'sqlite::memory:' })).of('store')).toEqual([
        matching(/^warning: DATABASE_URL is sqlite::memory:/),
      ]);
    });

    it('sees that something in it is of the future', async () => {
      await inStore(environment, `UPDATE api_access_token SET created_at = ${Date.now() + 3_600_000}`);

      const { code, of } = await examine(environment);
      expect(code).toBe(1);
      expect(of('clock')).toEqual([matching(/^failed: The store contains a time 3[56]\d\d\.\d s in the future/)]);
    });
  });

  it('sees that a server is not ready, and that something else has its port', async () => {
    await serve();
    await inStore(environment, "INSERT INTO encryption_key (key_id, created_at) VALUES ('AAAAAAAA', 0)");
    const { code, of } = await examine(environment);
    expect(code).toBe(1);
    expect(of('server')).toEqual([matching(/^failed: .* is not ready: ENCRYPTION_KEY does not contain every key/)]);
    await stop();

    const other = createServer((_request, response) => response.end('{}')).listen(
      Number(environment.PORT),
      '127.0.0.1',
    );
    expect((await examine(environment)).of('server')).toEqual([matching(/^failed: Another program responds at/)]);
    other.close();

    const endless = createServer((_request, response) => {
      const more = (): void => {
        while (response.write('x'.repeat(65_536)));
      };
      response.on('drain', more);
      more();
    }).listen(Number(environment.PORT), '127.0.0.1');
    expect((await examine(environment)).of('server')).toEqual([matching(/^failed: Another program responds at/)]);
    endless.closeAllConnections();
    endless.close();
  });

  it('asks on the management port where there is one', async () => {
    const settings = { ...environment, MANAGEMENT_PORT: String(await freePort()) };
    await serve(settings);

    expect((await examine(settings)).of('server')).toEqual([
      `ok: The server at http://127.0.0.1:${settings.MANAGEMENT_PORT} is ready.`,
    ]);
  });

  it('sees that the server was started with another BASE_URL', async () => {
    await serve({ ...environment, BASE_URL: 'https://old.example.com' });

    const { code, of } = await examine(environment);
    expect(code).toBe(1);
    expect(of('discovery')).toEqual([
      matching(
        /^failed: The issuer at \S+ is https:\/\/old\.example\.com\/connect\/\d+; in the configuration it is http:/,
      ),
    ]);
  });

  describe('through a proxy', () => {
    type Handler = (request: IncomingMessage, response: ServerResponse, pass: () => void) => void;
    let proxy: Server;
    let handle: Handler;

    beforeEach(async () => {
      handle = (_request, _response, pass) => {
        pass();
      };
      proxy = createServer((incoming, response) => {
        const pass = (): void => {
          const { url: path, method, headers } = incoming;
          const onward = request({ port: environment.PORT, host: '127.0.0.1', path, method, headers, agent: false });
          onward.on('response', (answer) => {
            response.writeHead(answer.statusCode ?? 0, { ...answer.headers, ...changed });
            answer.pipe(response);
          });
          onward.end();
        };
        handle(incoming, response, pass);
      }).listen(0, '127.0.0.1');
      await new Promise((resolve) => proxy.once('listening', resolve));
      changed = {};
      const { port } = proxy.address() as AddressInfo;
      environment = { ...environment, BASE_URL: `http://127.0.0.1:${port}` };
      await serve();
    });

    afterEach(() => {
      proxy.closeAllConnections();
      proxy.close();
    });

    /** Headers of answers that the proxy puts in the place of the server's. */
    let changed: Readonly<Record<string, string>>;

    it('finds nothing wrong where it passes everything on, but the trust that it is not given', async () => {
      const { code, of } = await examine(environment);
      expect(code).toBe(0);
      expect(of('proxy-headers')).toEqual([
        matching(/^warning: BASE_URL leads to a proxy, and TRUSTED_PROXIES is not set/),
        'ok: The Authorization header reaches the server.',
      ]);

      const trusting = await examine({ ...environment, TRUSTED_PROXIES: '127.0.0.1' });
      expect(trusting.of('proxy-headers')).toEqual([
        'ok: X-Forwarded-For is trusted from 127.0.0.1.',
        'ok: The Authorization header reaches the server.',
      ]);
      expect(trusting.of('discovery')).toEqual([matching(/^ok: /)]);
    });

    it('sees that it keeps Authorization to itself, and paths', async () => {
      handle = (incoming, response, pass) => {
        delete incoming.headers.authorization;
        if (incoming.url?.startsWith('/.well-known/')) response.writeHead(404).end();
        else pass();
      };

      const { code, of } = await examine(environment);
      expect(code).toBe(1);
      expect(of('proxy-headers')).toContain(
        'failed: The Authorization header does not reach the server, so no client can authenticate.',
      );
      expect(of('discovery')).toEqual([
        matching(/^warning: \S+\/\.well-known\/oauth-authorization-server\/connect\/\d+ responds with HTTP 404/),
      ]);

      handle = (incoming, response, pass) => {
        if (incoming.url?.includes('/register/')) response.writeHead(403).end();
        else pass();
      };
      expect((await examine(environment)).of('proxy-headers')).toContainEqual(
        matching(/^failed: The response to a wrong token at \S+ is HTTP 403/),
      );
    });

    it('sees that it changes answers', async () => {
      handle = (incoming, response, pass) => {
        const issuer = `${environment.BASE_URL!}/connect/${SERVICE_ID}`;
        const metadata = { issuer, registration_endpoint: `${issuer.replace('http:', 'https:')}/register` };
        if (incoming.url?.includes('/.well-known/')) response.end(JSON.stringify(metadata));
        else pass();
      };

      expect((await examine(environment)).of('discovery')).toEqual([
        matching(/^failed: The registration_endpoint at \S+ is https:\S+; in the configuration it is http:\S+\.$/),
      ]);
    });

    it('sees that the clocks differ', async () => {
      changed = { date: new Date(Date.now() - 10_000).toUTCString() };
      expect((await examine(environment)).of('clock')).toContainEqual(
        matching(/^warning: .*BASE_URL differ by \d+\.\d s/),
      );

      changed = { date: new Date(Date.now() + 3_600_000).toUTCString() };
      const { code, of } = await examine(environment);
      expect(code).toBe(1);
      expect(of('clock')).toContainEqual(matching(/^failed: .*BASE_URL differ by 3[56]\d\d\.\d s/));
    });

    it('sees that it does not reach the server, does not answer, or is not there', async () => {
      handle = (_incoming, response) => response.writeHead(502).end();
      expect((await examine(environment)).of('reachability')).toEqual([
        matching(/^failed: \S+ responds with HTTP 502/),
      ]);

      handle = () => undefined;
      const silent = await examine(environment);
      expect(silent.code).toBe(1);
      expect(silent.of('reachability')).toEqual([
        matching(/^failed: \S+ cannot be reached from this machine: no response within 3 s/),
      ]);

      proxy.closeAllConnections();
      await new Promise((resolve) => proxy.close(resolve));
      expect((await examine(environment)).of('reachability')).toEqual([matching(/^failed: .*: ECONNREFUSED\.$/)]);
    });

    it('begins at the issuer identifier of the authorization server where it has one of its own', async () => {
      const issuer = `${environment.BASE_URL!}/as`;
      const configured = await fetch(
        `${environment.BASE_URL!.replace(/\d+$/, environment.PORT!)}/api/${SERVICE_ID}/service/update`,
        {
          method: 'POST',
          headers: { authorization: `Bearer ${ACCESS_TOKEN}`, 'content-type': 'application/json' },
          body: JSON.stringify({
            issuer,
            dynamicRegistrationSupported: true,
            softwareStatementIssuers: [{ issuer: 'https://statements.example', jwksUri: `${issuer}/jwks.json` }],
          }),
        },
      );
      expect(configured.status).toBe(200);
      let metadata: object = {};
      handle = (incoming, response, pass) => {
        if (incoming.url?.startsWith('/as/')) response.end(JSON.stringify(metadata));
        else pass();
      };

      const without = await examine(environment);
      expect(without.code).toBe(0);
      expect(without.of('discovery')).toEqual([
        matching(/^warning: The issuer at \S+\/as\/\.well-known\/openid-configuration is missing/),
      ]);
      expect(without.of('outbound')).toContainEqual(
        matching(/^warning: The keys .* cannot be fetched from \S+jwks\.json: /),
      );

      metadata = { issuer, registration_endpoint: `${environment.BASE_URL!}/connect/${SERVICE_ID}/register` };
      expect((await examine(environment)).of('discovery')).toEqual([matching(/^ok: /)]);
    });
  });
});
