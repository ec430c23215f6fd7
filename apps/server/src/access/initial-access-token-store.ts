import { Injectable } from '@nestjs/common';
import type { Action, Change, ChangedBy } from '../changes/change.ts';
import { differencesOf } from '../changes/difference.ts';
import { PendingChanges } from '../changes/pending-changes.ts';
import { Database, type Row, type Statement } from '../database/database.ts';
import type { InitialAccessToken } from './initial-access-token.ts';

const COLUMNS = 'service_id, token_id, token_hash, label, created_at, expires_at, uses, uses_left, last_used_at';

const INSERT = `
  INSERT INTO initial_access_token (${COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL)
  ON CONFLICT DO NOTHING`;

const FIND_BY_HASH = `SELECT ${COLUMNS} FROM initial_access_token WHERE service_id = $1 AND token_hash = $2`;

const LIST = `
  SELECT ${COLUMNS} FROM initial_access_token WHERE service_id = $1 AND token_id > $2 ORDER BY token_id LIMIT $3`;

const USE = `
  UPDATE initial_access_token SET uses_left = uses_left - 1, last_used_at = $3
  WHERE service_id = $1 AND token_id = $2 AND uses_left > 0 AND expires_at > $3`;

const DELETE = 'DELETE FROM initial_access_token WHERE service_id = $1 AND token_id = $2';

/** The initial access tokens of all services. Throws `StoreUnavailableError` if the engine cannot respond. */
@Injectable()
export class InitialAccessTokenStore {
  constructor(
    private readonly database: Database,
    private readonly changes: PendingChanges,
  ) {}

  /** Stores a new token; returns false, with nothing changed, if its ID is taken. */
  async insert(token: InitialAccessToken, by: ChangedBy): Promise<boolean> {
    const { serviceId, id, hash, label, createdAt, expiresAt, uses, usesLeft } = token;
    const values = [serviceId, id, hash, label ?? null, createdAt, expiresAt, uses, usesLeft];
    const change: Change = {
      ...changeOf('initial_access_token.created', id, by),
      differences: differencesOf({}, { label, expiresAt, uses }),
    };
    const pending = await this.changes.statementOf(change, { serviceId, at: createdAt });
    const changes = await this.database.write({ sql: INSERT, values, required: true }, pending);
    return changes.at(-1) === 1;
  }

  async findByHash(serviceId: number, hash: string): Promise<InitialAccessToken | undefined> {
    const [row] = await this.database.read({ sql: FIND_BY_HASH, values: [serviceId, hash] });
    return row && fromRow(row);
  }

  /** The tokens of a service whose IDs are greater than `after`, in the order of their IDs. */
  async list(serviceId: number, after: number, limit: number): Promise<InitialAccessToken[]> {
    const rows = await this.database.read({ sql: LIST, values: [serviceId, after, limit] });
    return rows.map(fromRow);
  }

  /** Removes a token; returns whether it existed. */
  async delete(serviceId: number, id: number, by: ChangedBy): Promise<boolean> {
    const change = changeOf('initial_access_token.deleted', id, by);
    const pending = await this.changes.statementOf(change, { serviceId, at: Date.now() });
    const changes = await this.database.write({ sql: DELETE, values: [serviceId, id], required: true }, pending);
    return changes.at(-1) === 1;
  }
}

function changeOf(action: Action, id: number, by: ChangedBy): Change {
  return { action, subject: { type: 'initial_access_token', id: String(id) }, ...by };
}

/** The required statement that uses a token once. It changes nothing if the token is not usable. */
export function useStatement({ serviceId, id }: InitialAccessToken, now: number): Statement {
  return { sql: USE, values: [serviceId, id, now], required: true };
}

function fromRow(row: Row): InitialAccessToken {
  return {
    serviceId: Number(row.service_id),
    id: Number(row.token_id),
    hash: row.token_hash as string,
    label: (row.label as string | null) ?? undefined,
    createdAt: Number(row.created_at),
    expiresAt: Number(row.expires_at),
    uses: Number(row.uses),
    usesLeft: Number(row.uses_left),
    lastUsedAt: row.last_used_at === null ? undefined : Number(row.last_used_at),
  };
}
