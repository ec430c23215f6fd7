import { chmodSync, readFileSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { isJsonObject } from '@clientele/model/metadata';
import { describeFailure } from '../database/describe-failure.ts';
import { statusOf } from '../files/exists.ts';
import { ensurePrivateFolder } from '../files/ownership.ts';
import { createAtomically } from './atomic-file.ts';
import { CommandError } from './command-error.ts';
import { isServiceId } from './service-id.ts';

/** The contents of the file of `clientele login`: the server, the service if there is one, and the API access token. */
export interface Login {
  /** Without `/api/...` and without a slash at the end. */
  readonly url: string;
  readonly service?: number;
  readonly token: string;
}

/** The mode of the file: only its owner may read it. */
const MODE = 0o600;

/**
 * The path of the file.
 *
 * @see https://specifications.freedesktop.org/basedir-spec/latest/
 */
export function loginPath({ XDG_CONFIG_HOME: folder = '' }: NodeJS.ProcessEnv): string {
  return join(isAbsolute(folder) ? folder : join(homedir(), '.config'), 'clientele', 'login.json');
}

/** Reads the file; `undefined` if there is none. Throws if others may read it. */
export function readLogin(environment: NodeJS.ProcessEnv): Login | undefined {
  const path = loginPath(environment);
  const status = statusOf(path);
  if (status === undefined) return undefined;
  if (process.platform !== 'win32' && (status.mode & 0o077) !== 0)
    throw new CommandError(
      `Other users may use ${path} (mode 0${(status.mode & 0o777).toString(8)}), which contains an API access token. ` +
        `Run: chmod 600 ${path}. If others may have read it, revoke the token.`,
    );
  const login = parse(readFileSync(path, 'utf8'));
  if (login === undefined) throw new CommandError(`${path} is damaged. Run 'clientele login' again.`);
  return login;
}

function parse(text: string): Login | undefined {
  let login: unknown;
  try {
    login = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isJsonObject(login)) return undefined;
  const { url, service, token } = login;
  if (typeof url !== 'string' || typeof token !== 'string') return undefined;
  if (service === undefined) return { url, token };
  return isServiceId(service) ? { url, service, token } : undefined;
}

/** Creates or replaces the file. */
export async function writeLogin(environment: NodeJS.ProcessEnv, login: Login): Promise<void> {
  const path = loginPath(environment);
  try {
    ensurePrivateFolder(dirname(path));
    await createAtomically(path, { force: true }, (file) => {
      // A replaced file may have another mode.
      chmodSync(file.path, MODE);
      file.write(`${JSON.stringify(login)}\n`);
      return Promise.resolve();
    });
  } catch (error) {
    throw new CommandError(
      `${path} cannot be written: ${describeFailure(error).replace(/\.?$/, '.')} Correct that, or set CLIENTELE_URL and CLIENTELE_TOKEN instead.`,
      { cause: error },
    );
  }
}

/** Deletes the file. Returns whether there was one. */
export function deleteLogin(environment: NodeJS.ProcessEnv): boolean {
  const path = loginPath(environment);
  const existed = statusOf(path) !== undefined;
  rmSync(path, { force: true });
  return existed;
}
