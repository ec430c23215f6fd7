import type { Database, SchemaSession } from '../database.ts';
import { MIGRATIONS, type Migration } from './index.ts';

/** Where the schema of a database stands. */
export interface SchemaStatus {
  /** Versions that were applied, oldest first, and when: milliseconds since 1970. */
  readonly applied: readonly { readonly version: number; readonly appliedAt: number }[];
  /** What is still to be applied, in this order. */
  readonly pending: readonly Migration[];
}

/** Where the versions that were applied are noted. */
export const CREATE_SCHEMA_MIGRATION =
  'CREATE TABLE IF NOT EXISTS schema_migration (version BIGINT NOT NULL PRIMARY KEY, applied_at BIGINT NOT NULL)';

/** Throws when the database has a schema that is newer than this server. */
export async function schemaStatus(session: SchemaSession, migrations = MIGRATIONS): Promise<SchemaStatus> {
  const rows = (await session.hasTable('schema_migration'))
    ? await session.query('SELECT version, applied_at FROM schema_migration ORDER BY version')
    : [];
  const applied = rows.map((row) => ({ version: Number(row.version), appliedAt: Number(row.applied_at) }));
  const current = applied.at(-1)?.version ?? 0;
  const newest = migrations.at(-1)?.version ?? 0;
  if (current > newest) {
    throw new Error(
      `The database has schema version ${current}; this server knows versions up to ${newest}. Use a newer server.`,
    );
  }
  return { applied, pending: migrations.filter(({ version }) => version > current) };
}

/** Brings the schema up to date, all of it or nothing; the migrations that were applied. */
export function migrate(database: Database, migrations = MIGRATIONS): Promise<readonly Migration[]> {
  return database.changeSchema(async (session) => {
    await session.query(CREATE_SCHEMA_MIGRATION);
    const { pending } = await schemaStatus(session, migrations);
    for (const { version, steps } of pending) {
      for (const step of steps) await (typeof step === 'string' ? session.query(step) : step(session));
      await session.query('INSERT INTO schema_migration (version, applied_at) VALUES ($1, $2)', [version, Date.now()]);
    }
    return pending;
  });
}
