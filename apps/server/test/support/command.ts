import { fork, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Readable } from 'node:stream';
import pg from 'pg';
import { openSqlite } from '../../src/database/sqlite-driver.ts';
import { postgresUrl, type NewStore } from './engine.ts';
import { createDatabase } from './postgres.ts';

/** The command as npm links it. */
const COMMAND = fileURLToPath(new URL('../../bin/clientele.mjs', import.meta.url));

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCommand {
  readonly outcome: Promise<Outcome>;
  readonly ended: boolean;
  readonly stdin: NodeJS.WritableStream;
  readonly stdout: Readable;
  kill(signal: NodeJS.Signals): void;
  /** The first line of standard output that matches the pattern. Throws if the command ends without it. */
  line(pattern: RegExp): Promise<string>;
}

/** The option of Node by which the clock of a process says 1970. */
export const CLOCK_OF_1970 = '--import=data:text/javascript,Date.now=()=>0';

/** A folder without the login of the person who runs the tests. */
const NO_LOGIN = { XDG_CONFIG_HOME: '/nonexistent' };

export type Environment = Readonly<Record<string, string>>;

/** Starts the built command with exactly these settings. */
export function startCommand(environment: Environment, ...words: readonly string[]): RunningCommand {
  const started = spawn(process.execPath, [COMMAND, ...words], { env: { ...NO_LOGIN, ...environment }, stdio: 'pipe' });
  // A failing command can end before it reads its standard input.
  started.stdin.on('error', () => undefined);
  let stdout = '';
  let stderr = '';
  started.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  started.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const outcome = new Promise<Outcome>((resolve) => {
    started.on('close', (code) => {
      resolve({ code, stdout, stderr });
    });
  });
  return {
    outcome,
    stdout: started.stdout,
    line: (pattern) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          const complete = stdout.split('\n').slice(0, -1);
          const found = complete.find((line) => pattern.test(line));
          if (found !== undefined) resolve(found);
        };
        started.stdout.on('data', check);
        check();
        void outcome.then(() => {
          reject(new Error(`The command ended without printing ${String(pattern)}.\n${stdout}${stderr}`));
        });
      }),
    get ended() {
      return started.exitCode !== null || started.signalCode !== null;
    },
    stdin: started.stdin,
    kill: (signal) => started.kill(signal),
  };
}

/** Runs the built command to its end in its own process. */
export function commandAlone(environment: Environment, ...words: readonly string[]): Promise<Outcome> {
  const { outcome, stdin } = startCommand(environment, ...words);
  stdin.end();
  return outcome;
}

/** The program that runs commands that do not need their own process. */
const RUNNER = fileURLToPath(new URL('command-runner.mjs', import.meta.url));
const idleRunners: ChildProcess[] = [];

/**
 * Runs the built command to its end in a reused process, because a command spends most of its time on loading modules.
 * `serve` runs in its own process, because it ends the process if it cannot start.
 */
export async function command(environment: Environment, ...words: readonly string[]): Promise<Outcome> {
  if (words.includes('serve')) return commandAlone(environment, ...words);
  const runner =
    idleRunners.pop() ??
    fork(RUNNER, { env: {}, execArgv: ['--expose-gc'], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const outcome = await new Promise<Outcome>((resolve, reject) => {
    const failed = (): void => {
      reject(new Error(`The process of 'clientele ${words.join(' ')}' ended before the command did.`));
    };
    runner.once('exit', failed).once('message', (message) => {
      runner.off('exit', failed);
      resolve(message as Outcome);
    });
    runner.send({ environment: { ...NO_LOGIN, ...environment }, words });
  });
  idleRunners.push(runner);
  return outcome;
}

afterAll(() => {
  for (const runner of idleRunners.splice(0)) runner.disconnect();
});

export type Engine = 'sqlite' | 'postgresql';

/** The engine that the tests run on. */
export function engineOfTests(): Engine {
  return globalThis.TEST_ENGINE ?? 'sqlite';
}

/** An empty store that outlives the processes that use it. */
export async function newKeptStore(engine: Engine = engineOfTests(), encryptionKey = newKey()): Promise<NewStore> {
  if (engine === 'postgresql') {
    const { url, drop } = await createDatabase(postgresUrl());
    return { environment: { DATABASE_URL: url, ENCRYPTION_KEY: encryptionKey }, drop };
  }
  const folder = mkdtempSync(join(tmpdir(), 'clientele-'));
  return {
    environment: { DATA_DIR: folder, ENCRYPTION_KEY: encryptionKey },
    drop: () => {
      rmSync(folder, { recursive: true });
      return Promise.resolve();
    },
  };
}

/** A new value for `ENCRYPTION_KEY`. */
export function newKey(): string {
  return randomBytes(32).toString('base64url');
}

export type SqlRow = Record<string, string | number | null>;

/** Runs one statement on its own connection, even if a server uses the store, and returns the rows. */
export async function inStore({ DATABASE_URL, DATA_DIR }: Environment, sql: string): Promise<readonly SqlRow[]> {
  if (DATABASE_URL === undefined) {
    const database = await openSqlite(join(DATA_DIR!, 'clientele.db'), { timeout: 10_000 });
    try {
      return database.prepare(sql).all() as SqlRow[];
    } finally {
      database.close();
    }
  }
  const client = new pg.Client({ connectionString: DATABASE_URL });
  await client.connect();
  try {
    return (await client.query<SqlRow>(sql)).rows;
  } finally {
    await client.end();
  }
}
