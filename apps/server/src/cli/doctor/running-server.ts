import { isIPv6 } from 'node:net';
import { isJsonObject } from '@clientele/model/metadata';
import type { Config } from '../../config/config.ts';
import { isInUse } from '../../database/sqlite-database.ts';
import { packageVersion } from '../../files/package-version.ts';
import { fetchDocument } from '../fetch-document.ts';
import { excerpt, LONGEST_MESSAGE } from '../terminal.ts';
import { failed, ok, warning, type Finding } from './finding.ts';

export const ADVICE_START = 'Start the server and run this command again. The checks of a running server were skipped.';

export interface LocalServer {
  readonly isRunning: boolean;
  /** The URL of the server that was checked. */
  readonly address?: string;
  readonly findings: readonly Finding[];
}

/** Checks the health of the server at the configured host and port. */
export async function checkLocalServer(
  { database, host, port, managementPort }: Config,
  isReadable: boolean,
): Promise<LocalServer> {
  const listening = managementPort ?? port;
  const skipped = (finding: Finding): LocalServer => ({ isRunning: false, findings: [finding] });
  if (listening === 0) return skipped(warning('server', 'The server listens on a random port.', 'Set PORT.'));
  const base = `http://${addressOf(host)}:${listening}`;
  const live = await fetchDocument(`${base}/health/live`);
  if ('problem' in live)
    return skipped(warning('server', `No server responds at ${base}: ${live.problem}.`, ADVICE_START));
  if (live.status !== 200 || !isJsonObject(live.body) || live.body.status !== 'ok')
    return skipped(failed('server', `Another program responds at ${base}.`, 'Set PORT to a free port.'));
  if (isReadable && database.engine === 'sqlite' && !(await isInUse(database.path))) {
    const setting = managementPort === undefined ? 'PORT' : 'MANAGEMENT_PORT';
    const advice = `Set ${setting} to that of the server of this store, or to a free port.`;
    return skipped(failed('server', `The server at ${base} uses another store than ${database.path}.`, advice));
  }
  const main = port === 0 ? base : `http://${addressOf(host)}:${port}`;
  return { isRunning: true, address: main, findings: await checkRunning(main, base) };
}

/** Checks that a running server is ready, and has the version of this command. `management`: where it listens for orchestrators. */
export async function checkRunning(base: string, management = base): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const ready = await fetchDocument(`${management}/health/ready`);
  const reasons = 'problem' in ready ? `${ready.problem}.` : reasonsIn(ready.body);
  if (!('problem' in ready) && ready.status === 200)
    findings.push(ok('server', `The server at ${management} is ready.`));
  // With MANAGEMENT_PORT, and behind many proxies, this path does not exist at the URL of the API.
  else if ('problem' in ready || ready.status === 503)
    findings.push(failed('server', `The server at ${management} is not ready: ${reasons}`, 'See its log.'));
  return [...findings, ...(await checkVersion(base))];
}

async function checkVersion(base: string): Promise<readonly Finding[]> {
  const description = await fetchDocument(`${base}/openapi.json`);
  if ('problem' in description || !isJsonObject(description.body) || !isJsonObject(description.body.info)) return [];
  return [versionFinding(base, description.body.info.version)];
}

/** The finding for the version that a server publishes. Any program may respond, so it can be any value. */
export function versionFinding(base: string, version: unknown): Finding {
  if (typeof version !== 'string')
    return warning(
      'server',
      `The response of ${base}/openapi.json is unexpected: its version is not a string.`,
      'Check that the URL leads to Clientele.',
    );
  const own = packageVersion();
  if (version === own) return ok('server', `The server at ${base} has version ${own}, as this command.`);
  return warning(
    'server',
    `The server at ${base} has version ${excerpt(version)}, and this command has version ${own}.`,
    'Restart the server if it was updated; otherwise use the command of its version.',
  );
}

/** Why a server is not ready, as far as it says so. */
export function reasonsIn(body: unknown): string {
  const values = isJsonObject(body) && isJsonObject(body.reasons) ? Object.values(body.reasons) : [];
  const reasons = values.filter((reason) => typeof reason === 'string');
  return reasons.length === 0 ? 'it gives no reason.' : excerpt(reasons.join(' '), LONGEST_MESSAGE);
}

/** The address at which this machine reaches a listening host. */
function addressOf(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return isIPv6(host) ? `[${host}]` : host;
}
