import type { Row, SqlValue, Statement } from '../database/database.ts';

/** A statement without its values. */
export type StatementKind = Pick<Statement, 'sql' | 'together'>;

/** A statement that keeps a client: it has the values of these columns, in their order. */
export interface KeepingKind extends StatementKind {
  readonly columns: readonly Column[];
}

/** The columns of a client and their types, in the order in which statements have their values. */
const COLUMNS = {
  service_id: 'BIGINT',
  client_id: 'BIGINT',
  version: 'BIGINT',
  created_at: 'BIGINT',
  modified_at: 'BIGINT',
  registration_access_token_hash: 'TEXT',
  previous_token_hash: 'TEXT',
  previous_token_until: 'BIGINT',
  client_secret: 'TEXT',
  properties: 'TEXT',
  dynamically_registered: 'BIGINT',
  locked: 'BIGINT',
  initial_access_token_id: 'BIGINT',
  software_id_hash: 'TEXT',
} as const;

type Column = keyof typeof COLUMNS;

/** A client as it is written. */
export type ClientColumns = Readonly<Record<Column, SqlValue>>;

const NAMES = Object.keys(COLUMNS) as Column[];
/** All but the last, which is in an index. */
const NAMES_BUT_SOFTWARE_ID = NAMES.filter((name) => name !== 'software_id_hash');

/** A client as it is read. */
export type ClientRow = Row & ClientColumns;

const $ = Object.fromEntries(NAMES.map((name, place) => [name, `$${place + 1}`])) as Record<Column, string>;

const list = (of: (name: Column) => string, names: readonly Column[] = NAMES): string => names.map(of).join(', ');

/** Whether no client of the service but the one in question has its `software_id`. */
const SOFTWARE_ID_ALONE = `NOT EXISTS (
  SELECT 1 FROM client AS other
  WHERE other.service_id = ${$.service_id} AND other.software_id_hash = ${$.software_id_hash} AND other.client_id <> ${$.client_id})`;

export const INSERT: KeepingKind = {
  columns: NAMES,
  sql: `INSERT INTO client (${NAMES.join(', ')}) VALUES (${list((name) => $[name])}) ON CONFLICT DO NOTHING`,
};

/** The same, unless another client of the service has the `software_id`. */
export const INSERT_ALONE: KeepingKind = {
  columns: NAMES,
  // Values of a SELECT have no column from which PostgreSQL could learn their types.
  sql: `INSERT INTO client (${NAMES.join(', ')})
    SELECT ${list((name) => `CAST(${$[name]} AS ${COLUMNS[name]})`)} WHERE ${SOFTWARE_ID_ALONE}
    ON CONFLICT DO NOTHING`,
};

/** Gives these columns of the client of a service ID and a client ID. */
function finding(columns: string): StatementKind {
  return {
    sql: `SELECT ${columns} FROM client WHERE client.service_id = $1 AND client.client_id = $2`,
    together: `SELECT asked.place, ${columns}
      FROM unnest($1::BIGINT[], $2::BIGINT[]) WITH ORDINALITY AS asked(service_id, client_id, place)
      JOIN client ON client.service_id = asked.service_id AND client.client_id = asked.client_id`,
  };
}

export const FIND = finding(list((name) => `client.${name}`));

/** The same without the document, unless the row is from before there were the columns that follow from it. */
export const FIND_HEAD = finding(
  list((name) =>
    name === 'properties'
      ? 'CASE WHEN client.dynamically_registered IS NULL THEN client.properties END AS properties'
      : `client.${name}`,
  ),
);

const KEY: readonly Column[] = ['service_id', 'client_id'];

/** Puts the values of these columns in the place of those of the version before. */
function replacing(columns: readonly Column[]): KeepingKind {
  const replaced = columns.filter((name) => !KEY.includes(name));
  return {
    columns,
    sql: `UPDATE client SET ${list((name) => `${name} = ${$[name]}`, replaced)}
      WHERE service_id = ${$.service_id} AND client_id = ${$.client_id} AND version = ${$.version} - 1`,
    // In the order of their keys: two servers that replace the same clients wait for each other, and never each for the other.
    together: `UPDATE client SET ${list((name) => `${name} = change.${name}`, replaced)}
      FROM (
        SELECT change.*
        FROM unnest(${list((name) => `${$[name]}::${COLUMNS[name]}[]`, columns)}) WITH ORDINALITY AS change(${columns.join(', ')}, place)
        JOIN client AS held ON held.service_id = change.service_id AND held.client_id = change.client_id
        ORDER BY held.service_id, held.client_id
        FOR UPDATE OF held
      ) AS change
      WHERE client.service_id = change.service_id AND client.client_id = change.client_id
        AND client.version = change.version - 1
      RETURNING change.place`,
  };
}

export const REPLACE = replacing(NAMES);

/**
 * The same for a client that has the `software_id` that it had: SQLite writes the entry of an index anew whenever its column is
 * set, and the page that it is in, another one for nearly every client.
 */
export const REPLACE_KEEPING_SOFTWARE_ID = replacing(NAMES_BUT_SOFTWARE_ID);

/** The same, unless another client of the service has the `software_id`. */
export const REPLACE_ALONE: KeepingKind = { columns: NAMES, sql: `${REPLACE.sql} AND ${SOFTWARE_ID_ALONE}` };

/** Removes a version of the client of a service ID and a client ID. */
export const DELETE = 'DELETE FROM client WHERE service_id = $1 AND client_id = $2 AND version = $3';

/** Those who want the same `software_id` for themselves alone wait for each other here, to the end of their transactions. */
export const LOCK_SOFTWARE_ID = `
  INSERT INTO software_id_lock (service_id, software_id_hash, locked_at) VALUES ($1, $2, $3)
  ON CONFLICT (service_id, software_id_hash) DO UPDATE SET locked_at = excluded.locked_at`;

/** Gives another client of a service than this one, with this `software_id`. */
export const FIND_SOFTWARE_ID = `
  SELECT client_id FROM client WHERE service_id = $1 AND client_id <> $2 AND software_id_hash = $3 LIMIT 1`;
