import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { FIRST_START, getAnswer, inBatches, registerMany, SERVICE_ID, type KnownClient } from './support/clients.ts';
import {
  command,
  inStore,
  newKey,
  newKeptStore,
  startCommand,
  type Engine,
  type Environment,
} from './support/command.ts';
import type { NewStore } from './support/engine.ts';
import { ServerProcess } from './support/server-process.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const CLIENTS = 300;

/** The line with the counts. The number of changes that are not sealed yet depends on the time. */
const counts = (done: string, tokens = ', 1 api access token of all services', after = ''): unknown =>
  expect.stringMatching(
    new RegExp(
      `^${done} 1 service${tokens}, ${CLIENTS} clients, ` +
        `1 audit chain(, \\d+ audit entr(y|ies))?(, \\d+ pending audit entr(y|ies))?\\.\\n${after}$`,
    ),
  );

describe.each<[Engine, Engine]>([
  ['sqlite', 'postgresql'],
  ['postgresql', 'sqlite'],
])('clientele export and import, from %s to %s', (from, to) => {
  const folder = temporaryFolder();
  const key = newKey();
  const servers: ServerProcess[] = [];
  let source: NewStore;
  let clients: readonly KnownClient[];
  let responses: readonly string[];
  let target: NewStore;
  let file: string;

  const serve = async (environment: Environment): Promise<string> => {
    const server = new ServerProcess({ ...FIRST_START, BASE_URL: 'https://clients.example.com', ...environment });
    servers.push(server);
    return server.listening();
  };

  const stopServers = async (): Promise<void> => {
    await Promise.all(servers.splice(0).map((server) => server.stop('SIGKILL')));
  };

  const responsesOf = (baseUrl: string): Promise<string[]> =>
    inBatches(clients, (client) => getAnswer(baseUrl, client));

  const countClients = async (environment: Environment): Promise<number> => {
    const [row] = await inStore(environment, 'SELECT count(*) AS n FROM client');
    return Number(row!.n);
  };

  const countServices = async (environment: Environment): Promise<number> => {
    const [row] = await inStore(environment, 'SELECT count(*) AS n FROM service');
    return Number(row!.n);
  };

  const exportToFile = async (): Promise<string> => {
    const outcome = await command(source.environment, 'export', SERVICE_ID, file, '--all-service-tokens');
    expect(outcome).toEqual({ code: 0, stdout: '', stderr: counts('Exported') });
    return readFileSync(file, 'utf8');
  };

  const IMPORT = ['import', '--all-service-tokens'];

  beforeAll(async () => {
    source = await newKeptStore(from, key);
    await command(source.environment, 'migrate', 'up');
    const baseUrl = await serve(source.environment);
    clients = await registerMany(baseUrl, CLIENTS);
    responses = await responsesOf(baseUrl);
  });

  beforeEach(async () => {
    file = join(folder.path, 'export.ndjson');
    target = await newKeptStore(to, key);
    await command(target.environment, 'migrate', 'up');
  });

  afterEach(() => target.drop());

  afterAll(async () => {
    await stopServers();
    await source.drop();
  });

  it('preserve every client: all responses are the same, and tokens and secrets remain valid', async () => {
    const text = await exportToFile();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    for (const { token, secret } of clients.slice(0, 50)) {
      expect(text).not.toContain(token);
      if (secret !== undefined) expect(text).not.toContain(secret);
    }

    expect(await command(target.environment, ...IMPORT, file)).toEqual({
      code: 0,
      stdout: '',
      stderr: counts('Imported'),
    });

    // The texts of both engines are the same; PostgreSQL returns large numbers as texts.
    const rows = async ({ environment }: NewStore): Promise<readonly unknown[]> =>
      (await inStore(environment, 'SELECT * FROM client ORDER BY client_id')).map((row) =>
        Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value === null ? null : String(value)])),
      );
    expect(await rows(target)).toEqual(await rows(source));
    const imported = new ServerProcess({ BASE_URL: 'https://clients.example.com', ...target.environment });
    expect(await responsesOf(await imported.listening())).toEqual(responses);
    await imported.stop();

    expect(await command(target.environment, ...IMPORT, file)).toMatchObject({
      code: 0,
      stderr: `Service ${SERVICE_ID} was imported before. Nothing was changed.\n`,
    });
  });

  it('import can be repeated after SIGKILL, and creates the service only at the end', async () => {
    const text = await exportToFile();
    const running = startCommand(target.environment, ...IMPORT);
    // Most of the clients, which come before the log.
    running.stdin.write(text.slice(0, text.indexOf('"kind":"audit_entry"') * 0.85));
    while ((await countClients(target.environment)) === 0) await setTimeout(20);
    running.kill('SIGKILL');
    await running.outcome;
    expect(await countServices(target.environment)).toBe(0);
    expect(await countClients(target.environment)).toBeLessThan(CLIENTS);

    expect((await command(target.environment, ...IMPORT, file)).code).toBe(0);
    expect(await countClients(target.environment)).toBe(CLIENTS);
    expect(await countServices(target.environment)).toBe(1);
  });

  it('import rejects a truncated or changed file and stores no client; piped input creates no service', async () => {
    const text = await exportToFile();
    const lines = text.trimEnd().split('\n');
    const broken: [string, string | RegExp][] = [
      [`${lines.slice(0, -1).join('\n')}\n`, /The file is incomplete: its last line.* is missing/],
      [text.slice(0, -20), /The file is incomplete: line \d+ is cut off/],
      [`${[...lines.slice(0, -2), lines.at(-1)!].join('\n')}\n`, /number of records differs/],
      [
        text.replace('Client 5"', 'Client X"').replace('Client 5\\"', 'Client X\\"'),
        /was changed after it was written/,
      ],
      ['{"format":"something else"}\n', /Line 1: not a file of 'clientele export'/],
      ['', /Line 1: not a JSON object/],
    ];
    for (const [content, expected] of broken) {
      const path = join(folder.path, 'broken.ndjson');
      writeFileSync(path, content);
      const { code, stderr } = await command(target.environment, ...IMPORT, path);
      expect(code).toBe(1);
      expect(stderr).toMatch(expected);
      expect(stderr).toMatch(/^clientele: [^\n]+\n$/);
    }
    expect(await countClients(target.environment)).toBe(0);

    const piped = startCommand(target.environment, ...IMPORT);
    piped.stdin.end(broken[0]![0]);
    expect(await piped.outcome).toMatchObject({ code: 1, stderr: expect.stringMatching(/is incomplete/) as unknown });
    expect(await countServices(target.environment)).toBe(0);
    expect((await command(target.environment, ...IMPORT, file)).code).toBe(0);
  });

  it('import rejects a different service with the same ID, rows of another import, and missing encryption keys', async () => {
    await exportToFile();
    await command(target.environment, 'migrate', 'up');
    const wrongKey = { ...target.environment, ENCRYPTION_KEY: newKey() };
    const other = await command(wrongKey, ...IMPORT, file);
    expect(other.code).toBe(1);
    expect(other.stderr).toMatch(/The secrets in the file were encrypted with the key [\w-]{8}, which ENCRYPTION_KEY/);
    expect(await countClients(target.environment)).toBe(0);

    await inStore(
      target.environment,
      `INSERT INTO client (service_id, client_id, version, created_at, modified_at, metadata, locked, source, last_used_at,
          update_day, update_count, search_hash)
        VALUES (${SERVICE_ID}, 7, 1, 1, 1, '{}', 0, 'dynamic', 0, 0, 0, '')`,
    );
    const leftover = await command(target.environment, ...IMPORT, file);
    expect(leftover.code).toBe(1);
    expect(leftover.stderr).toMatch(
      /of an unfinished import of another file remain .* Delete them with --start-over\./,
    );
    expect(await countServices(target.environment)).toBe(0);
    expect((await command(target.environment, ...IMPORT, '--start-over', file)).code).toBe(0);
    expect(await countClients(target.environment)).toBe(CLIENTS);

    await inStore(target.environment, `UPDATE client SET version = 9 WHERE client_id = ${clients[0]!.clientId}`);
    expect((await command(target.environment, ...IMPORT, file)).stderr).toMatch(
      /was imported before and has changed since/,
    );
    await inStore(target.environment, 'UPDATE service SET version = 9');
    expect((await command(target.environment, ...IMPORT, file)).stderr).toMatch(
      /A service \d+ exists already, and it is not/,
    );
    expect(await countClients(target.environment)).toBe(CLIENTS);
  });

  it('omit API access tokens for all services by default, and report that no token allows calls for the service', async () => {
    const piped = await command(source.environment, 'export', SERVICE_ID);
    expect(piped).toMatchObject({ code: 0, stderr: counts('Exported', '') });
    const running = startCommand(target.environment, 'import');
    running.stdin.end(piped.stdout);
    expect(await running.outcome).toMatchObject({
      code: 0,
      stderr: counts(
        'Imported',
        '',
        "No API access token allows calls for this service. See --all-service-tokens, or run 'clientele token recover'.\n",
      ),
    });

    await exportToFile();
    const withoutOption = await command(target.environment, 'import', file);
    expect(withoutOption).toMatchObject({ code: 1, stderr: expect.stringMatching(/--all-service-tokens/) as unknown });
  });

  it('reports a reader that closes the pipe, on one line', async () => {
    const running = startCommand(source.environment, 'export', SERVICE_ID);
    running.stdout.destroy();

    expect(await running.outcome).toMatchObject({ code: 1, stderr: 'clientele: write EPIPE\n' });
  });

  it('export replaces an existing file only with --force, and creates no incomplete file', async () => {
    writeFileSync(file, 'something else');
    expect(await command(source.environment, 'export', SERVICE_ID, file)).toMatchObject({
      code: 1,
      stderr: `clientele: ${file} already exists. Use --force to replace it.\n`,
    });
    expect((await command(source.environment, 'export', SERVICE_ID, file, '--force')).code).toBe(0);
    const missing = join(folder.path, 'missing.ndjson');
    expect(await command(source.environment, 'export', '12345', missing)).toMatchObject({
      code: 1,
      stderr: 'clientele: There is no service 12345.\n',
    });
    expect(existsSync(missing)).toBe(false);
    expect(readdirSync(folder.path)).toEqual(['export.ndjson']);
    expect((await command(source.environment, 'export', 'x')).code).toBe(2);
  });
});
