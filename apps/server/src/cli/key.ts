import { randomBytes } from 'node:crypto';
import { Command } from 'commander';
import { ChainKeys, INSTALLATION } from '../changes/chains.ts';
import { PendingChanges } from '../changes/pending-changes.ts';
import { Config } from '../config/config.ts';
import { existingEncryptionKeys, keyFileOf, writeKeyFile } from '../crypto/encryption-key-file.ts';
import type { Database, Statement } from '../database/database.ts';
import { checkEncryptionKeys, recordedKeys } from '../database/encryption-keys.ts';
import { forgetUnusedKeys, reEncrypt, usesOfKeys } from '../database/re-encryption.ts';
import { SecretEncryption } from '../crypto/secret-encryption.ts';
import { SCHEMA } from '../schema.ts';
import { counted } from './counted.ts';
import { CommandError } from './command-error.ts';
import { Progress } from './progress.ts';
import { withAction, type OutputOptions, type Result } from './result.ts';
import { listKeysCommand, removeKeyCommand } from './stored-keys.ts';
import { BY_COMMAND, openExistingStore } from './store.ts';

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
    )
    .addCommand(listKeysCommand())
    .addCommand(removeKeyCommand());
}

async function rotate(options: OutputOptions): Promise<Result> {
  const config = Config.from(process.env);
  // Opening an embedded store locks it, so no server uses the key file.
  const database = await openExistingStore(config, { responseTimeout: 0 });
  try {
    return config.encryptionKeys === undefined
      ? await rotateKeyFile(database, config, options)
      : await rotateConfigured(database, config, options);
  } finally {
    await database.close();
  }
}

/**
 * Replaces the key in the data directory. The previous keys stay in the file, because earlier backups need them. After an interruption
 * the server can start, and the command continues with the same new key.
 */
async function rotateKeyFile(database: Database, config: Config, options: OutputOptions): Promise<Result> {
  const path = keyFileOf(config);
  const keys = existingEncryptionKeys(config);
  let encryption = new SecretEncryption(keys);
  await checkEncryptionKeys(database, encryption, config);
  const isFinished = (await recordedKeys(database)).length === 1;
  if (isFinished) {
    const next = [randomBytes(32), ...keys];
    writeKeyFile(path, next, { replace: true });
    encryption = new SecretEncryption(next);
  }
  const secrets = await reEncryptAll(database, encryption, config, options);
  const [key, ...others] = encryption.keyIds;
  return {
    document: { secrets, key, superfluousKeys: others },
    lines: [
      `${reEncrypted(secrets)} with the key ${key}, now the first key in ${path}.`,
      `Earlier backups and exports need the previous keys, which stay in the file: ${others.join(', ')}. ` +
        "Without such backups, remove a key with 'clientele key remove -- <id>'.",
    ],
  };
}

async function rotateConfigured(database: Database, config: Config, options: OutputOptions): Promise<Result> {
  const encryption = new SecretEncryption(existingEncryptionKeys(config));
  const secrets = await reEncryptAll(database, encryption, config, options);
  const others = encryption.keyIds.slice(1);
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
async function reEncryptAll(
  database: Database,
  encryption: SecretEncryption,
  config: Config,
  options: OutputOptions,
): Promise<number> {
  await checkEncryptionKeys(database, encryption, config);
  const isOther = (keyId: string): boolean => keyId !== encryption.currentKeyId;
  const progress = Progress.of('Encrypting', options);
  let count = 0;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    count += await reEncrypt(database, SCHEMA.tables, encryption, progress.report);
    progress.end();
    if ([...(await usesOfKeys(database, SCHEMA.tables)).keys()].some(isOther)) continue;
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
