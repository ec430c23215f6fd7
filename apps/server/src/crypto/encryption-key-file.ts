import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Config } from '../config/config.ts';
import { ConfigError } from '../config/environment.ts';
import { exists } from '../files/exists.ts';
import { ensurePrivateFolder } from '../files/ownership.ts';
import { SecretEncryption } from './secret-encryption.ts';
import { flush, UnfinishedFile } from '../files/unfinished-file.ts';

/**
 * The keys that encrypt client secrets: those of the configuration, or those of the key file, which the first start creates.
 * Throws `ConfigError` if a database exists but its key file does not: a new key could not decrypt its secrets.
 */
export function loadEncryptionKeys(config: Config): readonly Buffer[] {
  if (config.encryptionKeys !== undefined) return config.encryptionKeys;
  const { database } = config;
  if (database.engine === 'postgresql') {
    // Servers on several machines may share the database, so a key file on one of them would not be enough.
    throw new ConfigError([
      'ENCRYPTION_KEY must be set if DATABASE_URL is PostgreSQL. This command prints a new key:',
      `  node -p "crypto.randomBytes(32).toString('base64url')"`,
    ]);
  }
  if (database.path === ':memory:') return [randomBytes(32)];
  const path = keyFileOf(config);
  if (!exists(path)) {
    if (exists(database.path)) {
      throw new MissingKeyError(
        `${path} is missing and ENCRYPTION_KEY is not set. The secrets in ${database.path} cannot be decrypted without the key.`,
      );
    }
    ensurePrivateFolder(config.dataDir);
    writeKeyFile(path, [randomBytes(32)]);
    flush(dirname(dirname(path)));
  }
  return readKeyFile(path);
}

/** The keys of the configuration or of the key file. Throws `MissingKeyError` if there are none. */
export function existingEncryptionKeys(config: Config): readonly Buffer[] {
  if (config.encryptionKeys !== undefined) return config.encryptionKeys;
  const path = keyFileOf(config);
  if (exists(path)) return readKeyFile(path);
  throw new MissingKeyError(`ENCRYPTION_KEY is not set, and there is no key in ${path}.`);
}

/** There is no encryption key. */
export class MissingKeyError extends ConfigError {
  constructor(message: string) {
    super([message]);
  }
}

/** Returns the place of the keys: ENCRYPTION_KEY, which hides a key file, or the path of the key file. */
export function sourceOfKeys(config: Config): string {
  return config.encryptionKeys === undefined ? keyFileOf(config) : 'ENCRYPTION_KEY';
}

/** The remedy if keys of the store are missing in their source. */
export function adviceOnMissing(config: Config, missing: readonly string[]): string {
  const path = keyFileOf(config);
  if (config.encryptionKeys === undefined)
    return `Restore the right ${path}, or append what is missing to it after a comma.`;
  if (config.database.engine === 'sqlite' && hasKeys(path, missing))
    return `${path} contains what is missing, but ENCRYPTION_KEY hides that file: remove ENCRYPTION_KEY.`;
  return 'Start with the right key. To replace it, put a new key before it.';
}

function hasKeys(path: string, keyIds: readonly string[]): boolean {
  try {
    const inFile = new SecretEncryption(readKeyFile(path));
    return keyIds.every((id) => inFile.holds(id));
  } catch {
    // A file that is not used may be missing or invalid.
    return false;
  }
}

/** The path of the key file. */
export function keyFileOf({ dataDir }: Pick<Config, 'dataDir'>): string {
  return join(dataDir, 'encryption.key');
}

/** The keys of a file, separated by commas. There is more than one while a key is being replaced. */
export function readKeyFile(path: string): readonly Buffer[] {
  const keys = readFileSync(path, 'utf8')
    .trim()
    .split(',')
    .map((key) => Buffer.from(key, 'base64url'));
  if (keys.some(({ length }) => length !== 32)) throw new ConfigError([`${path} must hold 32 bytes in base64url.`]);
  return keys;
}

/**
 * Writes a key file. If the process or the machine stops meanwhile, the file is complete or unchanged: without their key,
 * secrets are lost. Throws `FileExistsError` if the file exists and `replace` is false.
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
