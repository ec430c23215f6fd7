import { AUDIT_PENDING_TABLE } from '../changes/change-tables.ts';
import { PENDING_COLUMNS, type PendingColumn } from '../changes/pending-changes.ts';
import type { Row, SqlValue, Statement } from '../database/database.ts';
import { sqlType, type Column } from '../database/table.ts';
import { CLIENT_TABLE, type ClientColumn } from './client-tables.ts';

/** The values of a client's columns. */
export type ClientColumns = Readonly<Record<ClientColumn, SqlValue>>;

export type ClientRow = Row & ClientColumns;

/** The terms of a write (`client_search`): JSON lists of those to insert and to delete, and the one of the `software_id`. */
export type TermValue = 'added_terms' | 'removed_terms' | 'software_id_term';

/** The values of a write: the columns of the client and of its pending change, and the terms. */
type WriteValue = ClientColumn | PendingColumn | TermValue;

/** A statement without its values. */
type StatementText = Pick<Statement, 'sql' | 'batchSql' | 'steps'>;

/** A statement that writes a client together with its pending change, with these values in this order. */
export interface WriteText extends StatementText {
  readonly names: readonly WriteValue[];
}

const NAMES = Object.keys(CLIENT_TABLE.columns) as ClientColumn[];

const TYPES: Readonly<Record<string, Column>> = { ...AUDIT_PENDING_TABLE.columns, ...CLIENT_TABLE.columns };

const typeOf = (name: string): string => sqlType(TYPES[name] ?? 'text');

/** The values of a pending change that are no columns of the client. */
const OF_CHANGE = ['change_id', 'at', 'change', 'state', 'mac'] as const satisfies readonly WriteValue[];

/** The values of a change of the terms. */
const TERMS = ['added_terms', 'removed_terms'] as const satisfies readonly TermValue[];

/** How SQL refers to a value. */
type Reference = (name: string) => string;

/** Refers to values by their places. `typed` casts them, because PostgreSQL cannot infer the types of the values of a SELECT. */
function placesOf(names: readonly string[]): { readonly place: Reference; readonly typed: Reference } {
  const place = (name: string) => {
    const index = names.indexOf(name);
    if (index === -1) throw new Error(`The statement has no value ${name}.`);
    return `$${index + 1}`;
  };
  return { place, typed: (name) => `CAST(${place(name)} AS ${typeOf(name)})` };
}

/** Inserts pending changes for the rows of a source, with these documents. */
function pendingInsert(value: Reference, documents: { before: string; after: string }, source: string): string {
  const values = PENDING_COLUMNS.map((name) => {
    if (name === 'document_before') return documents.before;
    return name === 'document_after' ? documents.after : value(name);
  });
  return `INSERT INTO audit_pending (${PENDING_COLUMNS.join(', ')}) SELECT ${values.join(', ')} ${source}`;
}

const NOTHING = 'CAST(NULL AS TEXT)';

/** The condition that identifies the version before the change. */
const previousVersion = (value: Reference): string =>
  `client.service_id = ${value('service_id')} AND client.client_id = ${value('client_id')} AND client.version + 1 = ${value('version')}`;

/** Whether no other client of the service has the same `software_id`. */
const softwareIdUnique = (value: Reference): string => `NOT EXISTS (
  SELECT 1 FROM client_search AS other
  WHERE other.service_id = ${value('service_id')} AND other.term = ${value('software_id_term')}
    AND other.client_id <> ${value('client_id')})`;

/** The statements that change the terms of one client, for SQLite. */
const termSteps = (place: Reference): readonly string[] => [
  `DELETE FROM client_search WHERE service_id = ${place('service_id')} AND client_id = ${place('client_id')}
     AND term IN (SELECT value FROM json_each(${place('removed_terms')}))`,
  `INSERT INTO client_search (service_id, term, client_id)
   SELECT ${place('service_id')}, value, ${place('client_id')} FROM json_each(${place('added_terms')}) WHERE TRUE
   ON CONFLICT DO NOTHING`,
];

