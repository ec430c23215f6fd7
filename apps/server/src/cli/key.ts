import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { ChainKeys, INSTALLATION } from '../changes/chains.ts';
import { PendingChanges } from '../changes/pending-changes.ts';
import { Config } from '../config/config.ts';
import { existingEncryptionKeys, keyFileOf, readKeyFile, writeKeyFile } from '../crypto/encryption-key-file.ts';
import type { Database, Statement } from '../database/database.ts';
import { checkEncryptionKeys, recordedKeys } from '../database/encryption-keys.ts';
import { forgetUnusedKeys, keysInUse, reEncrypt } from '../database/re-encryption.ts';
import { SecretEncryption } from '../crypto/secret-encryption.ts';
import { SCHEMA } from '../schema.ts';
import { counted } from './counted.ts';
import { CommandError } from './command-error.ts';
import { Progress } from './progress.ts';
import { withAction, type OutputOptions, type Result } from './result.ts';
import { BY_COMMAND, openStore, persistentDatabase } from './store.ts';

/** Attempts, because servers can encrypt with another key during an attempt. */
const ATTEMPTS = 3;

/** `clientele key`: manages the keys that encrypt client secrets and responses that contain them. */
export function keyCommand(): Command {
  return new Command('key')
    .description('manage the keys that encrypt client secrets')
    .addCommand(
      withAction(
        new Command('rotate').description(
          're-encrypt every secret with the first key of ENCRYPTION_KEY, or with a new key in DATA_DIR',
        ),
        rotate,
      ),
    );
}

async function rotate(options: OutputOptions): Promise<Result> {
  const config = Config.from(process.env);
  const settings = persistentDatabase(config);
  if (settings.engine === 'sqlite' && !existsSync(settings.path))
    throw new CommandError(`There is no store at ${settings.path}.`);
  // Opening an embedded store locks it, so no server uses the key file.
  const database = await openStore(config, { responseTimeout: 0 });
  try {
    return config.encryptionKeys === undefined
      ? await rotateKeyFile(database, keyFileOf(config), options)
      : await rotateConfigured(database, existingEncryptionKeys(config), options);
  } finally {
    await database.close();
  }
}

/**
 * Replaces the key in the data directory. The file contains both keys during re-encryption, so that after an interruption the
 * server can start and the command can be repeated.
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
  const secrets = await reEncryptAll(database, encryption, options);
  writeKeyFile(path, keys.slice(0, 1), { replace: true });
  return {
    document: { secrets, key: encryption.currentKeyId, superfluousKeys: [] },
    lines: [
      `${reEncrypted(secrets)} with the key ${encryption.currentKeyId}, now the only key in ${path}.`,
      'Earlier backups and exports need the old key: create new ones.',
    ],
  };
}

async function rotateConfigured(database: Database, keys: readonly Buffer[], options: OutputOptions): Promise<Result> {
  const encryption = new SecretEncryption(keys);
  const secrets = await reEncryptAll(database, encryption, options);
  const others = keys.slice(1).map((key) => new SecretEncryption([key]).currentKeyId);
  return {
    document: { secrets, key: encryption.currentKeyId, superfluousKeys: others },
    lines: [
      `${reEncrypted(secrets)}. All use the key ${encryption.currentKeyId}, the first of ENCRYPTION_KEY.`,
      others.length === 0
        ? 'To replace that key, put a new key before it and run this command again.'
        : `Remove these keys from ENCRYPTION_KEY (in its order): ${others.join(', ')}. Earlier backups and exports need them.`,
    ],
  };
}

function reEncrypted(secrets: number): string {
  return `${counted(secrets, 'secret')} ${secrets === 1 ? 'was' : 'were'} re-encrypted`;
}

/** Re-encrypts all secrets with the current key, and returns their number. */
async function reEncryptAll(database: Database, encryption: SecretEncryption, options: OutputOptions): Promise<number> {
  await checkEncryptionKeys(database, encryption);
  const isOther = (keyId: string): boolean => keyId !== encryption.currentKeyId;
  const progress = Progress.of('Encrypting', options);
  let count = 0;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    count += await reEncrypt(database, SCHEMA.tables, encryption, progress.report);
    progress.end();
    if ((await keysInUse(database, SCHEMA.tables)).some(isOther)) continue;
    const others = (await recordedKeys(database)).filter(isOther);
    const rotated = others.length === 0 ? [] : [await rotation(database, encryption, others)];
    await forgetUnusedKeys(database, SCHEMA.tables, encryption.currentKeyId, ...rotated);
    return count;
  }
  throw new CommandError(
    `A server still encrypts with a key other than ${encryption.currentKeyId}. ` +
      'Put this key first in ENCRYPTION_KEY of every server, and run this command again.',
  );
}

/** The statement that logs the end of a rotation. */
function rotation(database: Database, encryption: SecretEncryption, others: readonly string[]): Promise<Statement> {
  return new PendingChanges(new ChainKeys(database, encryption)).statementOf(
    {
      action: 'encryption_key.rotated',
      subject: { type: 'store', id: String(INSTALLATION) },
      ...BY_COMMAND,
      differences: [
        { member: 'encryptionKey', before: others.length === 1 ? others[0] : others, after: encryption.currentKeyId },
      ],
    },
    { serviceId: INSTALLATION, at: Date.now() },
  );
}
