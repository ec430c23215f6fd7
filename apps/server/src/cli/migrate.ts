import { Command } from 'commander';
import { Config } from '../config.ts';
import { loadEncryptionKeys } from '../encryption-key.ts';
import { connect } from '../store/open-database.ts';
import type { Migration } from '../store/migrations/index.ts';
import { CREATE_SCHEMA_MIGRATION, migrate, schemaStatus, type SchemaStatus } from '../store/migrations/migrate.ts';
import { NoDatabaseError, readSnapshot } from '../store/snapshot.ts';
import { keptDatabase } from './database.ts';
import { EXIT_CODE } from './exit-code.ts';
import { print } from './terminal.ts';

interface Options {
  readonly json?: boolean;
}

/** `clientele migrate`: the schema of the store. */
export function migrateCommand(): Command {
  const json = ['--json', 'print one line of JSON'] as const;
  return new Command('migrate')
    .description('show or change the schema of the store')
    .addCommand(
      new Command('status')
        .description('show which versions were applied and which are pending; exit code 3 when one is')
        .option(...json)
        .action(status),
    )
    .addCommand(
      new Command('plan')
        .description("print the SQL that 'up' would carry out")
        .option(...json)
        .action(plan),
    )
    .addCommand(
      new Command('up')
        .description('carry out what is pending, in one transaction')
        .option(...json)
        .action(up),
    );
}

async function status({ json }: Options): Promise<void> {
  const { applied, pending } = await currentStatus();
  if (json) {
    print(
      JSON.stringify({
        applied: applied.map(({ version, appliedAt }) => ({ version, appliedAt: timeOf(appliedAt) })),
        pending: pending.map(named),
      }),
    );
  } else {
    for (const { version, appliedAt } of applied) print(`version ${version}  applied ${timeOf(appliedAt)}`);
    for (const { version, name } of pending) print(`version ${version}  pending: ${name}`);
    print(pending.length === 0 ? 'The schema is up to date.' : "Run 'clientele migrate up'.");
  }
  if (pending.length > 0) process.exitCode = EXIT_CODE.pending;
}

async function plan({ json }: Options): Promise<void> {
  const { pending } = await currentStatus();
  const migrations = pending.map((migration) => ({ ...named(migration), steps: stepsOf(migration) }));
  if (json) {
    print(JSON.stringify({ migrations }));
    return;
  }
  if (migrations.length === 0) {
    print('-- The schema is up to date.');
    return;
  }
  print(['BEGIN;', `${CREATE_SCHEMA_MIGRATION};`].join('\n'));
  for (const { version, name, steps } of migrations) {
    print(`\n-- version ${version}: ${name}`);
    for (const { sql, code } of steps) print(sql === undefined ? `-- code: ${code}()` : `${sql};`);
  }
  print('\nCOMMIT;');
}

async function up({ json }: Options): Promise<void> {
  const config = Config.from(process.env);
  // As when the server starts: a new embedded database is not made without a key.
  if (keptDatabase(config).engine === 'sqlite') loadEncryptionKeys(config);
  const database = await connect(config, { answerTimeout: 0 });
  let applied: readonly Migration[];
  try {
    applied = await migrate(database);
  } finally {
    await database.close();
  }
  if (json) {
    print(JSON.stringify({ applied: applied.map(named) }));
    return;
  }
  for (const { version, name } of applied) print(`version ${version}  applied: ${name}`);
  print(applied.length === 0 ? 'The schema was up to date.' : 'The schema is up to date.');
}

/** Also while servers run; a database that is not there yet has no schema. */
async function currentStatus(): Promise<SchemaStatus> {
  try {
    return await readSnapshot(keptDatabase(Config.from(process.env)), (session) => schemaStatus(session));
  } catch (error) {
    if (!(error instanceof NoDatabaseError)) throw error;
    return schemaStatus({ hasTable: () => Promise.resolve(false), query: () => Promise.resolve([]) });
  }
}

function named({ version, name }: Migration): { readonly version: number; readonly name: string } {
  return { version, name };
}

/** What `migrate` does for one version, in SQL but for the steps that are code. */
function stepsOf({ version, steps }: Migration): { readonly sql?: string; readonly code?: string }[] {
  return [
    ...steps.map((step) => (typeof step === 'string' ? { sql: step } : { code: step.name })),
    { sql: `INSERT INTO schema_migration (version, applied_at) VALUES (${version}, ${Date.now()})` },
  ];
}

function timeOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