/** The parts of a statement that change the terms of the clients in `changed`, for PostgreSQL. */
function termParts(value: Reference): string {
  const terms = (name: TermValue) =>
    `SELECT ${value('service_id')} AS service_id, term, ${value('client_id')} AS client_id
     FROM changed, json_array_elements_text(CAST(${value(name)} AS JSON)) AS term`;
  return `removed AS (
      DELETE FROM client_search USING (${terms('removed_terms')}) AS gone
      WHERE client_search.service_id = gone.service_id AND client_search.term = gone.term
        AND client_search.client_id = gone.client_id
    ),
    added AS (
      INSERT INTO client_search (service_id, term, client_id) ${terms('added_terms')} ON CONFLICT DO NOTHING
    )`;
}

/** Inserts a client; `unique` if no other client of the service may have its `software_id`. */
export function inserting({ unique }: { readonly unique: boolean }): WriteText {
  const names = [...NAMES, ...OF_CHANGE, ...TERMS, ...(unique ? (['software_id_term'] as const) : [])];
  const { place, typed } = placesOf(names);
  const insert = `INSERT INTO client (${NAMES.join(', ')})
    SELECT ${NAMES.map(typed).join(', ')} WHERE ${unique ? softwareIdUnique(place) : 'TRUE'}
    ON CONFLICT DO NOTHING`;
  const documents = { before: NOTHING, after: typed('metadata') };
  return {
    names,
    sql: `WITH changed AS (${insert} RETURNING 1), ${termParts(typed)}
      ${pendingInsert(typed, documents, 'FROM changed')}`,
    steps: [insert, pendingInsert(typed, documents, 'WHERE TRUE'), ...termSteps(place)],
  };
}

/** Which columns of a client are replaced, and under which conditions. */
export interface Replacement {
  readonly columns: readonly ClientColumn[];
  /** Whether the terms change. */
  readonly terms: boolean;
  readonly unique: boolean;
  /** Whether nothing is written if the metadata stays the same. */
  readonly onlyIfDifferent: boolean;
}

/** Replaces columns of the previous version of a client. */
export function replacing({ columns, terms, unique, onlyIfDifferent }: Replacement): WriteText {
  const names: WriteValue[] = ['service_id', 'client_id', ...columns, ...OF_CHANGE, ...(terms ? TERMS : [])];
  if (unique) names.push('software_id_term');
  const { place, typed } = placesOf(names);
  const condition = (value: Reference): string =>
    previousVersion(value) +
    (unique ? ` AND ${softwareIdUnique(value)}` : '') +
    (onlyIfDifferent ? ` AND client.metadata <> ${value('metadata')}` : '');
  const assignments = (value: Reference) => columns.map((name) => `${name} = ${value(name)}`).join(', ');
  const insertion = (value: Reference, source: string, before: string) =>
    pendingInsert(value, { before, after: value('metadata') }, source);

  const ofChange: Reference = (name) => `change.${name}`;
  const ofChanged: Reference = (name) => `changed.${name}`;
  return {
    names,
    sql: `
      WITH previous AS (SELECT metadata FROM client WHERE ${condition(place)} FOR UPDATE),
      changed AS (
        UPDATE client SET ${assignments(place)} FROM previous WHERE ${previousVersion(place)} RETURNING previous.metadata AS document_before
      )${terms ? `, ${termParts(typed)}` : ''}
      ${insertion(typed, 'FROM changed', 'changed.document_before')}`,
    steps: [
      insertion(typed, `FROM client WHERE ${condition(place)}`, 'client.metadata'),
      `UPDATE client SET ${assignments(place)} WHERE ${previousVersion(place)}`,
      ...(terms ? termSteps(place) : []),
    ],
    // Rows are locked in the order of their keys, so that two servers that replace the same clients cannot deadlock.
    ...(!unique && {
      batchSql: `
        WITH change AS (
          SELECT change.*, locked.metadata AS document_before
          FROM unnest(${names.map((name) => `${place(name)}::${typeOf(name)}[]`).join(', ')}) WITH ORDINALITY
            AS change(${names.join(', ')}, place)
          JOIN client AS locked ON locked.service_id = change.service_id AND locked.client_id = change.client_id
          ORDER BY locked.service_id, locked.client_id
          FOR UPDATE OF locked
        ),
        changed AS (
          UPDATE client SET ${assignments(ofChange)} FROM change WHERE ${condition(ofChange)} RETURNING change.*
        )${terms ? `, ${termParts(ofChanged)}` : ''},
        pending AS (${insertion(ofChanged, 'FROM changed', 'changed.document_before')})
        SELECT place FROM changed`,
    }),
  };
}

