/**
 * How the store is spread over many machines or partitions once it is too large for one: each table that grows with the
 * number of clients by the column named here, which therefore stands in every primary key and unique index of the table, and
 * in every statement of the hot path.
 */
export const DISTRIBUTION_COLUMNS = {
  client: 'client_id',
  idempotent_registration: 'key_hash',
  // Each is counted down in one transaction with the clients that it brings, found by its hash and managed by its ID.
  initial_access_token: 'service_id',
  software_id_lock: 'software_id_hash',
} as const satisfies Readonly<Record<string, string>>;

/** The tables that stay small however many clients there are; a distributed store has a copy of them everywhere. */
export const SMALL_TABLES = [
  'api_access_token',
  'encryption_key',
  'schema_migration',
  'service',
  'service_state',
] as const;
