import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Command } from 'commander';
import { Config } from '../config/config.ts';
import { existingEncryptionKeys } from '../crypto/encryption-key-file.ts';
import { checkEncryptionKeys } from '../database/encryption-keys.ts';
import { SecretEncryption } from '../crypto/secret-encryption.ts';
import { exportService } from '../transfer/export.ts';
import { hasCallers, importService } from '../transfer/import.ts';
import { TransferReader, type Counts, type ReadOptions } from '../transfer/transfer-file.ts';
import { exists } from '../files/exists.ts';
import { SCHEMA } from '../schema.ts';
import { CHANGE_STATE } from '../services/service-store.ts';
import { counted } from './counted.ts';
import { createAtomically } from './atomic-file.ts';
import { CommandError, UsageError } from './command-error.ts';
import { Progress } from './progress.ts';
import { withAction, type OutputOptions, type Result } from './result.ts';
import { parseServiceId } from './service-id.ts';
import { BY_COMMAND, openStore, persistentDatabase } from './store.ts';
import { writeToStdout } from './terminal.ts';

const ALL_SERVICE_TOKENS = ['--all-service-tokens', 'include the API access tokens for all services'] as const;

interface ExportOptions extends OutputOptions {
  readonly force?: boolean;
  readonly allServiceTokens?: boolean;
}

interface ImportOptions extends OutputOptions {
  readonly startOver?: boolean;
  readonly allServiceTokens?: boolean;
}

/** `clientele export`: writes a service and all its data to a file for any engine. */
export function exportCommand(): Command {
  const command = new Command('export')
    .description('write a snapshot of a service and all its data; servers may run')
    .argument('<serviceId>', 'the ID of the service', parseServiceId)
    .argument('[file]', 'the export to create; the default is standard output')
    .option(...ALL_SERVICE_TOKENS)
    .option('--force', 'replace an existing file');
  return withAction(command, exportTo);
}

/** `clientele import`: stores an exported service. */
export function importCommand(): Command {
  const command = new Command('import')
    .description('store an exported service; can be interrupted and repeated')
    .argument('[file]', 'the export; the default is standard input')
    .option(...ALL_SERVICE_TOKENS)
    .option('--start-over', 'first remove the records of an unfinished import of the service from another file');
  return withAction(command, importFrom);
}

async function exportTo(serviceId: number, file: string | undefined, options: ExportOptions): Promise<Result> {
  if (options.json && file === undefined) {
    throw new UsageError('--json needs a file for the export, because standard output is for the document.');
  }
  const database = persistentDatabase(Config.from(process.env));
  const progress = Progress.of('Exporting', options);
  const settings = {
    serviceId,
    allServiceTokens: options.allServiceTokens === true,
    onProgress: progress.report,
  };
  let counts: Counts = {};
  if (file === undefined) {
    counts = await exportService(database, SCHEMA, settings, writeToStdout);
  } else {
    await createAtomically(file, options, async ({ path }) => {
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
  persistentDatabase(config);
  if (file !== undefined && !exists(file)) throw new CommandError(`There is no file ${file}.`);
  const encryption = new SecretEncryption(existingEncryptionKeys(config));
  const readOptions = { schema: SCHEMA, allServiceTokens: options.allServiceTokens === true, encryption };
  // A file is checked before anything is stored; a pipe can be read only once.
  const total = file === undefined ? undefined : await countRecords(file, readOptions);
  const { header, reader } = await TransferReader.open(chunksOf(file), readOptions);
  const database = await openStore(config, { responseTimeout: 0 });
  const progress = Progress.of('Importing', options);
  try {
    await checkEncryptionKeys(database, encryption, config);
    const { counts, already } = await importService(database, header, reader, {
      schema: SCHEMA,
      encryption,
      changeState: CHANGE_STATE,
      by: BY_COMMAND,
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
        already ? `Service ${serviceId} was imported before. Nothing was changed.` : `Imported ${describe(counts)}.`,
        ...(callable
          ? []
          : [
              "No API access token allows calls for this service. See --all-service-tokens, or run 'clientele token recover'.",
            ]),
      ],
    };
  } finally {
    await database.close();
  }
}

/** Reads the whole file and returns the number of its records. Throws if the file is not valid. */
async function countRecords(file: string, options: ReadOptions): Promise<number> {
  const { reader } = await TransferReader.open(chunksOf(file), options);
  let count = 0;
  for await (const _record of reader.records()) count += 1;
  return count;
}

function chunksOf(file: string | undefined): AsyncIterable<Buffer> {
  return file === undefined ? process.stdin : createReadStream(file);
}

/** Nouns for the kinds whose names cannot be counted. */
const NOUNS: Readonly<Record<string, string>> = { audit_pending: 'pending audit entry' };

function describe(counts: Counts): string {
  return Object.entries(counts)
    .map(([kind, count]) => {
      const [noun = '', scope = ''] = (NOUNS[kind] ?? kind).replaceAll('_', ' ').split(/(?= of all services$)/);
      return counted(count, noun) + scope;
    })
    .join(', ');
}
