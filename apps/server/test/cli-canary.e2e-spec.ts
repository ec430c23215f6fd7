import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FIRST_START, register, SERVICE_ID } from './support/clients.ts';
import {
  command,
  engineOfTests,
  newKey,
  newKeptStore,
  startCommand,
  type Environment,
  type Outcome,
} from './support/command.ts';
import { freePort } from './support/free-port.ts';
import type { NewStore } from './support/engine.ts';
import { ServerProcess } from './support/server-process.ts';

const PASSWORD = 'canary-database-password';
const ACCESS_TOKEN = 'canary-api-access-token-of-32-characters';

/** The time limit for about fifty commands, in milliseconds. */
const TIME_LIMIT = 480_000;

/** Runs every command with known secrets in the store and in the environment. */
describe('secrets in the output of commands', () => {
  const onPostgres = engineOfTests() === 'postgresql';
  const folder = mkdtempSync(join(tmpdir(), 'clientele-'));
  const key = newKey();
  const secrets = new Set<string>([PASSWORD, ACCESS_TOKEN, key]);
  /** The output of each command, with its arguments. */
  const printed: (Outcome & { readonly words: string })[] = [];
  let store: NewStore;
  let environment: Environment;
  /** The settings after the rotation of the key. */
  let rotated: Environment;

  const run = async (words: readonly string[], settings = environment, input = ''): Promise<Outcome> => {
    const outcome = await (input === '' ? command(settings, ...words) : runWithInput(input, settings, ...words));
    printed.push({ words: words.join(' '), ...outcome });
    return outcome;
  };

  const runWithInput = (input: string, settings: Environment, ...words: readonly string[]): Promise<Outcome> => {
    const { stdin, outcome } = startCommand(settings, ...words);
    stdin.end(input);
    return outcome;
  };

  const document = async <T>(settings: Environment, ...words: string[]): Promise<T> => {
    const { code, stdout, stderr } = await command(settings, ...words, '--json');
    if (code !== 0) throw new Error(stderr);
    return JSON.parse(stdout) as T;
  };

  /** Runs the commands that call the server. */
  const callServer = async (settings: Environment): Promise<void> => {
    const created = await document<{ accessToken: { token: string } }>(settings, 'service', 'create');
    const { token } = await document<{ token: string }>(settings, 'token', 'create', '--service', SERVICE_ID);
    const initial = await document<{ token: string }>(
      settings,
      ...['initial-access-token', 'create', '--service', SERVICE_ID],
    );
    secrets.add(created.accessToken.token).add(token).add(initial.token);
    for (const words of [
      ['service', 'list'],
      ['service', 'get', '--service', SERVICE_ID],
      ['service', 'configuration', '--service', SERVICE_ID],
      ['token', 'list', '--service', SERVICE_ID],
      ['token', 'list', '--all-services'],
      ['initial-access-token', 'list', '--service', SERVICE_ID],
    ]) {
      await run(words, settings);
      await run([...words, '--json'], settings);
    }
    for (const words of [
      ['token', 'list', '--all-services'],
      ['service', 'impact', '{}', '--service', SERVICE_ID],
    ])
      await run(words, { ...settings, CLIENTELE_TOKEN: ACCESS_TOKEN });
    await run(['token', 'create', '--service', SERVICE_ID, '--name', ACCESS_TOKEN], settings);
  };

  const file = (name: string): string => join(folder, name);

  /** Adds a password to the URL of a store. PostgreSQL ignores it unless it is configured to check passwords. */
  const addPassword = (url: string, password = PASSWORD): string =>
    url.replace('://clientele@', `://clientele:${password}@`);

  beforeAll(async () => {
    store = await newKeptStore(engineOfTests(), key);
    environment = {
      ...store.environment,
      ...(store.environment.DATABASE_URL !== undefined && {
        DATABASE_URL: addPassword(store.environment.DATABASE_URL),
      }),
      ...FIRST_START,
      BOOTSTRAP_ACCESS_TOKEN: FIRST_START.BOOTSTRAP_ACCESS_TOKEN,
      PORT: String(await freePort()),
    };
    secrets.add(FIRST_START.BOOTSTRAP_ACCESS_TOKEN);
    await run(['migrate', 'up', '--json']);
    const server = new ServerProcess(environment);
    const baseUrl = await server.listening();
    for (let index = 0; index < 3; index++) {
      const { token, secret } = await register(baseUrl, { client_name: `Client ${index}` });
      secrets.add(token).add(secret!);
    }

    // Commands that run beside a server.
    for (const words of [
      ['config', 'print'],
      ['doctor'],
      ['audit', 'verify'],
      ['audit', 'list', SERVICE_ID],
      ['migrate', 'status'],
    ]) {
      await run(words);
      await run([...words, '--json']);
    }
    await run(['migrate', 'plan']);
    await run(['export', SERVICE_ID]);
    await run(['export', SERVICE_ID, file('export.ndjson'), '--all-service-tokens', '--json']);
    await run(['backup', file('backup.db'), '--json']);
    await callServer({ ...environment, CLIENTELE_URL: baseUrl, CLIENTELE_TOKEN: FIRST_START.BOOTSTRAP_ACCESS_TOKEN });
    await server.stop();

    // Commands that run while the server is stopped.
    const { token } = await document<{ token: string }>(environment, 'token', 'recover', '--service', SERVICE_ID);
    secrets.add(token);
    await run(['doctor']);
    await run(['import', file('export.ndjson'), '--all-service-tokens', '--json']);
    await run(['restore', '--force', file('backup.db'), '--json']);
    const next = newKey();
    secrets.add(next);
    rotated = { ...environment, ENCRYPTION_KEY: `${next},${key}` };
    await run(['key', 'rotate', '--json'], rotated);
    await run(['key', 'rotate'], environment);
    await run(['doctor', '--json'], environment);
    await run(['serve', '--json'], environment);

    // Commands that fail.
    const unreachable = {
      ...environment,
      DATABASE_URL: `postgres://clientele:${PASSWORD}@127.0.0.1:1/clientele?password=${PASSWORD}`,
    };
    const ambiguous = { ...environment, DATABASE_URL: `postgres://clientele:${PASSWORD}/#@127.0.0.1:1/clientele` };
    const tokenFile = file('token');
    writeFileSync(tokenFile, `${ACCESS_TOKEN} and more`);
    const { BOOTSTRAP_ACCESS_TOKEN: _token, ...others } = environment;
    const invalid = [
      unreachable,
      ambiguous,
      { ...environment, DATABASE_URL: `mysql://clientele:${PASSWORD}@127.0.0.1/clientele` },
      { ...environment, ENCRYPTION_KEY: `${key}${key}` },
      { ...others, BOOTSTRAP_ACCESS_TOKEN_FILE: tokenFile },
    ];
    for (const settings of invalid) {
      await run(['doctor', '--json'], settings);
      await run(['config', 'print'], settings);
    }
    await run(['serve'], unreachable);
    await run(['token', 'recover'], unreachable);
    await run(['key', 'rotate'], unreachable);
  }, TIME_LIMIT);

  afterAll(async () => {
    await store.drop();
    rmSync(folder, { recursive: true });
  });

  it('no command prints an existing secret', () => {
    expect(secrets.size).toBeGreaterThanOrEqual(12);
    expect(printed.length).toBeGreaterThan(30);
    for (const { words, stdout, stderr } of printed) {
      for (const secret of secrets) {
        expect({ words, leaked: stdout.includes(secret) || stderr.includes(secret) }).toEqual({ words, leaked: false });
      }
    }
    expect(printed.some(({ code }) => code === 1)).toBe(true);
    expect(printed.find(({ words }) => words === 'config print')?.stdout).toContain('[redacted]');
  });

  it('an exported file contains no secret', () => {
    const text = readFileSync(file('export.ndjson'), 'utf8');

    expect(text).toContain('"kind":"client"');
    for (const secret of secrets) expect(text).not.toContain(secret);
  });

  it('token recover prints the new token once', async () => {
    const { stdout, stderr, code } = await command(rotated, 'token', 'recover', '--json');
    if (code !== 0) throw new Error(stderr);
    const { token } = JSON.parse(stdout) as { token: string };

    expect(`${stdout}${stderr}`.split(token)).toHaveLength(2);
  });

  if (onPostgres) {
    it('commands do not print the password if PostgreSQL rejects it', async () => {
      const { Postgres, execute } = await import('./support/postgres.ts');
      const strict = await Postgres.start();
      await execute(strict.url(), `ALTER USER clientele PASSWORD 'right-${PASSWORD}'`);
      writeFileSync(join(strict.dataFolder, 'pg_hba.conf'), 'host all all 127.0.0.1/32 scram-sha-256\n');
      await execute(strict.url(), 'SELECT pg_reload_conf()');
      const settings = { ...environment, DATABASE_URL: addPassword(strict.url()) };
      for (const words of [
        ['doctor'],
        ['migrate', 'up'],
        ['audit', 'verify', '--json'],
        ['serve'],
        ['config', 'print'],
      ]) {
        const { stdout, stderr } = await command(settings, ...words);
        expect(stdout + stderr).not.toContain(PASSWORD);
        if (words[0] !== 'config')
          expect(stdout + stderr).toContain('PostgreSQL refuses the user or the password in DATABASE_URL.');
      }
      await strict.remove();
    });
  }
});
