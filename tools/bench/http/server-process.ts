import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const SERVICE_ID = 1;
export const ACCESS_TOKEN = 'a-token-for-benchmarks';

export interface RunningServer {
  readonly baseUrl: string;
  stop(): Promise<void>;
}

/** Starts a variant of the server (variant.ts) with these settings, and waits until it can be called. */
export async function startVariant(
  variant: string,
  settings: Readonly<Record<string, string>>,
): Promise<RunningServer> {
  const path = fileURLToPath(new URL('variant.ts', import.meta.url));
  const server = spawn(process.execPath, ['--import', 'tsx', path, variant], {
    env: {
      PATH: process.env.PATH,
      BOOTSTRAP_SERVICE_ID: String(SERVICE_ID),
      BOOTSTRAP_ACCESS_TOKEN: ACCESS_TOKEN,
      LOG_LEVEL: 'warn',
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<never>((_resolve, reject) => {
    server.once('exit', (code) => {
      reject(new Error(`The server ended with ${code ?? 'a signal'}.`));
    });
  });
  const listening = new Promise<string>((resolve) => {
    createInterface(server.stdout).on('line', (line) => {
      const port = /^listening at (\d+)$/.exec(line)?.[1];
      if (port !== undefined) resolve(`http://127.0.0.1:${port}`);
    });
  });
  const baseUrl = await Promise.race([listening, ended]);
  return {
    baseUrl,
    stop: async () => {
      server.kill();
      await ended.catch(() => undefined);
    },
  };
}
