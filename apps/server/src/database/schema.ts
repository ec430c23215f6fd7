import type { Database, SqlSession } from './database.ts';
import { creationOf, type Table } from './table.ts';

/** One version of the schema. A released migration never changes. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  /** SQL that SQLite and PostgreSQL share. */
  readonly steps: readonly string[];
}

/** Called for each migration after its last step, with the milliseconds that it took. */
export type OnApplied = (migration: Migration, milliseconds: number) => void;

/** The versions of the schema of a database. */
export interface SchemaStatus {
  /** Oldest first. `appliedAt` is in milliseconds since 1970. */
  readonly applied: readonly { readonly version: number; readonly appliedAt: number }[];
  /** Oldest first. */
  readonly pending: readonly Migration[];
}

/** Contains the versions that were applied. */
export const SCHEMA_MIGRATION_TABLE: Table = {
  name: 'schema_migration',
  columns: { version: 'id', applied_at: 'number' },
  primaryKey: ['version'],
  exported: false,
};

/** The tables of the store and the migrations that create them. */
export class Schema {
  constructor(
    readonly tables: readonly Table[],
    /** Oldest first. */
    readonly migrations: readonly Migration[] = [
      { version: 1, name: 'first schema', steps: tables.flatMap(creationOf) },
    ],
  ) {}

  /** The newest version. */
  get version(): number {
    return this.migrations.at(-1)?.version ?? 0;
  }

  /** Throws if the schema of the database is newer than this server, and `ForeignDatabaseError` if the database is another program's. */
  async status(session: SqlSession): Promise<SchemaStatus> {
    // All columns, because a table of this name without these columns is of another program.
    const rows = (await session.hasTable(SCHEMA_MIGRATION_TABLE.name))
      ? await session.query('SELECT * FROM schema_migration')
      : [];
    const applied = rows
      .map((row) => ({ version: Number(row.version), appliedAt: Number(row.applied_at) }))
      .filter(({ version, appliedAt }) => Number.isSafeInteger(version) && Number.isSafeInteger(appliedAt))
      .sort((one, other) => one.version - other.version);
    if (applied.length === 0)
      await session.expectPlaceFor([SCHEMA_MIGRATION_TABLE, ...this.tables].map(({ name }) => name));
    const current = applied.at(-1)?.version ?? 0;
    if (current > this.version) {
      throw new Error(
        `The database has schema version ${current}; this server supports versions up to ${this.version}. Use a newer server.`,
      );
    }
    return { applied, pending: this.migrations.filter(({ version }) => version > current) };
  }

  /** Applies all pending migrations, or none; returns those that it applied. */
  migrate(database: Database, onApplied: OnApplied = () => undefined): Promise<readonly Migration[]> {
    return database.changeSchema(async (session) => {
      const { applied, pending } = await this.status(session);
      if (applied.length === 0) for (const step of creationOf(SCHEMA_MIGRATION_TABLE)) await session.query(step);
      for (const migration of pending) {
        const started = performance.now();
        for (const step of migration.steps) await session.query(step);
        await session.query(applicationOf(migration.version));
        onApplied(migration, Math.round(performance.now() - started));
      }
      return pending;
    });
  }
}

/** The statement that records that a version was applied now. */
export function applicationOf(version: number): string {
  return `INSERT INTO schema_migration (version, applied_at) VALUES (${version}, ${Date.now()})`;
}

/** Throws if migrations are pending. The message says how to apply them. */
export function expectCurrent({ applied, pending }: SchemaStatus): void {
  const required = pending.at(-1)?.version;
  if (required === undefined) return;
  const current = applied.at(-1)?.version;
  throw new Error(
    `The database ${current === undefined ? 'has no schema yet' : `has schema version ${current}`}, and this server needs ` +
      `version ${required}. Run 'clientele migrate up', or set AUTO_MIGRATE=true.`,
  );
}
