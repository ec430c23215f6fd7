import { createReadStream, existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { Command } from 'commander';
import { Config } from '../config/config.ts';
import { existingEncryptionKeys } from '../crypto/encryption-key-file.ts';
import { checkEncryptionKeys } from '../database/encryption-keys.ts';
import { openDatabase } from '../database/open-database.ts';
import { SecretEncryption } from '../crypto/secret-encryption.ts';
import { exportService } from '../transfer/export.ts';
import { hasCallers, importService } from '../transfer/import.ts';
import { TransferReader, type Counts, type ReadOptions } from '../transfer/transfer-file.ts';
import { SCHEMA } from '../schema.ts';
import { CHANGE_STATE } from '../services/service-store.ts';
import { CommandError, UsageError } from './command-error.ts';
import { keptDatabase } from './database.ts';
import { Progress } from './progress.ts';
import { reporting, type OutputOptions, type Result } from './result.ts';
import { serviceIdOf } from './service-id.ts';
import { makeWholeFile } from './whole-file.ts';

const ALL_SERVICE_TOKENS = ['--all-service-tokens', 'also the API access tokens that are for all services'] as const;

interface ExportOptions extends OutputOptions {
  readonly force?: boolean;
  readonly allServiceTokens?: boolean;
}

interface ImportOptions extends OutputOptions {
  readonly startOver?: boolean;
  readonly allServiceTokens?: boolean;
}

/** `clientele export`: a service with all that belongs to it, in a file for any engine. */
export function exportCommand(): Command {
  const command = new Command('export')
    .description('write a service with all that belongs to it, as it is at one moment, while servers run')
    .argument('<serviceId>', 'its ID', serviceIdOf)
    .argument('[file]', 'where to; standard output when omitted')
    .option(...ALL_SERVICE_TOKENS)
    .option('--force', 'replace a file that is there already');
  return reporting(command, exportTo);
}

/** `clientele import`: keeps an exported service. */
export function importCommand(): Command {
  const command = new Command('import')
    .description('keep an exported service; may be interrupted and done again')
    .argument('[file]', 'the export; standard input when omitted')
    .option(...ALL_SERVICE_TOKENS)
    .option('--start-over', 'first remove what an unfinished import of another file has left of the service');
  return reporting(command, importFrom);
}

async function exportTo(serviceId: number, file: string | undefined, options: ExportOptions): Promise<Result> {
  if (options.json && file === undefined) {
    throw new UsageError('--json needs a file to export to: standard output would hold the export.');
  }
  const database = keptDatabase(Config.from(process.env));
  const progress = Progress.of('Exporting', options);
  const settings = {
    serviceId,
    allServiceTokens: options.allServiceTokens === true,
    onProgress: progress.report,
  };
  let counts: Counts = {};
  if (file === undefined) {
    counts = await exportService(database, SCHEMA, settings, writeOut);
  } else {
    await makeWholeFile(file, options, async ({ path }) => {
      const handle = await open(path, 'w');
      try {
        counts = await exportService(database, SCHEMA, settings, (text) => handle.writeFile(text));
      } finally {
        await handle.close();
      }
    });
  }
  progress.end();
  return { document: { serviceId, file, records: counts }, lines: [], notes: [`Exported ${describe(counts)}.`] };
}

async function importFrom(file: string | undefined, options: ImportOptions): Promise<Result> {
  const config = Config.from(process.env);
  keptDatabase(config);
  if (file !== undefined && !existsSync(file)) throw new CommandError(`There is no file ${file}.`);
  // A file is read to its end before anything is written; what comes through a pipe can be read only once.
  const total = file === undefined ? undefined : await checkWhole(file, options);
  const { header, reader } = await TransferReader.open(chunksOf(file), readOptionsOf(options));
  const encryption = new SecretEncryption(existingEncryptionKeys(config));
  const database = await openDatabase(config, SCHEMA, { responseTimeout: 0 });
  const progress = Progress.of('Importing', options);
  try {
    await checkEncryptionKeys(database, encryption);
    const { counts, already } = await importService(database, header, reader, {
      schema: SCHEMA,
      encryption,
      changeState: CHANGE_STATE,
      startOver: options.startOver === true,
      onRecords: (count) => {
        if (total !== undefined) progress.report(count, total);
      },
    });
    progress.end();
    const { serviceId } = header;
    const callable = await hasCallers(database, serviceId);
    return {
      document: { serviceId, already, records: counts, callable },
      lines: [],
      notes: [
        already ? `Service ${serviceId} was imported before: nothing to do.` : `Imported ${describe(counts)}.`,
        ...(callable ? [] : ['No API access token is for this service: nobody can call it. See --all-service-tokens.']),
      ],
    };
  } finally {
    await database.close();
  }
}

/** Throws unless all of the file can be read; how many records it holds. */
async function checkWhole(file: string, options: ImportOptions): Promise<number> {
  const { reader } = await TransferReader.open(chunksOf(file), readOptionsOf(options));
  let count = 0;
  for await (const _record of reader.records()) count += 1;
  return count;
}

function chunksOf(file: string | undefined): AsyncIterable<Buffer> {
  return file === undefined ? process.stdin : createReadStream(file);
}

function readOptionsOf({ allServiceTokens = false }: ImportOptions): ReadOptions {
  return { schema: SCHEMA, allServiceTokens };
}

/** Waits where the reader is slower; throws when it is gone. */
function writeOut(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.once('error', reject);
    process.stdout.write(text, (error) => {
      process.stdout.off('error', reject);
      if (error) reject(error);
      else resolve();
    });
  });
}

function describe(counts: Counts): string {
  return Object.entries(counts)
    .map(([kind, count]) => `${count} ${kind}`)
    .join(', ');
}
