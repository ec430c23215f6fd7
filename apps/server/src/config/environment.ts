import { readFileSync } from 'node:fs';
import { nearestName } from './nearest-name.ts';
import { SETTINGS } from './setting.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The configuration cannot be used; the message has one line for each reason. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
  }
}

/** The name of the variable that gives the path of a file with the value of a secret. */
export function fileVariableOf(name: string): string {
  return `${name}_FILE`;
}

/** The text of each setting that is set, read from its file if the environment names one. Throws `ConfigError`. */
export function textsIn(environment: Environment): Readonly<Record<string, string>> {
  const texts: Record<string, string> = {};
  for (const { name, secret } of SETTINGS) {
    const text = environment[name];
    const path = secret ? environment[fileVariableOf(name)] : undefined;
    if (text && path) throw new ConfigError([`${name} and ${fileVariableOf(name)} are both set. Keep one of them.`]);
    if (text) texts[name] = text;
    if (path) texts[name] = readSecret(fileVariableOf(name), path);
  }
  return texts;
}

function readSecret(variable: string, path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new ConfigError([`${variable}: cannot read ${path} (${reason}).`]);
  }
}

/**
 * One line for each variable whose name is similar to that of a setting. These are warnings, because the name can be that of another
 * program.
 */
export function misspeltNames(environment: Environment): string[] {
  const known = SETTINGS.flatMap(({ name, secret }) => (secret ? [name, fileVariableOf(name)] : [name]));
  return Object.keys(environment)
    .filter((name) => !known.includes(name))
    .flatMap((name) => {
      const meant = nearestName(name, known) ?? known.find((each) => isPartOf(name, each));
      return meant === undefined ? [] : [`${name} is not a setting. Did you mean ${meant}?`];
    });
}

/** Whether the words of one name are the first words of the other, or one more word completes it: RATE_LIMIT, DATA_DIRECTORY. */
function isPartOf(name: string, known: string): boolean {
  return known.startsWith(`${name}_`) || (known.includes('_') && name.startsWith(known));
}
