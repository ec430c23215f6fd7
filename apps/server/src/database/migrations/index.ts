import type { SchemaSession } from '../database.ts';
import { FIRST } from './0001-first.ts';
import { SOFTWARE_ID } from './0002-software-id.ts';
import { PROTOCOL_PLANE } from './0003-protocol-plane.ts';
import { STANDING } from './0004-standing.ts';

/** One version of the schema. A released migration never changes. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  /** In SQL that SQLite and PostgreSQL share; a function where the rows must be read to be changed. */
  readonly steps: readonly (string | MigrationStep)[];
}

export type MigrationStep = (session: SchemaSession) => Promise<void>;

/** All of them, oldest first. */
export const MIGRATIONS: readonly Migration[] = [FIRST, SOFTWARE_ID, PROTOCOL_PLANE, STANDING];
