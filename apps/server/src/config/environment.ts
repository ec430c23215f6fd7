import { readFileSync, statSync } from 'node:fs';
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

/** The largest size of a file with a secret, in bytes. */
const LARGEST_SECRET = 65_536;

function readSecret(variable: string, path: string): string {
  try {
    const status = statSync(path);
    // Reading a device, such as /dev/zero, may never end.
    if (status.isCharacterDevice() || status.size > LARGEST_SECRET)
      throw Object.assign(new Error(), { code: 'a device, or larger than 64 KiB' });
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new ConfigError([
      `${variable}: cannot read ${path} (${reason}). Set ${variable} to the path of a file that the user of this process may read.`,
    ]);
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

/** Whether one more word completes a name (RATE_LIMIT, PORT_FILE), or its words occur in the other (TRUSTED_PROXY, BOOTSTRAP_TOKEN). */
function isPartOf(name: string, known: string): boolean {
  if (known.startsWith(`${name}_`) || (known.includes('_') && name.startsWith(known))) return true;
  if (name === fileVariableOf(known)) return true;
  const [first = '', ...others] = name.toUpperCase().split('_');
  const [knownFirst = '', ...knownOthers] = known.split('_');
  return (
    others.length > 0 &&
    isSameWord(first, knownFirst) &&
    others.every((word) => knownOthers.some((each) => isSameWord(word, each)))
  );
}

const SHORT_WORDS: Readonly<Record<string, string>> = { DB: 'DATABASE' };

/** Whether two words are forms of one: PROXY and PROXIES, MIGRATE and MIGRATION, DIR and DIRECTORY. */
function isSameWord(word: string, known: string): boolean {
  if (word === known || SHORT_WORDS[word] === known) return true;
  const stem = Math.max(3, Math.min(word.length, known.length) - 2);
  return word.length >= stem && word.slice(0, stem) === known.slice(0, stem);
}
