import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Message, Question } from './child.ts';

export const SERVICE_ID = 1;
export const ACCESS_TOKEN = 'a-token-for-benchmarks';

/** A file beside this one, and its arguments. */
type Command = readonly [file: string, ...options: string[]];

type Settings = Readonly<Record<string, string>>;

export interface RunningServer {
  readonly baseUrl: string;
  /** Microseconds of processor time that the process has taken so far, all of its threads together. */
  cpu(): Promise<number>;
  /** Bytes of memory that the process has now, its resident set. */
  memory(): Promise<number>;
  /** What its processor time goes to while something runs. */
  profileDuring(run: () => Promise<unknown>): Promise<Message['profile']>;
  stop(): Promise<void>;
}

/** Starts a server in a process of its own, with these settings, and waits until it can be called. */
export async function startServer(command: Command, settings: Settings): Promise<RunningServer> {
  const server = forkWith(command, settings);
  const ended = once(server, 'exit');
  const next = async <Name extends keyof Message>(name: Name): Promise<Message[Name]> => {
    const told = await Promise.race([once(server, 'message'), ended.then(() => undefined)]);
    const value = (told?.[0] as Partial<Message> | undefined)?.[name];
    if (value === undefined) throw new Error(`The server ended (${server.exitCode ?? server.signalCode ?? ''}).`);
    return value;
  };
  const ask = <Name extends keyof Message>(question: Question, name: Name): Promise<Message[Name]> => {
    const answer = next(name);
    server.send(question);
    return answer;
  };
  const port = await next('port');
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    cpu: () => ask('usage', 'cpu'),
    memory: () => ask('usage', 'memory'),
    profileDuring: async (run) => {
      await ask('start profile', 'profiling');
      await run();
      return ask('stop profile', 'profile');
    },
    stop: async () => {
      server.kill();
      await ended;
    },
  };
}

/** Runs what ends by itself in a process of its own, with these settings. Throws when it fails. */
export async function runProcess(command: Command, settings: Settings): Promise<void> {
  const [code] = (await once(forkWith(command, settings), 'exit')) as [number | null];
  if (code !== 0) throw new Error(`${command.join(' ')} failed.`);
}

function forkWith([file, ...options]: Command, settings: Settings): ChildProcess {
  const path = fileURLToPath(new URL(file, import.meta.url));
  return fork(path, options, {
    execArgv: ['--import', 'tsx'],
    env: {
      PATH: process.env.PATH,
      BOOTSTRAP_SERVICE_ID: String(SERVICE_ID),
      BOOTSTRAP_ACCESS_TOKEN: ACCESS_TOKEN,
      // All calls come from one address.
      RATE_LIMIT_PER_ADDRESS: '0',
      RATE_LIMIT_PER_SERVICE: '0',
      ...settings,
    },
    // What it logs is written, and read by nobody.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}
