import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { ConfigError, type Config } from './config.ts';

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
  const path = join(config.dataDir, 'encryption.key');
  if (!existsSync(path)) {
    if (existsSync(database.path)) {
      throw new ConfigError([
        `${path} is missing, and ENCRYPTION_KEY is not set: the secrets in ${database.path} cannot be decrypted without it.`,
      ]);
    }
    mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
    writeDurably(path, randomBytes(32).toString('base64url'));
  }
  const key = Buffer.from(readFileSync(path, 'utf8').trim(), 'base64url');
  if (key.length !== 32) throw new ConfigError([`${path} must hold 32 bytes in base64url.`]);
  return [key];
}

/**
 * Writes a file that is there either whole or not at all, whenever this process or the machine stops: secrets that were
 * encrypted with a key that was lost would be lost with it. Throws when the file is there already.
 */
function writeDurably(path: string, content: string): void {
  const unfinished = `${path}.${randomBytes(4).toString('hex')}`;
  const file = openSync(unfinished, 'wx', 0o600);
  writeSync(file, content);
  fsyncSync(file);
  closeSync(file);
  linkSync(unfinished, path);
  rmSync(unfinished);
  flushDirectory(dirname(path));
  flushDirectory(dirname(dirname(path)));
}

function flushDirectory(path: string): void {
  const directory = openSync(path, 'r');
  fsyncSync(directory);
  closeSync(directory);
}
