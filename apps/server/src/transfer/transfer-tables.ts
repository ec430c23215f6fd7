import type { ClientProperties } from '../clients/client.ts';
import type { SqlValue } from '../database/database.ts';
import { derivedColumns } from '../clients/client-store.ts';

/** The type of a column of an export: SHA-256 in base64url, an ID or version from 1, a number from 0; with `?` it can be null. */
export type ColumnType = 'hash' | 'hash?' | 'id' | 'number' | 'number?' | 'text' | 'text?';

export type TransferredRow = Readonly<Record<string, SqlValue>>;

/** Rows of one table that belong to an export. */
export interface TransferTable {
  /** What its records are called in the file. */
  readonly kind: string;
  readonly table: string;
  /** Whose rows: those of the service, or those that are for all services. */
  readonly of: 'service' | 'all services';
  /** The column that, within the service, tells rows apart. */
  readonly key: string;
  /** All columns that are exported; `service_id` stands in the header. */
  readonly columns: Readonly<Record<string, ColumnType>>;
  /** Those that hold records of `SecretEncryption`. */
  readonly encrypted: readonly string[];
  /**
   * The column that says when a row ends by itself, in milliseconds: from then on it means nothing to anybody, and may be gone
   * at any moment. Such a row is neither exported nor kept, and its absence is no change of the service.
   */
  readonly endsAt?: string;
  /** Columns that follow from the others, and their values. */
  readonly derived?: {
    readonly columns: readonly string[];
    readonly of: (row: TransferredRow) => TransferredRow;
  };
}

export const SERVICE_COLUMNS: Readonly<Record<string, ColumnType>> = {
  version: 'id',
  created_at: 'number',
  modified_at: 'number',
  properties: 'text',
};

const API_ACCESS_TOKEN = {
  table: 'api_access_token',
  key: 'token_hash',
  columns: { token_hash: 'hash', access_rights: 'text', created_at: 'number' },
  encrypted: [],
} as const;

/** Everything of a service but the service itself, in the order of the file. */
export const TRANSFER_TABLES: readonly TransferTable[] = [
  { kind: 'api_access_token', of: 'service', ...API_ACCESS_TOKEN },
  { kind: 'api_access_token_of_all_services', of: 'all services', ...API_ACCESS_TOKEN },
  {
    kind: 'initial_access_token',
    of: 'service',
    table: 'initial_access_token',
    key: 'token_id',
    columns: {
      token_id: 'id',
      token_hash: 'hash',
      label: 'text?',
      created_at: 'number',
      expires_at: 'number',
      uses: 'number',
      uses_left: 'number',
    },
    encrypted: [],
  },
  {
    kind: 'client',
    of: 'service',
    table: 'client',
    key: 'client_id',
    columns: {
      client_id: 'id',
      version: 'id',
      created_at: 'number',
      modified_at: 'number',
      registration_access_token_hash: 'hash?',
      client_secret: 'text?',
      properties: 'text',
      previous_token_hash: 'hash?',
      previous_token_until: 'number?',
    },
    encrypted: ['client_secret'],
    derived: {
      columns: ['dynamically_registered', 'locked', 'initial_access_token_id', 'software_id_hash'],
      of: ({ properties }) => derivedColumns(JSON.parse(properties as string) as ClientProperties),
    },
  },
  {
    kind: 'idempotent_registration',
    of: 'service',
    table: 'idempotent_registration',
    key: 'key_hash',
    columns: { key_hash: 'hash', request_hash: 'hash', answer: 'text', expires_at: 'number' },
    encrypted: ['answer'],
    endsAt: 'expires_at',
  },
];

/** Tables that stay behind: what they hold is of the store, or means nothing beyond the moment. */
export const UNTRANSFERRED_TABLES: readonly string[] = [
  'schema_migration',
  'encryption_key', // the IDs stand in the header
  'service_state',
  'software_id_lock',
];

/** Whether the row has ended by itself. */
export function hasEnded({ endsAt }: TransferTable, row: TransferredRow): boolean {
  return endsAt !== undefined && Number(row[endsAt]) <= Date.now();
}
