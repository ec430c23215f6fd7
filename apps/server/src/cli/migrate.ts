import { Command } from 'commander';
import { Config } from '../config/config.ts';
import { loadEncryptionKeys } from '../crypto/encryption-key-file.ts';
import { connect } from '../database/open-database.ts';
import { migrateStore } from '../database/migrate-store.ts';
import { applicationOf, SCHEMA_MIGRATION_TABLE, type Migration, type SchemaStatus } from '../database/schema.ts';
import { creationOf } from '../database/table.ts';
import { NoDatabaseError, readSnapshot } from '../database/snapshot.ts';
import { SCHEMA } from '../schema.ts';
import { EXIT_CODE } from './exit-code.ts';
import { withAction, type Result } from './result.ts';
import { asCommandError, persistentDatabase } from './store.ts';

/** `clientele migrate`: shows or changes the schema of the store. */
export function migrateCommand(): Command {
  return new Command('migrate')
    .description('show or change the schema of the store')
    .addCommand(
      withAction(
        new Command('status').description(
          'show applied and pending versions; the exit code is 3 if a version is pending',
        ),
        status,
      ),
    )
    .addCommand(withAction(new Command('plan').description("print the SQL of 'up'"), plan))
    .addCommand(withAction(new Command('up').description('apply the pending versions in one transaction'), up));
}

async function status(): Promise<Result> {
  const { applied, pending } = await currentStatus();
  return {
    document: {
      applied: applied.map(({ version, appliedAt }) => ({ version, appliedAt: timeOf(appliedAt) })),
      pending: pending.map(summary),
    },
    lines: [
      ...applied.map(({ version, appliedAt }) => `version ${version}  applied ${timeOf(appliedAt)}`),
      ...pending.map(({ version, name }) => `version ${version}  pending: ${name}`),
      pending.length === 0 ? 'The schema is up to date.' : "Run 'clientele migrate up'.",
    ],
    exitCode: pending.length === 0 ? EXIT_CODE.done : EXIT_CODE.pending,
  };
}

async function plan(): Promise<Result> {
  const { applied, pending } = await currentStatus();
  const migrations = pending.map(({ version, name, steps }) => ({
    version,
    name,
    steps: [...steps, applicationOf(version)].map((sql) => ({ sql })),
  }));
  return {
    document: { migrations },
    lines:
      migrations.length === 0
        ? ['-- The schema is up to date.']
        : [
            'BEGIN;',
            ...(applied.length === 0 ? creationOf(SCHEMA_MIGRATION_TABLE).map((sql) => `${sql};`) : []),
            ...migrations.flatMap(({ version, name, steps }) => [
              `\n-- version ${version}: ${name}`,
              ...steps.map(({ sql }) => `${sql};`),
            ]),
            '\nCOMMIT;',
          ],
  };
}

async function up(): Promise<Result> {
  const config = Config.from(process.env);
  // A new embedded database needs a key, as at the start of a server.
  if (persistentDatabase(config).engine === 'sqlite') loadEncryptionKeys(config);
  const database = await connect(config, { responseTimeout: 0 }).catch((error: unknown) => {
    throw asCommandError(config, error);
  });
  const lines: string[] = [];
  const print = (line: string): void => void lines.push(line);
  let applied: readonly Migration[];
  try {
    applied = await migrateStore(config.database, database, SCHEMA, { log: print, warn: print });
  } finally {
    await database.close();
  }
  return {
    document: { applied: applied.map(summary) },
    lines: [...lines, applied.length === 0 ? 'The schema was up to date.' : 'The schema is up to date.'],
  };
}

/** The schema, also while servers run. A missing database has an empty schema. */
async function currentStatus(): Promise<SchemaStatus> {
  try {
    return await readSnapshot(persistentDatabase(Config.from(process.env)), (session) => SCHEMA.status(session));
  } catch (error) {
    if (!(error instanceof NoDatabaseError)) throw error;
    return SCHEMA.status({
      hasTable: () => Promise.resolve(false),
      expectPlaceFor: () => Promise.resolve(),
      query: () => Promise.resolve([]),
    });
  }
}

function summary({ version, name }: Migration) {
  return { version, name };
}

function timeOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
