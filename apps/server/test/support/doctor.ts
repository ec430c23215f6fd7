import type { Check, Finding } from '../../src/cli/doctor/finding.ts';
import { command, type Environment } from './command.ts';

export interface Examined {
  readonly code: number | null;
  readonly result: string;
  readonly findings: readonly Finding[];
  /** The findings of one check, each as a result and an observation. */
  readonly of: (check: Check) => readonly string[];
}

/** Runs the built `clientele doctor` with exactly these settings. */
export async function examine(environment: Environment): Promise<Examined> {
  const { code, stdout, stderr } = await command(environment, 'doctor', '--json');
  if (stderr !== '') throw new Error(stderr);
  const { result, findings } = JSON.parse(stdout) as Pick<Examined, 'result' | 'findings'>;
  return {
    code,
    result,
    findings,
    of: (check) => findings.filter((each) => each.check === check).map((each) => `${each.result}: ${each.seen}`),
  };
}
