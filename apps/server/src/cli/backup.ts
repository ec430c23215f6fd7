import { createReadStream, createWriteStream, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Command } from 'commander';
import { startNewEpoch, type NewEpoch } from '../changes/new-epoch.ts';
import { Config } from '../config/config.ts';
import { existingEncryptionKeys, keyFileOf, sourceOfKeys } from '../crypto/encryption-key-file.ts';
import { keysNamed, missingKeys } from '../database/encryption-keys.ts';
import { openDatabase } from '../database/open-database.ts';
import { SecretEncryption } from '../crypto/secret-encryption.ts';
import { readSnapshot } from '../database/snapshot.ts';
import { copyDatabase, inspect, settle, type Contents, type OnProgress } from '../database/sqlite-backup.ts';
import { lockFileOf, takeLock } from '../database/sqlite-database.ts';
import { exists } from '../files/exists.ts';
import { ensurePrivateFolder } from '../files/ownership.ts';
import { SCHEMA } from '../schema.ts';
import { counted } from './counted.ts';
import { createAtomically } from './atomic-file.ts';
import { notesOnDamage } from './audit.ts';
import { CommandError } from './command-error.ts';
import { Progress } from './progress.ts';
import { withAction, type OutputOptions, type Result } from './result.ts';
import { asCommandError, BY_COMMAND, embeddedStorePath } from './store.ts';

interface Options extends OutputOptions {
  readonly force?: boolean;
}

/** `clientele backup`: copies the embedded store while its server runs. */
export function backupCommand(): Command {
  const command = new Command('backup')
    .description('write a consistent copy of the embedded store; its server may run')
    .argument('<file>', 'the backup to create')
    .option('--force', 'replace an existing file');
  return withAction(command, backUp);
}

/** `clientele restore`: replaces the embedded store by a backup. */
export function restoreCommand(): Command {
  const command = new Command('restore')
    .description('replace the embedded store by a backup; its server must be stopped')
    .argument('<file>', 'the backup')
    .option('--force', 'replace an existing store');
  return withAction(command, restore);
}

async function backUp(file: string, options: Options): Promise<Result> {
  const config = Config.from(process.env);
  const path = embeddedStorePath(config, `pg_dump --format=custom --file=${file} "$DATABASE_URL"`);
  if (!exists(path)) throw new CommandError(`There is no store at ${path}.`);
  await expectSchema(config);
  const progress = Progress.of('Backing up', options);
  await createAtomically(file, options, (unfinished) => copyDatabase(path, unfinished, progress.report));
  progress.end();
  const contents = await inspect(file, SCHEMA);
  const key = config.encryptionKeys === undefined ? `a copy of ${keyFileOf(config)}` : 'ENCRYPTION_KEY';
  return {
    document: { file, ...contents },
    lines: [],
    notes: [
      `${file}: ${describe(contents)}.`,
      `The backup does not contain the encryption key: store ${key} in another place.`,
    ],
  };
}

async function restore(file: string, options: Options): Promise<Result> {
  const config = Config.from(process.env);
  const path = embeddedStorePath(config, `pg_restore --clean --if-exists --dbname="$DATABASE_URL" ${file}`);
  if (!exists(file)) throw new CommandError(`There is no file ${file}.`);
  if (!statSync(file).isFile()) throw new CommandError(`${file} is not a regular file.`);
  ensurePrivateFolder(dirname(path));
  const lock = await takeLock(path).catch((error: unknown) => {
    throw asCommandError(config, error);
  });
  const progress = Progress.of('Restoring', options);
  try {
    const { contents, log } = await createAtomically(path, options, async (unfinished) => {
      await copyFile(file, unfinished.path, progress.report);
      progress.end();
      // The copy is inspected, because the backup could change after an inspection.
      const copied = await inspect(unfinished.path, SCHEMA).catch((error: unknown) => {
        throw new CommandError((error as Error).message.replaceAll(unfinished.path, file));
      });
      const encryption = new SecretEncryption(existingEncryptionKeys(config));
      checkKeys(config, copied, encryption);
      const changed = await continueLog(unfinished.path, encryption);
      await settle(path);
      // `continueLog` has migrated the copy.
      return { contents: { ...copied, schemaVersion: SCHEMA.version }, log: changed };
    });
    return {
      document: { file: path, ...contents, epoch: log.epoch, damaged: log.damaged },
      lines: [],
      notes: [`${path}: ${describe(contents)}.`, ...notesOnDamage(log.damaged)],
    };
  } finally {
    lock.close();
  }
}

/** Throws if the store is empty, damaged or of another program. Otherwise, the error would name the copy. */
async function expectSchema({ database }: Config): Promise<void> {
  const { applied } = await readSnapshot(database, (session) => SCHEMA.status(session));
  if (applied.length === 0) throw new CommandError('The store has no schema yet, so there is nothing to copy.');
}

/** Throws if the configured keys cannot decrypt every secret of the backup. */
function checkKeys(config: Config, { keyIds }: Contents, encryption: SecretEncryption): void {
  const missing = missingKeys(keyIds, encryption);
  if (missing.length === 0) return;
  throw new CommandError(
    `The backup contains secrets encrypted with ${keysNamed(missing)}, which ${sourceOfKeys(config)} does not contain. ` +
      `Set ENCRYPTION_KEY, or copy the key file of that store to ${keyFileOf(config)}.`,
  );
}

/** Migrates a restored file and starts a new epoch of every log in it. Leaves no other file beside it. */
async function continueLog(path: string, encryption: SecretEncryption): Promise<NewEpoch> {
  try {
    const database = await openDatabase({ database: { engine: 'sqlite', path }, autoMigrate: false }, SCHEMA, {
      // The backup is the copy.
      copies: false,
    });
    try {
      return await startNewEpoch(database, encryption, BY_COMMAND);
    } finally {
      await database.close();
    }
  } finally {
    for (const file of [lockFileOf(path), `${path}-wal`, `${path}-shm`]) rmSync(file, { force: true });
  }
}

async function copyFile(from: string, to: string, onProgress: OnProgress): Promise<void> {
  const total = statSync(from).size;
  let copied = 0;
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, next) {
      copied += chunk.length;
      onProgress(copied, total);
      next(null, chunk);
    },
  });
  await pipeline(createReadStream(from), counter, createWriteStream(to, { flags: 'r+' }));
}

function describe({ services, clients, schemaVersion }: Contents): string {
  return `${counted(services, 'service')}, ${counted(clients, 'client')}, schema version ${schemaVersion}`;
}
