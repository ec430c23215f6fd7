import type { Row, SqlValue, Statement } from '../database/database.ts';
import { sqlType } from '../database/table.ts';
import { CLIENT_TABLE, type ClientColumn } from './client-tables.ts';

/** A statement without its values. */
type StatementText = Pick<Statement, 'sql' | 'batchSql'>;

/** A statement that writes a client, with the values of these columns in this order. */
export interface WriteText extends StatementText {
  readonly columns: readonly ClientColumn[];
}

/** The values of a client's columns. */
export type ClientColumns = Readonly<Record<ClientColumn, SqlValue>>;

export type ClientRow = Row & ClientColumns;

const NAMES = Object.keys(CLIENT_TABLE.columns) as ClientColumn[];

const $ = Object.fromEntries(NAMES.map((name, index) => [name, `$${index + 1}`])) as Readonly<
  Record<ClientColumn, string>
>;

const typeOf = (name: ClientColumn): string => sqlType(CLIENT_TABLE.columns[name]);

const list = (of: (name: ClientColumn) => string, names: readonly ClientColumn[] = NAMES): string =>
  names.map(of).join(', ');

/** Whether no other client of the service has the same `software_id`. */
const SOFTWARE_ID_UNIQUE = `NOT EXISTS (
  SELECT 1 FROM client AS other
  WHERE other.service_id = ${$.service_id} AND other.software_id_hash = ${$.software_id_hash} AND other.client_id <> ${$.client_id})`;

export const INSERT: WriteText = {
  columns: NAMES,
  sql: `INSERT INTO client (${NAMES.join(', ')}) VALUES (${list((name) => $[name])}) ON CONFLICT DO NOTHING`,
};

/** Inserts a client unless another client of the service has its `software_id`. */
export const INSERT_UNIQUE: WriteText = {
  columns: NAMES,
  // PostgreSQL cannot infer the types of the values of a SELECT, so each is cast.
  sql: `INSERT INTO client (${NAMES.join(', ')})
    SELECT ${list((name) => `CAST(${$[name]} AS ${typeOf(name)})`)} WHERE ${SOFTWARE_ID_UNIQUE}
    ON CONFLICT DO NOTHING`,
};

/** Selects columns of the client with a service ID and a client ID. */
function selecting(names: readonly ClientColumn[]): StatementText {
  const columns = list((name) => `client.${name}`, names);
  return {
    sql: `SELECT ${columns} FROM client WHERE client.service_id = $1 AND client.client_id = $2`,
    batchSql: `SELECT requested.place, ${columns}
      FROM unnest($1::BIGINT[], $2::BIGINT[]) WITH ORDINALITY AS requested(service_id, client_id, place)
      JOIN client ON client.service_id = requested.service_id AND client.client_id = requested.client_id`,
  };
}

export const FIND = selecting(NAMES);

/** Finds a client without its document. */
export const FIND_HEAD = selecting(NAMES.filter((name) => name !== 'properties'));

const KEY: readonly string[] = CLIENT_TABLE.primaryKey;

/** Replaces columns of the previous version of a client. */
function replacing(columns: readonly ClientColumn[]): WriteText {
  const replaced = columns.filter((name) => !KEY.includes(name));
  return {
    columns,
    sql: `UPDATE client SET ${list((name) => `${name} = ${$[name]}`, replaced)}
      WHERE service_id = ${$.service_id} AND client_id = ${$.client_id} AND version = ${$.version} - 1`,
    // Rows are locked in the order of their keys, so that two servers that replace the same clients cannot deadlock.
    batchSql: `UPDATE client SET ${list((name) => `${name} = change.${name}`, replaced)}
      FROM (
        SELECT change.*
        FROM unnest(${list((name) => `${$[name]}::${typeOf(name)}[]`, columns)}) WITH ORDINALITY AS change(${columns.join(', ')}, place)
        JOIN client AS locked ON locked.service_id = change.service_id AND locked.client_id = change.client_id
        ORDER BY locked.service_id, locked.client_id
        FOR UPDATE OF locked
      ) AS change
      WHERE client.service_id = change.service_id AND client.client_id = change.client_id
        AND client.version = change.version - 1
      RETURNING change.place`,
  };
}

export const REPLACE = replacing(NAMES);

/** Replaces a client whose `software_id` stays the same. SQLite would rewrite the index entry whenever its column is set. */
export const REPLACE_WITH_SAME_SOFTWARE_ID = replacing(NAMES.filter((name) => name !== 'software_id_hash'));

/** Replaces a client unless another client of the service has its `software_id`. */
export const REPLACE_UNIQUE: WriteText = { columns: NAMES, sql: `${REPLACE.sql} AND ${SOFTWARE_ID_UNIQUE}` };

/** Deletes a version of a client. */
export const DELETE = 'DELETE FROM client WHERE service_id = $1 AND client_id = $2 AND version = $3';

/** Locks a `software_id` until the end of the transaction. */
export const LOCK_SOFTWARE_ID = `
  INSERT INTO software_id_lock (service_id, software_id_hash, locked_at) VALUES ($1, $2, $3)
  ON CONFLICT (service_id, software_id_hash) DO UPDATE SET locked_at = excluded.locked_at`;

/** Finds another client of a service with a `software_id`. */
export const FIND_SOFTWARE_ID = `
  SELECT client_id FROM client WHERE service_id = $1 AND client_id <> $2 AND software_id_hash = $3 LIMIT 1`;
