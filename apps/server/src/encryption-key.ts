import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from './config.ts';
import { ConfigError } from './config.ts';

/**
 * The keys that encrypt client secrets: those of the configuration, or the one in the data directory, which is made on the
 * first start. A database without the key that its secrets were encrypted with is refused rather than given a new one.
 */
export function loadEncryptionKeys(config: Config): readonly Buffer[] {
  if (config.encryptionKeys !== undefined) return config.encryptionKeys;
  if (config.databasePath === ':memory:') return [randomBytes(32)];
  const path = join(config.dataDir, 'encryption.key');
  if (!existsSync(path)) {
    if (existsSync(config.databasePath)) {
      throw new ConfigError([
        `${path} is missing, and ENCRYPTION_KEY is not set: the secrets in ${config.databasePath} cannot be decrypted without it.`,
      ]);
    }
    mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
    writeFileSync(path, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' });
  }
  const key = Buffer.from(readFileSync(path, 'utf8').trim(), 'base64url');
  if (key.length !== 32) throw new ConfigError([`${path} must hold 32 bytes in base64url.`]);
  return [key];
}
