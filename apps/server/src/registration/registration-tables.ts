import type { Table } from '../database/table.ts';

/** How often clients registered or updated without an initial access token on the latest day: days since 1970 in UTC. */
const OPEN_OPERATION_COUNT_TABLE: Table = {
  name: 'open_operation_count',
  columns: { service_id: 'id', operation: 'text', day: 'number', operations: 'number' },
  primaryKey: ['service_id', 'operation'],
  exported: false,
};

export const REGISTRATION_TABLES = [OPEN_OPERATION_COUNT_TABLE];
