import { Command } from 'commander';
import { Config } from '../../config/config.ts';
import { misspeltNames } from '../../config/environment.ts';
import { loadEncryptionKeys } from '../../crypto/encryption-key-file.ts';
import { PublicUrls } from '../../services/public-urls.ts';
import { describeFailure } from '../../database/describe-failure.ts';
import { EXIT_CODE } from '../exit-code.ts';
import { withAction, type Result } from '../result.ts';
import { columns } from '../terminal.ts';
import { checkBaseUrl, checkProxyHeaders, checkRegistration } from './addresses.ts';
import { checkConnection } from './connection.ts';
import { checkEndpoints } from './endpoints.ts';
import { CHECKS, failed, ok, warning, type Finding, type Outcome } from './finding.ts';
import { checkIssuerKeys, checkOutbound } from './outbound.ts';
import { checkPublished } from './published.ts';
import { checkLocalServer } from './running-server.ts';
import { checkStore } from './store.ts';

/** `clientele doctor`: checks the environment, the store, the published documents and the connection of commands. */
export function doctorCommand(): Command {
  const command = new Command('doctor').description(
    'find problems of configuration, store and published documents; servers may run; the exit code is 1 if a check failed',
  );
  return withAction(command, async () => report(await runChecks(process.env)));
}

/** Runs every check, and changes nothing. */
async function runChecks(environment: NodeJS.ProcessEnv): Promise<readonly Finding[]> {
  let config: Config;
  try {
    config = Config.forServer(environment);
    // On PostgreSQL this creates no key, but throws if there is none, as at the start of a server.
    if (config.database.engine === 'postgresql') loadEncryptionKeys(config);
  } catch (error) {
    const message = describeFailure(error).replaceAll('\n', ' ');
    const names = misspeltNames(environment).map(misspelt);
    return [
      ...names,
      failed('configuration', message, 'Correct it: the server does not start. The other checks were skipped.'),
    ];
  }
  const urls = new PublicUrls(config);
  const store = await checkStore(config);
  const { findings, services } = store;
  const local = await checkLocalServer(config, services !== undefined);
  const all = [
    ...checkNames(environment),
    ...checkOutbound(config, urls.baseUrl, environment),
    ...(await checkIssuerKeys(config, services ?? [])),
    ...findings,
    checkBaseUrl(config, urls.baseUrl),
    checkProxyHeaders(config, urls.baseUrl),
    ...(services === undefined ? [] : [checkRegistration(services, urls.baseUrl)]),
    ...local.findings,
    ...(await checkPublished(config, urls, store, local.isRunning)),
    ...checkEndpoints(services ?? [], urls),
    ...(await checkConnection(environment, [local.address, urls.baseUrl])),
  ];
  return CHECKS.flatMap((check) => all.filter((finding) => finding.check === check));
}

function checkNames(environment: NodeJS.ProcessEnv): readonly Finding[] {
  const names = misspeltNames(environment);
  return names.length > 0 ? names.map(misspelt) : [ok('configuration', 'Every setting is valid.')];
}

function misspelt(message: string): Finding {
  return warning('configuration', message, 'Correct or remove it: the server ignores it.');
}

function report(findings: readonly Finding[]): Result {
  const result = worstOf(findings);
  return {
    document: { result, findings },
    lines: columns(
      findings.flatMap(({ check, result: each, seen, advice }) => [
        [each, check, seen],
        ...(advice === undefined ? [] : [['', '', `-> ${advice}`]]),
      ]),
    ),
    exitCode: result === 'failed' ? EXIT_CODE.failed : EXIT_CODE.done,
  };
}

function worstOf(findings: readonly Finding[]): Outcome {
  const has = (result: Outcome): boolean => findings.some((finding) => finding.result === result);
  if (has('failed')) return 'failed';
  return has('warning') ? 'warning' : 'ok';
}
