import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ServerProcess } from '../crash/server-process.ts';
import { ROOT } from './root.ts';

export const SERVICE_ID = '986126671';
export const ACCESS_TOKEN = 'an-api-access-token-for-all-tests';

/** The built server with a new embedded store. It runs the commands and programs of the documentation. */
export class DocumentedServer {
  readonly #dataDir = mkdtempSync(join(tmpdir(), 'clientele-documentation-'));
  readonly #server = new ServerProcess({
    DATA_DIR: this.#dataDir,
    BOOTSTRAP_SERVICE_ID: SERVICE_ID,
    BOOTSTRAP_ACCESS_TOKEN: ACCESS_TOKEN,
  });
  baseUrl = '';

  async listening(): Promise<void> {
    ({ baseUrl: this.baseUrl } = await this.#server.listening());
  }

  async stop(): Promise<void> {
    await this.#server.stop();
    rmSync(this.#dataDir, { recursive: true });
  }

  /** Returns a text of the documentation with the address of this server. */
  here(text: string): string {
    return text.replaceAll('http://127.0.0.1:3000', this.baseUrl);
  }

  /** Runs a documented command in the repository, and returns its output. */
  run(command: string, ...args: string[]): Promise<string> {
    return this.runWith({}, command, ...args);
  }

  /** Does the same with further variables in the environment. */
  async runWith(more: Readonly<Record<string, string>>, command: string, ...args: string[]): Promise<string> {
    const environment = { ...process.env, SERVICE_ID, ACCESS_TOKEN, FORCE_COLOR: '0' };
    const { stdout } = await promisify(execFile)(
      command,
      args.map((text) => this.here(text)),
      { cwd: fileURLToPath(ROOT), env: { ...environment, ...more } },
    );
    return stdout;
  }

  /** Pastes commands into a shell, and returns their output as JSON. */
  async paste(commands: string, more: Readonly<Record<string, string>> = {}): Promise<unknown> {
    return JSON.parse(await this.runWith(more, 'bash', '-c', commands)) as unknown;
  }
}
