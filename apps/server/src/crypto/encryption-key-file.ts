import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ConfigError, type Config } from '../config/config.ts';
import { flushDirectory, UnfinishedFile } from '../files/unfinished-file.ts';

/**
 * The keys that encrypt client secrets: those of the configuration, or the one in the data directory, which is made on the
 * first start. A database without the key that its secrets were encrypted with is refused rather than given a new one.
 */
export function loadEncryptionKeys(config: Config): readonly Buffer[] {
  if (config.encryptionKeys !== undefined) return config.encryptionKeys;
  const { database } = config;
  if (database.engine === 'postgresql') {
    // Several servers may share the database, on machines that come and go: a key in one of their folders would be lost.
    throw new ConfigError([
      'ENCRYPTION_KEY must be set where DATABASE_URL is PostgreSQL. A new one:',
      `  node -p "crypto.randomBytes(32).toString('base64url')"`,
    ]);
  }
  if (database.path === ':memory:') return [randomBytes(32)];
  const path = keyFileOf(config);
  if (!existsSync(path)) {
    if (existsSync(database.path)) {
      throw new ConfigError([
        `${path} is missing, and ENCRYPTION_KEY is not set: the secrets in ${database.path} cannot be decrypted without it.`,
      ]);
    }
    mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
    writeKeyFile(path, [randomBytes(32)]);
    flushDirectory(dirname(dirname(path)));
  }
  return readKeyFile(path);
}

/** The keys that are there already, of the configuration or in the data directory; none is made. */
export function existingEncryptionKeys(config: Config): readonly Buffer[] {
  if (config.encryptionKeys !== undefined) return config.encryptionKeys;
  const path = keyFileOf(config);
  if (existsSync(path)) return readKeyFile(path);
  throw new ConfigError([`ENCRYPTION_KEY is not set, and there is no key in ${path}.`]);
}

/** Where the keys of an embedded store are kept that the configuration gives none. */
export function keyFileOf({ dataDir }: Pick<Config, 'dataDir'>): string {
  return join(dataDir, 'encryption.key');
}

/** The keys of a file, as in `ENCRYPTION_KEY`: more than one while they are replaced. */
export function readKeyFile(path: string): readonly Buffer[] {
  const keys = readFileSync(path, 'utf8')
    .trim()
    .split(',')
    .map((key) => Buffer.from(key, 'base64url'));
  if (keys.some(({ length }) => length !== 32)) throw new ConfigError([`${path} must hold 32 bytes in base64url.`]);
  return keys;
}

/**
 * Writes a file with keys, whole or not at all whenever this process or the machine stops: secrets that were encrypted with a
 * key that was lost would be lost with it. Throws when the file is there already, and was not to be replaced.
 */
export function writeKeyFile(path: string, keys: readonly Buffer[], { replace = false } = {}): void {
  const file = UnfinishedFile.create(path, { replace });
  try {
    file.write(keys.map((key) => key.toString('base64url')).join(','));
    file.finish();
  } catch (error) {
    file.discard();
    throw error;
  }
}