/** Deletes the previous version of a client. */
export const DELETE: WriteText = deleting('');

/** Deletes a client unless somebody has used or changed it. */
export const DELETE_UNUSED: WriteText = deleting(' AND client.unused_since IS NOT NULL');

function deleting(condition: string): WriteText {
  const names = ['service_id', 'client_id', 'version', ...OF_CHANGE, ...TERMS] as const;
  const { place, typed } = placesOf(names);
  const where = `WHERE ${previousVersion(place)}${condition}`;
  const insertion = (source: string, before: string) => pendingInsert(typed, { before, after: NOTHING }, source);
  return {
    names,
    sql: `WITH changed AS (DELETE FROM client ${where} RETURNING client.metadata), ${termParts(typed)}
      ${insertion('FROM changed', 'changed.metadata')}`,
    steps: [insertion(`FROM client ${where}`, 'client.metadata'), `DELETE FROM client ${where}`, ...termSteps(place)],
  };
}

const columnsOf = (names: readonly ClientColumn[]): string => names.map((name) => `client.${name}`).join(', ');

/** Selects columns of the client with a service ID and a client ID. */
function selecting(columns: string): StatementText {
  return {
    sql: `SELECT ${columns} FROM client WHERE client.service_id = $1 AND client.client_id = $2`,
    batchSql: `SELECT requested.place, ${columns}
      FROM unnest($1::BIGINT[], $2::BIGINT[]) WITH ORDINALITY AS requested(service_id, client_id, place)
      JOIN client ON client.service_id = requested.service_id AND client.client_id = requested.client_id`,
  };
}

export const FIND = selecting(columnsOf(NAMES));

const HEAD = columnsOf(NAMES.filter((name) => name !== 'metadata'));

/** Finds a client without its document. */
export const FIND_HEAD = selecting(HEAD);

/** The document, if a hash is that of a registration access token of the client; else null, and the document is not read. */
const documentFor = (hash: string): string =>
  `CASE WHEN ${hash} IN (client.registration_access_token_hash, client.previous_token_hash) THEN client.metadata END AS metadata`;

export const FIND_BY_TOKEN: StatementText = {
  sql: `SELECT ${HEAD}, ${documentFor('$3')} FROM client WHERE client.service_id = $1 AND client.client_id = $2`,
  batchSql: `SELECT requested.place, ${HEAD}, ${documentFor('requested.hash')}
    FROM unnest($1::BIGINT[], $2::BIGINT[], $3::TEXT[]) WITH ORDINALITY AS requested(service_id, client_id, hash, place)
    JOIN client ON client.service_id = requested.service_id AND client.client_id = requested.client_id`,
};

/** Notes the use of a client. It is no change. */
export const TOUCH =
  'UPDATE client SET last_used_at = $3, unused_since = NULL WHERE service_id = $1 AND client_id = $2';

export const FIND_UNUSED = `
  SELECT client_id, version, modified_at, identifiers, metadata, administration FROM client
  WHERE service_id = $1 AND unused_since < $2 ORDER BY unused_since LIMIT $3`;

export const FIND_IDENTIFIER = 'SELECT client_id FROM client_identifier WHERE service_id = $1 AND identifier_hash = $2';

export const INSERT_IDENTIFIER = `
  INSERT INTO client_identifier (service_id, identifier_hash, client_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`;

export const DELETE_IDENTIFIER =
  'DELETE FROM client_identifier WHERE service_id = $1 AND identifier_hash = $2 AND client_id = $3';

/** Locks a `software_id` until the end of the transaction. */
export const LOCK_SOFTWARE_ID = `
  INSERT INTO software_id_lock (service_id, software_id_hash, locked_at) VALUES ($1, $2, $3)
  ON CONFLICT (service_id, software_id_hash) DO UPDATE SET locked_at = excluded.locked_at`;

/** Finds another client of a service with a term. */
export const FIND_OTHER = `
  SELECT client_id FROM client_search WHERE service_id = $1 AND client_id <> $2 AND term = $3 LIMIT 1`;
