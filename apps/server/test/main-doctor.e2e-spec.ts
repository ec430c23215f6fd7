import { once } from 'node:events';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHECKS } from '../src/cli/doctor/finding.ts';
import { ACCESS_TOKEN, FIRST_START, SERVICE_ID } from './support/clients.ts';
import { command, inStore, newKey, type Environment } from './support/command.ts';
import { examine } from './support/doctor.ts';
import { freePort } from './support/free-port.ts';
import { ServerProcess } from './support/server-process.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const NO_SERVER = /^warning: No server responds at http:\/\/127\.0\.0\.1:\d+: ECONNREFUSED\.$/;

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

  /** Starts a server on a free port, and returns the port. */
  const listen = async (server: Server): Promise<string> => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return String((server.address() as AddressInfo).port);
  };

  const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);

  it('reports only missing endpoints while a healthy server runs, as JSON and as text', async () => {
    const base = await serve();

    const { code, findings, of } = await examine(environment);

    // The result of this check depends on the machine that runs the test.
    const others = findings.filter(({ check }) => check !== 'file-system');
    expect(others.filter(({ result }) => result !== 'ok')).toMatchObject([{ check: 'endpoints' }]);
    expect(code).toBe(0);
    expect(new Set(findings.map(({ check }) => check))).toEqual(new Set(CHECKS));
    expect(of('discovery')).toEqual(['ok: The metadata of 1 service matches the configuration.']);
    expect(of('clock')).toEqual([
      matching(/^ok: The store contains no future times/),
      matching(/^ok: .* differ by \d\.\d s\.$/),
    ]);

    expect(of('connection')).toEqual([matching(/^ok: No connection is stored/)]);

    const connected = { ...environment, CLIENTELE_URL: base, CLIENTELE_TOKEN: ACCESS_TOKEN };
    expect((await examine(connected)).of('connection')).toEqual([
      matching(/^ok: Commands call http:\S+ The token \w{12} is for all services, without expiry: ADMIN\.$/),
    ]);
    const refused = await examine({ ...connected, CLIENTELE_TOKEN: 'canary' });
    expect(refused.of('connection')).toEqual([matching(/^warning: http:\S+ refuses the token of CLIENTELE_TOKEN: /)]);
    expect(JSON.stringify(refused.findings)).not.toContain('canary');
    expect((await examine({ ...connected, CLIENTELE_TOKEN: '' })).of('connection')).toEqual([
      matching(/^failed: CLIENTELE_TOKEN is not set/),
    ]);

    const { stdout } = await command(environment, 'doctor');
    for (const check of CHECKS) expect(stdout).toMatch(new RegExp(`^(ok|warning) +${check} +\\S`, 'm'));
  });

  it('reports a warning and no failure if no server runs or the store does not exist yet', async () => {
    const first = await examine(environment);
    expect(first).toMatchObject({ code: 0, result: 'warning' });
    expect(first.of('store')).toEqual([matching(/^warning: There is no store at \S+clientele\.db yet\.$/)]);
    expect(first.of('server')).toEqual([matching(NO_SERVER)]);
    expect(first.of('reachability')).toEqual([matching(/^warning: The store has no service/)]);
    expect(first.findings.find(({ check }) => check === 'reachability')?.advice).toMatch(
      /: its first start creates one/,
    );

    await serve();
    await stop();
    const second = await examine(environment);
    expect(second).toMatchObject({ code: 0, result: 'warning' });
    expect(second.of('store')).toEqual([matching(/^ok: SQLite at \S+ can be read\.$/)]);
    expect(second.of('reachability')).toEqual([
      matching(/^warning: .* cannot be reached from this machine: ECONNREFUSED/),
    ]);
  });

  it('reports a short key file before the first start', async () => {
    mkdirSync(environment.DATA_DIR!);
    writeFileSync(join(environment.DATA_DIR!, 'encryption.key'), 'too-short');

    expect((await examine(environment)).of('encryption-keys')).toEqual([
      matching(/^failed: \S+encryption\.key must hold 32 bytes/),
    ]);
  });

  it('runs no other check if the configuration is invalid', async () => {
    expect(await examine({ PORT: 'x', LOG_LEVE: 'info' })).toMatchObject({
      code: 1,
      findings: [
        {
          check: 'configuration',
          result: 'warning',
          seen: 'LOG_LEVE is not a setting. Did you mean LOG_LEVEL?',
          advice: matching(/ignores it\.$/),
        },
        { check: 'configuration', result: 'failed', seen: matching(/^PORT must be/) },
      ],
    });
    expect((await examine({ HOST: '::' })).of('configuration')).toEqual([matching(/^failed: BASE_URL must be set/)]);
    expect(await examine({ DATABASE_URL: 'postgres://127.0.0.1:1/x' })).toMatchObject({
      code: 1,
      findings: [{ check: 'configuration', result: 'failed', seen: matching(/^ENCRYPTION_KEY must be set/) }],
    });
  });

  describe('with the store of a stopped server', () => {
    /** The folder of a stopped server; each test works on a copy. */
    let original: string;

    beforeAll(async () => {
      original = mkdtempSync(join(tmpdir(), 'clientele-doctor-'));
      await serve({ DATA_DIR: join(original, 'data') });
      await stop();
    });

    beforeEach(() => {
      cpSync(join(original, 'data'), environment.DATA_DIR!, { recursive: true });
    });

    afterAll(() => {
      rmSync(original, { recursive: true });
    });

    it('reports a failure if the journal is not the write-ahead log', async () => {
      await inStore(environment, 'PRAGMA journal_mode = DELETE');

      const { code, of } = await examine(environment);
      expect(code).toBe(1);
      expect(of('durability')).toEqual([matching(/^failed: The journal of the store is 'delete'/)]);
    });

    it.each([
      ['encryption.key', '604', 'failed'],
      ['encryption.key', '640', 'warning'],
      ['.', '777', 'failed'],
      ['.', '755', 'warning'],
      ['.', '770', 'warning'],
    ])('reports %s with mode %s as %s, and the chmod command that corrects it', async (name, mode, result) => {
      const path = join(environment.DATA_DIR!, name);
      chmodSync(path, mode);

      const { code, of, findings } = await examine(environment);
      expect(code).toBe(result === 'failed' ? 1 : 0);
      expect(of('permissions')).toEqual([matching(new RegExp(`^${result}: .* \\(mode 0${mode}\\)`))]);
      const { advice } = findings.find(({ check }) => check === 'permissions')!;
      expect(advice).toMatch(/^chmod (600|700) /);
      chmodSync(path, 0o700);
    });

    it('reports wrong keys, missing keys, and a key that is being replaced', async () => {
      const own = { ...environment, ENCRYPTION_KEY: newKey() };
      const wrong = await examine(own);
      expect(wrong.code).toBe(1);
      expect(wrong.of('encryption-keys')).toEqual([
        matching(/^failed: .* the key [\w-]{8}, which ENCRYPTION_KEY does not/),
      ]);
      expect(wrong.findings.find(({ check }) => check === 'encryption-keys')?.advice).toMatch(
        /encryption\.key contains what is missing, but ENCRYPTION_KEY hides that file/,
      );
      expect(JSON.stringify(wrong.findings)).not.toContain(own.ENCRYPTION_KEY);

      await inStore(environment, "INSERT INTO encryption_key (key_id, created_at) VALUES ('AAAAAAAA', 0)");
      expect((await examine(environment)).of('encryption-keys')).toEqual([
        matching(/^failed: .*the key AAAAAAAA, which \S+encryption\.key does not contain/),
      ]);

      const [one, two] = [newKey(), newKey()];
      const elsewhere = { ...environment, DATA_DIR: join(folder.path, 'elsewhere') };
      await serve({ ...elsewhere, ENCRYPTION_KEY: one });
      await stop();
      const both = await examine({ ...elsewhere, ENCRYPTION_KEY: `${two},${one}` });
      expect(both.of('encryption-keys')).toEqual([matching(/^warning: The key [\w-]{8} encrypts\. Secrets may still/)]);
      const none = await examine(elsewhere);
      expect(none.of('encryption-keys')).toEqual([
        matching(/^failed: ENCRYPTION_KEY is not set, and there is no key in \S+ The store needs the key [\w-]{8}\.$/),
      ]);
    });

    it('reports an older or newer schema, a store that cannot be read, and a store in memory', async () => {
      await inStore(environment, 'UPDATE schema_migration SET version = 0');
      const behind = await examine(environment);
      expect(behind.code).toBe(0);
      expect(behind.of('schema')).toEqual([matching(/^warning: The schema has version 0; this server needs/)]);

      await inStore(environment, 'INSERT INTO schema_migration (version, applied_at) VALUES (99, 0)');
      const ahead = await examine(environment);
      expect(ahead.code).toBe(1);
      expect(ahead.of('schema')).toEqual([matching(/^failed: The database has schema version 99/)]);

      writeFileSync(join(environment.DATA_DIR!, 'clientele.db'), 'A letter. '.repeat(1000));
      const damaged = await examine(environment);
      expect(damaged.code).toBe(1);
      expect(damaged.of('store')).toEqual([matching(/^failed: SQLite at \S+ cannot be read: .*not a database/)]);
      expect(damaged.findings.find(({ check }) => check === 'store')?.advice).toMatch(/restore a backup/);
      // The key file is no folder.
      const inFile = await examine({ ...environment, DATA_DIR: join(environment.DATA_DIR!, 'encryption.key') });
      expect(inFile.code).toBe(1);
      expect(inFile.of('store')).toEqual([matching(/^failed: .* \S+encryption\.key is needed as a folder/)]);
      expect((await examine({ ...environment, DATABASE_URL: 'sqlite::memory:' })).of('store')).toEqual([
        matching(/^warning: DATABASE_URL is sqlite::memory:/),
      ]);
    });

    it('reports an empty file instead of a store, and a key file that is too short', async () => {
      writeFileSync(join(environment.DATA_DIR!, 'clientele.db'), '');
      writeFileSync(join(environment.DATA_DIR!, 'encryption.key'), 'too-short');

      const { code, of } = await examine(environment);
      expect(code).toBe(1);
      expect(of('store')).toEqual([
        matching(/^failed: SQLite at \S+ cannot be read: The store \S+clientele\.db is an empty file\.$/),
      ]);
      expect(of('durability')).toEqual([]);
      expect(of('encryption-keys')).toEqual([matching(/^failed: \S+encryption\.key must hold 32 bytes/)]);
    });

    it('reports a time in the store that is in the future', async () => {
      await inStore(environment, `UPDATE api_access_token SET created_at = ${Date.now() + 3_600_000}`);

      const { code, of } = await examine(environment);
      expect(code).toBe(1);
      expect(of('clock')).toEqual([matching(/^failed: The store contains a time 3[56]\d\d\.\d s in the future/)]);
    });
  });

  it('reports a server that is not ready', async () => {
    await serve();
    await inStore(environment, "INSERT INTO encryption_key (key_id, created_at) VALUES ('AAAAAAAA', 0)");

    const { code, of } = await examine(environment);
    expect(code).toBe(1);
    expect(of('server')).toContainEqual(
      matching(/^failed: .* is not ready: ENCRYPTION_KEY does not contain every key/),
    );
  });

  it.each<[string, (response: ServerResponse) => void]>([
    ['a complete response', (response) => response.end('{}')],
    [
      'an endless response',
      (response) => {
        const writeMore = (): void => {
          while (response.write('x'.repeat(65_536)));
        };
        response.on('drain', writeMore);
        writeMore();
      },
    ],
  ])('reports another program that uses the port of the server and sends %s', async (_response, respond) => {
    const program = createServer((_request, response) => {
      respond(response);
    });
    const PORT = await listen(program);

    expect((await examine({ ...environment, PORT })).of('server')).toEqual([
      matching(/^failed: Another program responds at/),
    ]);
    program.closeAllConnections();
    program.close();
  });

  it('checks the server on its management port if MANAGEMENT_PORT is set', async () => {
    const settings = { ...environment, MANAGEMENT_PORT: String(await freePort()) };
    await serve(settings);

    expect((await examine(settings)).of('server')).toEqual([
      `ok: The server at http://127.0.0.1:${settings.MANAGEMENT_PORT} is ready.`,
      matching(
        new RegExp(`^ok: The server at http://127\\.0\\.0\\.1:${environment.PORT!} has version \\S+, as this command`),
      ),
    ]);
    const other = await examine({ ...settings, DATA_DIR: join(folder.path, 'other') });
    expect(other.code).toBe(1);
    expect(other.of('server')).toEqual([
      matching(/^failed: The server at \S+ uses another store than \S+clientele\.db/),
    ]);
  });

  it('reports a server that was started with another BASE_URL', async () => {
    await serve({ ...environment, BASE_URL: 'https://old.example.com' });

    const { code, of } = await examine(environment);
    expect(code).toBe(1);
    expect(of('discovery')).toEqual([
      matching(
        /^failed: The issuer at \S+ is https:\/\/old\.example\.com\/connect\/\d+; in the configuration it is http:/,
      ),
    ]);
  });

  describe('with a proxy in front of the server', () => {
    type Handler = (request: IncomingMessage, response: ServerResponse, forward: () => void) => void;
    let proxy: Server;
    let handle: Handler;

    beforeEach(async () => {
      handle = (_request, _response, forward) => {
        forward();
      };
      proxy = createServer((incoming, response) => {
        const forward = (): void => {
          const { url: path, method, headers } = incoming;
          const forwarded = request({ port: environment.PORT, host: '127.0.0.1', path, method, headers, agent: false });
          forwarded.on('response', (upstream) => {
            response.writeHead(upstream.statusCode ?? 0, { ...upstream.headers, ...changedHeaders });
            upstream.pipe(response);
          });
          forwarded.end();
        };
        handle(incoming, response, forward);
      });
      changedHeaders = {};
      environment = { ...environment, BASE_URL: `http://127.0.0.1:${await listen(proxy)}` };
      await serve();
    });

    afterEach(() => {
      proxy.closeAllConnections();
      proxy.close();
    });

    /** Response headers that the proxy replaces. */
    let changedHeaders: Readonly<Record<string, string>>;

    it('warns if TRUSTED_PROXIES is not set, and reports no problem if it is set', async () => {
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

    it('reports a proxy that removes the Authorization header or blocks paths', async () => {
      handle = (incoming, response, forward) => {
        delete incoming.headers.authorization;
        if (incoming.url?.startsWith('/.well-known/')) response.writeHead(404).end();
        else forward();
      };

      const { code, of } = await examine(environment);
      expect(code).toBe(1);
      expect(of('proxy-headers')).toContain(
        'failed: The Authorization header does not reach the server, so no client can authenticate.',
      );
      expect(of('discovery')).toEqual([
        matching(/^warning: \S+\/\.well-known\/oauth-authorization-server\/connect\/\d+ responds with HTTP 404/),
      ]);

      handle = (incoming, response, forward) => {
        if (incoming.url?.includes('/register/')) response.writeHead(403).end();
        else forward();
      };
      expect((await examine(environment)).of('proxy-headers')).toContainEqual(
        matching(/^failed: The response to a wrong token at \S+ is HTTP 403/),
      );
    });

    it('reports a proxy that changes responses', async () => {
      handle = (incoming, response, forward) => {
        const issuer = `${environment.BASE_URL!}/connect/${SERVICE_ID}`;
        const metadata = { issuer, registration_endpoint: `${issuer.replace('http:', 'https:')}/register` };
        if (incoming.url?.includes('/.well-known/')) response.end(JSON.stringify(metadata));
        else forward();
      };

      expect((await examine(environment)).of('discovery')).toEqual([
        matching(/^failed: The registration_endpoint at \S+ is https:\S+; in the configuration it is http:\S+\.$/),
      ]);
    });

    it('reports a difference between the clocks of this machine and of the server at BASE_URL', async () => {
      changedHeaders = { date: new Date(Date.now() - 10_000).toUTCString() };
      expect((await examine(environment)).of('clock')).toContainEqual(
        matching(/^warning: .*BASE_URL differ by \d+\.\d s/),
      );

      changedHeaders = { date: new Date(Date.now() + 3_600_000).toUTCString() };
      const { code, of } = await examine(environment);
      expect(code).toBe(1);
      expect(of('clock')).toContainEqual(matching(/^failed: .*BASE_URL differ by 3[56]\d\d\.\d s/));
    });

    it('reports the version, the readiness and the clock of another server that commands call', async () => {
      changedHeaders = { date: new Date(Date.now() - 10_000).toUTCString() };
      handle = (incoming, response, forward) => {
        if (incoming.url === '/openapi.json') response.end(JSON.stringify({ info: { version: '9.9.9' } }));
        else if (incoming.url === '/health/ready')
          response.writeHead(503).end('{"reasons":{"store":"The disk is full."}}');
        else forward();
      };
      // Another spelling of BASE_URL is checked like another server.
      const CLIENTELE_URL = environment.BASE_URL!.replace('127.0.0.1', 'localhost');

      const { of } = await examine({ ...environment, CLIENTELE_URL, CLIENTELE_TOKEN: ACCESS_TOKEN });
      expect(of('server').slice(2)).toEqual([
        `failed: The server at ${CLIENTELE_URL} is not ready: The disk is full.`,
        matching(/^warning: .*localhost:\d+ has version 9\.9\.9, and this command has version \d/),
      ]);
      expect(of('clock')).toContainEqual(matching(/^warning: .*localhost:\d+ differ by \d+\.\d s/));
    });

    it('reports a proxy that cannot reach the server, does not respond, or is not running', async () => {
      handle = (_incoming, response) => response.writeHead(502).end();
      expect((await examine(environment)).of('reachability')).toEqual([
        matching(/^failed: \S+ responds with HTTP 502/),
      ]);

      handle = () => undefined;
      const timedOut = await examine(environment);
      expect(timedOut.code).toBe(1);
      expect(timedOut.of('reachability')).toEqual([
        matching(/^failed: \S+ cannot be reached from this machine: no response within 3 s/),
      ]);

      // The proxy responds without TLS.
      const withTls = await examine({ ...environment, BASE_URL: environment.BASE_URL!.replace('http:', 'https:') });
      expect(withTls.of('reachability')).toEqual([matching(/^failed: .*: it does not use TLS at this port\.$/)]);
      expect(withTls.findings.find(({ check }) => check === 'reachability')?.advice).toMatch(/^Correct the port/);

      proxy.closeAllConnections();
      await new Promise((resolve) => proxy.close(resolve));
      expect((await examine(environment)).of('reachability')).toEqual([matching(/^failed: .*: ECONNREFUSED\.$/)]);
    });

    it('checks discovery at the issuer of the authorization server if the service has one', async () => {
      const issuer = `${environment.BASE_URL!}/as`;
      const updated = await fetch(
        `${environment.BASE_URL!.replace(/\d+$/, environment.PORT!)}/api/${SERVICE_ID}/service/update`,
        {
          method: 'POST',
          headers: { authorization: `Bearer ${ACCESS_TOKEN}`, 'content-type': 'application/json' },
          body: JSON.stringify({
            issuer,
            protocolRegistration: 'OPEN',
            softwareStatementIssuers: [
              { issuer: 'https://statements.example', jwksUri: 'https://localhost/jwks.json' },
            ],
          }),
        },
      );
      expect(updated.status).toBe(200);
      let metadata: object = {};
      handle = (incoming, response, forward) => {
        if (incoming.url?.startsWith('/as/')) response.end(JSON.stringify(metadata));
        else forward();
      };

      const withoutMetadata = await examine(environment);
      expect(withoutMetadata.code).toBe(0);
      expect(withoutMetadata.of('discovery')).toEqual([
        matching(/^warning: The issuer at \S+\/as\/\.well-known\/openid-configuration is missing/),
      ]);
      expect(withoutMetadata.of('outbound')).toContainEqual(
        matching(/^warning: The keys .* cannot be fetched from \S+jwks\.json: /),
      );

      const registration_endpoint = `${environment.BASE_URL!}/connect/${SERVICE_ID}/register`;
      metadata = { issuer };
      expect(await examine(environment).then(({ findings }) => findings)).toContainEqual(
        expect.objectContaining({
          check: 'discovery',
          advice: `Add "registration_endpoint": "${registration_endpoint}" to the metadata of the authorization server.`,
        }),
      );
      metadata = { issuer, registration_endpoint };
      expect((await examine(environment)).of('discovery')).toEqual([matching(/^ok: /)]);
    });
  });
});
