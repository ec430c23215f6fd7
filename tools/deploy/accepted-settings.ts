import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Config } from '../../apps/server/src/config/config.ts';
import { SETTINGS } from '../../apps/server/src/config/setting.ts';

/** Example contents of the files that hold secrets. */
const SAMPLES: Readonly<Record<string, string>> = {
  DATABASE_URL: 'postgres://clientele:password@postgresql.example.com/clientele',
  ENCRYPTION_KEY: 'A'.repeat(43),
  BOOTSTRAP_ACCESS_TOKEN: 'x'.repeat(32),
};

/** Every name that may be in an environment. Node.js and its libraries read NODE_ENV. */
const NAMES = new Set([
  ...SETTINGS.flatMap(({ name, secret }) => (secret ? [name, `${name}_FILE`] : [name])),
  'NODE_ENV',
]);

/**
 * The configuration that the server reads from an environment. Throws if the server refuses it, or if a name is not a setting,
 * which the server would ignore.
 */
export function configured(environment: Readonly<Record<string, string>>): Config {
  const unknown = Object.keys(environment).filter((name) => !NAMES.has(name));
  if (unknown.length > 0) throw new Error(`There is no setting ${unknown.join(', ')}.`);

  const folder = mkdtempSync(join(tmpdir(), 'clientele-settings-'));
  try {
    const entries = Object.entries(environment).map(([name, value]) => {
      if (!name.endsWith('_FILE')) return [name, value] as const;
      writeFileSync(join(folder, name), SAMPLES[name.slice(0, -'_FILE'.length)]!);
      return [name, join(folder, name)] as const;
    });
    return Config.from(Object.fromEntries(entries));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
