import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { Config } from '../config/config.ts';
import { existingEncryptionKeys, keyFileOf, readKeyFile, writeKeyFile } from '../crypto/encryption-key-file.ts';
import type { Database } from '../database/database.ts';
import { checkEncryptionKeys } from '../database/encryption-keys.ts';
import { openDatabase } from '../database/open-database.ts';
import { forgetUnusedKeys, keysInUse, reEncrypt } from '../database/re-encryption.ts';
import { SecretEncryption } from '../crypto/secret-encryption.ts';
import { SCHEMA } from '../schema.ts';
import { CommandError } from './command-error.ts';
import { keptDatabase } from './database.ts';
import { Progress } from './progress.ts';
import { reporting, type OutputOptions, type Result } from './result.ts';

/** How often everything is gone through again because a server encrypted with another key meanwhile. */
const PASSES = 3;

/** `clientele key`: the keys that encrypt client secrets, and answers that hold them. */
export function keyCommand(): Command {
  return new Command('key')
    .description('take care of the keys that encrypt client secrets')
    .addCommand(
      reporting(
        new Command('rotate').description(
          'encrypt every secret anew with the first key of ENCRYPTION_KEY, or with a new one in DATA_DIR',
        ),
        rotate,
      ),
    );
}

async function rotate(options: OutputOptions): Promise<Result> {
  const config = Config.from(process.env);
  const kept = keptDatabase(config);
  if (kept.engine === 'sqlite' && !existsSync(kept.path)) throw new CommandError(`There is no store at ${kept.path}.`);
  // The store is opened, and so locked, before a key file is touched.
  const database = await openDatabase(config, SCHEMA, { responseTimeout: 0 });
  try {
    return config.encryptionKeys === undefined
      ? await rotateKeyFile(database, keyFileOf(config), options)
      : await rotateConfigured(database, existingEncryptionKeys(config), options);
  } finally {
    await database.close();
  }
}

/**
 * The keys of the data directory: both stand in the file from before the first secret is encrypted anew until after the last,
 * so that the server can be started, or this be done again, whenever it was interrupted.
 */
async function rotateKeyFile(database: Database, path: string, options: OutputOptions): Promise<Result> {
  if (!existsSync(path)) throw new CommandError(`There is no key at ${path}, and ENCRYPTION_KEY is not set.`);
  let keys = readKeyFile(path);
  await checkEncryptionKeys(database, new SecretEncryption(keys));
  if (keys.length === 1) {
    keys = [randomBytes(32), ...keys];
    writeKeyFile(path, keys, { replace: true });
  }
  const encryption = new SecretEncryption(keys);
  const secrets = await encryptAll(database, encryption, options);
  writeKeyFile(path, keys.slice(0, 1), { replace: true });
  return {
    document: { secrets, key: encryption.currentKeyId, superfluousKeys: [] },
    lines: [
      `${secrets} secrets were encrypted anew, with the key ${encryption.currentKeyId}, the first in ${path}.`,
      'It is the only one there now. Backups and exports from before need the old key: make new ones.',
    ],
  };
}

async function rotateConfigured(database: Database, keys: readonly Buffer[], options: OutputOptions): Promise<Result> {
  const encryption = new SecretEncryption(keys);
  const secrets = await encryptAll(database, encryption, options);
  const others = keys.slice(1).map((key) => new SecretEncryption([key]).currentKeyId);
  return {
    document: { secrets, key: encryption.currentKeyId, superfluousKeys: others },
    lines: [
      `${secrets} secrets were encrypted anew; all are encrypted with the key ${encryption.currentKeyId}, the first of ENCRYPTION_KEY.`,
      others.length === 0
        ? 'To replace that key, put a new one before it and run this again.'
        : `Keys that can be taken out of ENCRYPTION_KEY, in its order: ${others.join(', ')}. Older backups and exports need them.`,
    ],
  };
}

/** Leaves nothing that another key encrypts; how many secrets were encrypted anew. */
async function encryptAll(database: Database, encryption: SecretEncryption, options: OutputOptions): Promise<number> {
  await checkEncryptionKeys(database, encryption);
  const isOther = (keyId: string): boolean => keyId !== encryption.currentKeyId;
  const progress = Progress.of('Encrypting', options);
  let count = 0;
  for (let pass = 1; pass <= PASSES; pass++) {
    count += await reEncrypt(database, SCHEMA.tables, encryption, progress.report);
    progress.end();
    if ((await keysInUse(database, SCHEMA.tables)).some(isOther)) continue;
    await forgetUnusedKeys(database, SCHEMA.tables, encryption.currentKeyId);
    return count;
  }
  throw new CommandError(
    `A server still encrypts with another key than ${encryption.currentKeyId}. ` +
      'Put that one first in the ENCRYPTION_KEY of every server, and run this again.',
  );
}
