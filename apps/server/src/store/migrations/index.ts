import { FIRST } from './0001-first.ts';

/** One step of the schema, in SQL that SQLite and PostgreSQL share. A released migration never changes. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly statements: readonly string[];
}

export const MIGRATIONS: readonly Migration[] = [FIRST];
