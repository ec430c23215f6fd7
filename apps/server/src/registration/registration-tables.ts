import type { Table } from '../database/table.ts';

/** The registrations without an initial access token on the latest day with one: days since 1970 in UTC. */
const OPEN_REGISTRATION_COUNT_TABLE: Table = {
  name: 'open_registration_count',
  columns: { service_id: 'id', day: 'number', registrations: 'number' },
  primaryKey: ['service_id'],
  exported: false,
};

export const REGISTRATION_TABLES = [OPEN_REGISTRATION_COUNT_TABLE];
