import type { Row } from '../database/database.ts';
import type { Schema } from '../database/schema.ts';
import { keyOf, type Column, type ExportedRows, type Table } from '../database/table.ts';

/** One kind of record in an export: the rows of a table that belong to a service, or those that belong to all services. */
export interface RecordKind {
  readonly name: string;
  readonly table: Table;
  readonly exported: ExportedRows;
  readonly ofAllServices: boolean;
  /** The column that identifies a row of the service. */
  readonly key: string;
  /** The exported columns: all but `service_id`, which is in the header, and those that an import computes. */
  readonly columns: Readonly<Record<string, Column>>;
}

/** The kinds of records, in the order of the file. The first one is the service itself. */
export function recordKindsOf({ tables }: Schema): readonly RecordKind[] {
  return tables.flatMap((table) => {
    const { name, exported, columns: all } = table;
    if (exported === false) return [];
    const computed = ['service_id', ...(exported.derived?.columns ?? [])];
    const columns = Object.fromEntries(Object.entries(all).filter(([column]) => !computed.includes(column)));
    const kind = { name, table, exported, columns, key: keyOf(table), ofAllServices: false };
    const nullable = all.service_id?.endsWith('?') === true;
    return nullable ? [kind, { ...kind, name: `${name}_of_all_services`, ofAllServices: true }] : [kind];
  });
}

/** Whether a row has expired. */
export function hasExpired({ exported: { expiresAt } }: RecordKind, row: Row): boolean {
  return expiresAt !== undefined && Number(row[expiresAt]) <= Date.now();
}
