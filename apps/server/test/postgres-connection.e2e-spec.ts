import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command } from './support/command.ts';
import { execute, Postgres } from './support/postgres.ts';
import { startServer } from './support/server.ts';

/** The names in docs/postgresql.md, and those of the test: the superuser of the test is already `clientele`. */
const page = readFileSync(new URL('../../../docs/postgresql.md', import.meta.url), 'utf8')
  .replaceAll('db.internal', 'localhost')
  .replaceAll('10.1.0.0/16', '127.0.0.1/32')
  .replaceAll(/\bclientele\b/g, 'registry');

/** The code block of the page that contains a text. */
function blockWith(text: string): string {
  const found = Array.from(page.matchAll(/```\w*\n([^]*?)```/g), ([, block = '']) => block);
  const block = found.find((each) => each.includes(text));
  if (block === undefined) throw new Error(`No block of docs/postgresql.md contains ${text}.`);
  return block;
}

describe('docs/postgresql.md', () => {
  const folder = mkdtempSync(join(tmpdir(), 'clientele-tls-'));
  const authority = join(folder, 'ca.crt');
  const key = randomBytes(32).toString('base64url');
  let postgres: Postgres;

  beforeAll(async () => {
    postgres = await Postgres.start();
    const [inServer = '', inDatabase = ''] = blockWith('CREATE ROLE').split('\\connect registry\n');
    for (const statement of inServer.trim().split('\n')) await execute(postgres.url(), statement);
    await execute(postgres.url('registry'), inDatabase);

    execFileSync('bash', ['--norc', '-c', blockWith('openssl req')], { cwd: folder, stdio: 'pipe' });
    const { dataFolder } = postgres;
    const { uid, gid } = statSync(dataFolder);
    for (const name of ['server.crt', 'server.key']) {
      copyFileSync(join(folder, name), join(dataFolder, name));
      chownSync(join(dataFolder, name), uid, gid);
    }
    const access = join(dataFolder, 'pg_hba.conf');
    const others = 'host all registry all reject\n';
    writeFileSync(access, blockWith('hostssl') + others + readFileSync(access, 'utf8'));
    await execute(postgres.url(), 'ALTER SYSTEM SET ssl = on');
    await execute(postgres.url(), 'SELECT pg_reload_conf()');
  });

  afterAll(async () => {
    await postgres.remove();
    rmSync(folder, { recursive: true });
  });

  const settingsOf = (url: string) => ({
    BASE_URL: 'https://clients.example.org',
    DATABASE_URL: url,
    AUTO_MIGRATE: 'true',
    ENCRYPTION_KEY: key,
  });

  /** The address of the role in the database, by TLS. */
  const addressWith = (parameters: string, host = 'localhost'): string => {
    const { port } = new URL(postgres.url());
    return `postgres://registry:a-long-password@${host}:${port}/registry${parameters}`;
  };

  const verified = () => addressWith(`?sslmode=verify-full&sslrootcert=${authority}`);

  it('creates a role that can do everything a server does, over TLS and over a socket', async () => {
    const overTls = await startServer(settingsOf(verified()));
    const client = await overTls.register();
    await overTls.close();

    const socket = new URL(postgres.socketUrl('registry'));
    socket.username = 'registry';
    const overSocket = await startServer(settingsOf(socket.href));
    expect((await overSocket.get(client)).content).toEqual(client.information);
    await overSocket.update(client, { client_name: 'Updated' });
    expect((await overSocket.call('delete', client)).body.action).toBe('DELETED');
    await overSocket.close();
  });

  it.each<[string, () => string, RegExp]>([
    ['no TLS', () => addressWith(''), /none without TLS\. .*sslmode in DATABASE_URL/],
    ['a password that is wrong', () => verified().replace('a-long', 'a-wrong'), /refuses the user or the password/],
    [
      'an unknown authority',
      () => addressWith('?sslmode=verify-full'),
      /an authority that this machine does not trust/,
    ],
    ['another name', () => verified().replace('localhost', '127.0.0.1'), /its certificate is for another name/],
    [
      'a missing file',
      () => verified().replace('ca.crt', 'missing.crt'),
      /The file \/\S+missing\.crt, .*cannot be read/,
    ],
    [
      'a missing socket',
      () => 'postgres://registry@%2Fmissing/registry',
      /No PostgreSQL listens at the socket \/missing/,
    ],
  ])('a connection with %s is refused with the remedy', async (_name, url, reason) => {
    for (const words of [
      ['migrate', 'status'],
      ['migrate', 'up'],
    ]) {
      const { code, stderr } = await command(settingsOf(url()), ...words);
      expect(stderr).toMatch(reason);
      expect(stderr).not.toMatch(/-password/);
      expect(code).toBe(1);
    }
  });

  it('a role without rights is told to become the owner', async () => {
    await execute(postgres.url(), 'CREATE ROLE stranger LOGIN');
    await execute(postgres.url(), 'CREATE DATABASE others');
    await execute(postgres.url('others'), 'REVOKE ALL ON SCHEMA public FROM PUBLIC');
    const { stderr } = await command(
      settingsOf(postgres.url('others').replace('clientele@', 'stranger@')),
      'migrate',
      'up',
    );

    expect(stderr).toMatch(/lacks a right in its database\. Make the user the owner/);
  });
});
