import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Config, SECRETS } from '../../apps/server/src/config/config.ts';
import { ROOT } from '../docs/root.ts';

/** What a secret that is mounted as a file would hold. */
const SAMPLES: Readonly<Record<string, string>> = {
  DATABASE_URL: 'postgres://clientele:password@postgresql.example.com/clientele',
  ENCRYPTION_KEY: 'A'.repeat(43),
  BOOTSTRAP_ACCESS_TOKEN: 'a-token',
};

/** What is no setting of Clientele, and has its meaning for what it runs in. */
const OF_OTHERS = ['NODE_ENV'];

const PAGE = readFileSync(new URL('docs/configuration.md', ROOT), 'utf8');
const NAMES = Array.from(PAGE.matchAll(/^\| `([A-Z_]+)` \|/gm), ([, name]) => name!);

/**
 * The configuration that the server makes of an environment. Throws where it refuses it, and also where a name is none that it
 * knows: a misspelt one is refused, one of no likeness would be ignored.
 */
export function configured(environment: Readonly<Record<string, string>>): Config {
  const known = [...NAMES, ...SECRETS.map((name) => `${name}_FILE`), ...OF_OTHERS];
  const unknown = Object.keys(environment).filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`${unknown.join(', ')}: no setting of docs/configuration.md.`);

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
