import { createReadStream, createWriteStream, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Command } from 'commander';
import { Config } from '../config/config.ts';
import { existingEncryptionKeys, keyFileOf } from '../crypto/encryption-key-file.ts';
import { missingKeys } from '../database/encryption-keys.ts';
import { SecretEncryption } from '../crypto/secret-encryption.ts';
import { copyDatabase, inspect, settle, type Contents, type OnProgress } from '../database/sqlite-backup.ts';
import { takeLock } from '../database/sqlite-database.ts';
import { SCHEMA } from '../schema.ts';
import { CommandError } from './command-error.ts';
import { embeddedFile } from './database.ts';
import { Progress } from './progress.ts';
import { reporting, type OutputOptions, type Result } from './result.ts';
import { makeWholeFile } from './whole-file.ts';

interface Options extends OutputOptions {
  readonly force?: boolean;
}

/** `clientele backup`: a copy of the embedded store, while its server goes on. */
export function backupCommand(): Command {
  const command = new Command('backup')
    .description('copy the embedded store, consistently, while its server is running')
    .argument('<file>', 'where to')
    .option('--force', 'replace a file that is there already');
  return reporting(command, backUp);
}

/** `clientele restore`: a backup takes the place of the embedded store. */
export function restoreCommand(): Command {
  const command = new Command('restore')
    .description('put a backup in the place of the embedded store, whose server must not run')
    .argument('<file>', 'the backup')
    .option('--force', 'replace a store that is there already');
  return reporting(command, restore);
}

async function backUp(file: string, options: Options): Promise<Result> {
  const config = Config.from(process.env);
  const path = embeddedFile(config, `pg_dump --format=custom --file=${file} "$DATABASE_URL"`);
  if (!existsSync(path)) throw new CommandError(`There is no store at ${path}.`);
  const progress = Progress.of('Backing up', options);
  await makeWholeFile(file, options, (unfinished) => copyDatabase(path, unfinished, progress.report));
  progress.end();
  const contents = await inspect(file, SCHEMA);
  const key = config.encryptionKeys === undefined ? `a copy of ${keyFileOf(config)}` : 'ENCRYPTION_KEY';
  return {
    document: { file, ...contents },
    lines: [],
    notes: [`${file}: ${describe(contents)}.`, `The key of its secrets is not in it: keep ${key} in another place.`],
  };
}

async function restore(file: string, options: Options): Promise<Result> {
  const config = Config.from(process.env);
  const path = embeddedFile(config, `pg_restore --clean --if-exists --dbname="$DATABASE_URL" ${file}`);
  if (!existsSync(file)) throw new CommandError(`There is no file ${file}.`);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const lock = await takeLock(path);
  const progress = Progress.of('Restoring', options);
  try {
    const contents = await makeWholeFile(path, options, async (unfinished) => {
      await copyFile(file, unfinished.path, progress.report);
      progress.end();
      // What is checked is what will be used.
      const copied = await inspect(unfinished.path, SCHEMA).catch((error: unknown) => {
        throw new CommandError((error as Error).message.replaceAll(unfinished.path, file));
      });
      expectKeys(config, copied);
      await settle(path);
      return copied;
    });
    return { document: { file: path, ...contents }, lines: [], notes: [`${path}: ${describe(contents)}.`] };
  } finally {
    lock.close();
  }
}

function expectKeys(config: Config, { keyIds }: Contents): void {
  const missing = missingKeys(keyIds, new SecretEncryption(existingEncryptionKeys(config)));
  if (missing.length === 0) return;
  throw new CommandError(
    `The secrets in the backup were encrypted with the key ${missing.join(', ')}, which is not here. ` +
      `Set ENCRYPTION_KEY, or put the key file of that store at ${keyFileOf(config)}.`,
  );
}

async function copyFile(from: string, to: string, onProgress: OnProgress): Promise<void> {
  const total = statSync(from).size;
  let done = 0;
  const counting = new Transform({
    transform(chunk: Buffer, _encoding, next) {
      done += chunk.length;
      onProgress(done, total);
      next(null, chunk);
    },
  });
  await pipeline(createReadStream(from), counting, createWriteStream(to, { flags: 'r+' }));
}

function describe({ services, clients, schemaVersion }: Contents): string {
  return `${services} services, ${clients} clients, schema version ${schemaVersion}`;
}
