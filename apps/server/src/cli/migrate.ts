import { Command } from 'commander';
import { Config } from '../config/config.ts';
import { loadEncryptionKeys } from '../crypto/encryption-key-file.ts';
import { connect } from '../database/open-database.ts';
import { applicationOf, SCHEMA_MIGRATION_TABLE, type Migration, type SchemaStatus } from '../database/schema.ts';
import { creationOf } from '../database/table.ts';
import { NoDatabaseError, readSnapshot } from '../database/snapshot.ts';
import { SCHEMA } from '../schema.ts';
import { keptDatabase } from './database.ts';
import { EXIT_CODE } from './exit-code.ts';
import { reporting, type Result } from './result.ts';

/** `clientele migrate`: the schema of the store. */
export function migrateCommand(): Command {
  return new Command('migrate')
    .description('show or change the schema of the store')
    .addCommand(
      reporting(
        new Command('status').description(
          'show which versions were applied and which are pending; exit code 3 when one is',
        ),
        status,
      ),
    )
    .addCommand(reporting(new Command('plan').description("print the SQL that 'up' would carry out"), plan))
    .addCommand(reporting(new Command('up').description('carry out what is pending, in one transaction'), up));
}

async function status(): Promise<Result> {
  const { applied, pending } = await currentStatus();
  return {
    document: {
      applied: applied.map(({ version, appliedAt }) => ({ version, appliedAt: timeOf(appliedAt) })),
      pending: pending.map(named),
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
  // As when the server starts: a new embedded database is not made without a key.
  if (keptDatabase(config).engine === 'sqlite') loadEncryptionKeys(config);
  const database = await connect(config, { responseTimeout: 0 });
  let applied: readonly Migration[];
  try {
    applied = await SCHEMA.migrate(database);
  } finally {
    await database.close();
  }
  return {
    document: { applied: applied.map(named) },
    lines: [
      ...applied.map(({ version, name }) => `version ${version}  applied: ${name}`),
      applied.length === 0 ? 'The schema was up to date.' : 'The schema is up to date.',
    ],
  };
}

/** Also while servers run; a database that is not there yet has no schema. */
async function currentStatus(): Promise<SchemaStatus> {
  try {
    return await readSnapshot(keptDatabase(Config.from(process.env)), (session) => SCHEMA.status(session));
  } catch (error) {
    if (!(error instanceof NoDatabaseError)) throw error;
    return SCHEMA.status({ hasTable: () => Promise.resolve(false), query: () => Promise.resolve([]) });
  }
}

function named({ version, name }: Migration): { readonly version: number; readonly name: string } {
  return { version, name };
}

function timeOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
