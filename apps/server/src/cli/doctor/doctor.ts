import { Command } from 'commander';
import { Config } from '../../config/config.ts';
import { loadEncryptionKeys } from '../../crypto/encryption-key-file.ts';
import { PublicUrls } from '../../services/public-urls.ts';
import { describeFailure } from '../command-error.ts';
import { EXIT_CODE } from '../exit-code.ts';
import { reporting, type Result } from '../result.ts';
import { columns } from '../terminal.ts';
import { checkBaseUrl, checkProxyHeaders } from './addresses.ts';
import { CHECKS, failed, ok, type Finding, type Outcome } from './finding.ts';
import { checkKeysOfIssuers, checkOutbound } from './outbound.ts';
import { examineServer } from './server.ts';
import { examineStore } from './store.ts';

/** `clientele doctor`: whether everything is as it should be, from the environment to what clients find. */
export function doctorCommand(): Command {
  const command = new Command('doctor').description(
    'look for what is wrong with configuration, store, and what clients find, while servers run; exit code 1 when something is',
  );
  return reporting(command, async () => report(await examine(process.env)));
}

/** Looks at everything; changes nothing. */
async function examine(environment: NodeJS.ProcessEnv): Promise<readonly Finding[]> {
  let config: Config;
  try {
    config = Config.from(environment);
    // On PostgreSQL this makes no key, and refuses to go on without one, as the server does.
    if (config.database.engine === 'postgresql') loadEncryptionKeys(config);
  } catch (error) {
    const seen = describeFailure(error).replaceAll('\n', ' ');
    return [failed('configuration', seen, 'Correct it: the server does not start, and nothing else was looked at.')];
  }
  const urls = new PublicUrls(config);
  const { findings, services } = await examineStore(config);
  const all = [
    ok('configuration', 'Every setting is valid.'),
    ...checkOutbound(config, urls.baseUrl, environment),
    ...(await checkKeysOfIssuers(config, services)),
    ...findings,
    checkBaseUrl(config, urls.baseUrl),
    checkProxyHeaders(config, urls.baseUrl),
    ...(await examineServer(config, urls, services)),
  ];
  return CHECKS.flatMap((check) => all.filter((finding) => finding.check === check));
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
