import type { Row, SqlValue } from './database.ts';

/**
 * The type of a column: a SHA-256 hash in base64url, an ID from 1, a version from 1 or a count from 0 to `LARGEST_COUNT`, a time that has
 * passed in milliseconds since 1970, another number from 0, a text, or a ciphertext of `SecretEncryption`. A type with `?` allows null.
 */
export type ColumnType = 'hash' | 'id' | 'version' | 'count' | 'time' | 'number' | 'text' | 'encrypted';
export type Column = ColumnType | `${ColumnType}?`;

/** The largest count and version. Nothing counts so far, and adding 1 to it is always exact. */
export const LARGEST_COUNT = 2 ** 31 - 1;

interface Index {
  readonly name: string;
  readonly columns: readonly string[];
  readonly unique?: true;
  /** Condition of a partial index. */
  readonly where?: string;
}

/** Which rows of a table have no meaning after a time. Every server deletes them (`ExpiredRows`). */
export interface ExpiryRule {
  /** The column with that time, in milliseconds since 1970. It gets an index. */
  readonly column: string;
  /** Milliseconds from that time to the deletion; 0 if omitted. */
  readonly keptFor?: number;
  /** SQL that is true for the rows of this rule; all rows if omitted. */
  readonly where?: string;
  /** The most milliseconds from now to that time. A clock that was ahead stored a later one: the row is deleted. No limit if omitted. */
  readonly longest?: number;
}

/** Rows of another table that follow from a row. An import stores them together with the row. */
interface DerivedRows {
  readonly table: string;
  readonly of: (row: Row, serviceId: number) => readonly Row[];
  /** The column that identifies one of these rows within the service, if each must belong to one row. */
  readonly unique?: string;
}

/** How an export of a service contains the rows of a table. */
export interface ExportedRows {
  /** Milliseconds since 1970 from which a row has no meaning: the column. Such a row is neither exported nor imported. */
  readonly expiresAt?: string;
  /** Whether a row is a credential of callers: such rows are stored together with the service, which is usable from then on. */
  readonly credential?: true;
  /** Whether the server adds rows by itself: a repeated import finds more rows than its file contains. */
  readonly grows?: true;
  /** Whether the server also replaces and deletes rows by itself: a repeated import does not compare them. */
  readonly moves?: true;
  /** Columns, and rows of other tables, that follow from the other columns and that an import computes. */
  readonly derived?: {
    readonly columns: readonly string[];
    readonly of: (row: Row) => Row;
    readonly alongside?: readonly DerivedRows[];
  };
  /** Throws `RecordError` unless the API of this server could have stored the row. The columns have their types. */
  readonly check?: (row: Row, serviceId: number) => void;
}

/**
 * The one declaration of a table. The schema, exports, the re-encryption of secrets and the distribution over partitions follow
 * from it.
 */
export interface Table {
  readonly name: string;
  readonly columns: Readonly<Record<string, Column>>;
  /** `service_id`, if it is a part of the key, comes first. */
  readonly primaryKey: readonly string[];
  /** The column that identifies a row of a service; the last one of the primary key if omitted. */
  readonly key?: string;
  readonly indexes?: readonly Index[];
  readonly expiry?: readonly ExpiryRule[];
  /** The first row of the table. */
  readonly firstRow?: Row;
  /**
   * The column that distributes a table whose size grows with the number of clients. It is part of every primary key and unique
   * index of the table and of every statement that concerns one client. A table without it stays small: a distributed store
   * has a copy of it everywhere.
   */
  readonly distributedBy?: string;
  /** `false` if an export of a service does not contain the rows of this table. */
  readonly exported: ExportedRows | false;
}

/** The SQL type of a column. */
export function sqlType(column: Column): 'BIGINT' | 'TEXT' {
  return /^(hash|text|encrypted)/.test(column) ? 'TEXT' : 'BIGINT';
}

/** The column that identifies a row of a service. */
export function keyOf({ primaryKey, key = primaryKey.at(-1) ?? '' }: Table): string {
  return key;
}

/** The columns with ciphertexts. */
export function encryptedColumnsOf({ columns }: Table): readonly string[] {
  return Object.keys(columns).filter((name) => columns[name]?.startsWith('encrypted'));
}

/**
 * The condition of the rows of a table whose numbers can be read exactly. No server writes others, and with one of them, SQLite refuses
 * to read all rows of a query.
 */
export function readable({ name, columns }: Table): string {
  const numbers = Object.keys(columns).filter((column) => sqlType(columns[column] ?? 'text') === 'BIGINT');
  const largest = Number.MAX_SAFE_INTEGER;
  return numbers.map((column) => `COALESCE(${name}.${column}, 0) BETWEEN -${largest} AND ${largest}`).join(' AND ');
}

/** The owner to which the ciphertexts of a row are bound. */
export function ownerOf({ name, primaryKey }: Table, row: Readonly<Record<string, SqlValue | undefined>>): string {
  return [name, ...primaryKey.map((column) => row[column])].join('/');
}

/** The statements that create a table. Times are milliseconds since 1970. */
export function creationOf({ name, columns, primaryKey, indexes = [], expiry = [], firstRow }: Table): string[] {
  const lines = Object.entries(columns).map(
    ([column, type]) => `${column} ${sqlType(type)}${type.endsWith('?') ? '' : ' NOT NULL'}`,
  );
  return [
    `CREATE TABLE ${name} (\n  ${[...lines, `PRIMARY KEY (${primaryKey.join(', ')})`].join(',\n  ')}\n)`,
    ...[...indexes, ...expiry.map((rule) => indexOf(name, rule))].map(
      (index) =>
        `CREATE ${index.unique ? 'UNIQUE ' : ''}INDEX ${index.name} ON ${name} (${index.columns.join(', ')})` +
        (index.where === undefined ? '' : ` WHERE ${index.where}`),
    ),
    ...(firstRow
      ? [`INSERT INTO ${name} (${Object.keys(firstRow).join(', ')}) VALUES (${Object.values(firstRow).join(', ')})`]
      : []),
  ];
}

function indexOf(table: string, { column, where }: ExpiryRule): Index {
  return { name: `${table}_by_${column}`, columns: [column], ...(where !== undefined && { where }) };
}

/** A row of an export could not have been stored by the API of this server. The message names the member at fault. */
export class RecordError extends Error {
  override readonly name = 'RecordError';
}
