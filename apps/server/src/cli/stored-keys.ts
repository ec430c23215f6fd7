import { Command } from 'commander';
import { Config } from '../config/config.ts';
import { existingEncryptionKeys, keyFileOf, MissingKeyError, writeKeyFile } from '../crypto/encryption-key-file.ts';
import { SecretEncryption } from '../crypto/secret-encryption.ts';
import type { Database } from '../database/database.ts';
import { timesOfKeys } from '../database/encryption-keys.ts';
import { usesOfKeys } from '../database/re-encryption.ts';
import { SCHEMA } from '../schema.ts';
import { CommandError } from './command-error.ts';
import { confirm, type ConfirmationOptions } from './confirm.ts';
import { counted } from './counted.ts';
import { isoTime } from './iso-time.ts';
import { withAction, type Result } from './result.ts';
import { openExistingStore, readStore } from './store.ts';
import { columns, printable, printToStderr } from './terminal.ts';

/** `clientele key list`: shows the keys that encrypt secrets, never their values. */
export function listKeysCommand(): Command {
  return withAction(
    new Command('list').description(
      'show the encryption keys by ID, and the number of secrets that need each; servers may run',
    ),
    list,
  );
}

/** `clientele key remove`: removes a previous key from DATA_DIR. */
export function removeKeyCommand(): Command {
  const command = new Command('remove')
    .description('remove a previous key from DATA_DIR, which the store does not need')
    .argument('<id>', "the ID of the key in 'key list', after -- if it begins with -")
    .option('--yes', 'remove it without a confirmation');
  return withAction(command, remove);
}

async function list(): Promise<Result> {
  const config = Config.from(process.env);
  const encryption = availableEncryption(config);
  const { times, uses } = await readStore(config, async (database) => ({
    times: await timesOfKeys(database),
    uses: await usesOfKeys(database, SCHEMA.tables),
  }));
  const keys = [...new Set([...(encryption?.keyIds ?? []), ...times.keys()])].map((id) => ({
    id,
    current: id === encryption?.currentKeyId,
    available: encryption?.holds(id) === true,
    since: isoTime(times.get(id)),
    secrets: uses.get(id) ?? 0,
  }));
  return {
    document: { keys },
    lines: columns(
      keys.map(({ id, current, available, since, secrets }) => [
        id,
        available ? (current ? 'current' : 'previous') : 'missing',
        since === null ? 'not in use' : `since ${since}`,
        `encrypts ${counted(secrets, 'secret')}`,
      ]),
    ),
  };
}

/** `undefined` if there is no key: then the IDs of the store's keys are needed most. */
function availableEncryption(config: Config): SecretEncryption | undefined {
  try {
    return new SecretEncryption(existingEncryptionKeys(config));
  } catch (error) {
    if (error instanceof MissingKeyError) return undefined;
    throw error;
  }
}

async function remove(id: string, options: ConfirmationOptions): Promise<Result> {
  const config = Config.from(process.env);
  if (config.encryptionKeys !== undefined)
    throw new CommandError(
      "The keys are in ENCRYPTION_KEY: remove the key there. 'clientele key list' shows whether the store needs it.",
    );
  const keys = existingEncryptionKeys(config);
  const path = keyFileOf(config);
  const { keyIds, currentKeyId } = new SecretEncryption(keys);
  if (!keyIds.includes(id))
    throw new CommandError(`There is no key ${printable(id)} in ${path}. 'clientele key list' shows the keys.`);
  if (id === currentKeyId)
    throw new CommandError(`The key ${id} is the current one. 'clientele key rotate' replaces it.`);
  // Opening the store locks it, so no server uses the key file.
  const database = await openExistingStore(config);
  try {
    const since = await expectUnneeded(database, id, currentKeyId);
    printToStderr(
      `Backups and exports from before ${since}, the last rotation, may need the key ${id}: without it they cannot be read.`,
    );
    await confirm(`Remove the key ${id} from ${path} permanently?`, options);
    const remaining = keys.filter((key) => new SecretEncryption([key]).currentKeyId !== id);
    writeKeyFile(path, remaining, { replace: true });
  } finally {
    await database.close();
  }
  return { document: { removed: id }, lines: [`The key ${id} is removed.`] };
}

/** Throws if the store needs a previous key. Returns the time of the last rotation. */
async function expectUnneeded(database: Database, id: string, currentKeyId: string): Promise<string> {
  const times = await timesOfKeys(database);
  const rotatedAt = times.get(currentKeyId);
  if (rotatedAt === undefined || times.has(id))
    throw new CommandError(`Secrets are still encrypted with the key ${id}. Run 'clientele key rotate' first.`);
  // A repeated update with a previous token gets the same next token only if the key of that time is there.
  const [row] = await database.read({
    sql: 'SELECT MAX(previous_token_until) AS latest FROM client WHERE previous_token_until > $1 AND created_at <= $2',
    values: [Date.now(), rotatedAt],
  });
  if (typeof row?.latest === 'number')
    throw new CommandError(
      `Registration access tokens in their grace period may need the key ${id} until ${new Date(row.latest).toISOString()}. Remove it afterwards.`,
    );
  return new Date(rotatedAt).toISOString();
}
