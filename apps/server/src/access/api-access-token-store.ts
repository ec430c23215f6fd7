import { Injectable, Logger } from '@nestjs/common';
import type { Action, Actor, Change, ChangedBy } from '../changes/change.ts';
import { INSTALLATION } from '../changes/chains.ts';
import { differencesOf } from '../changes/difference.ts';
import { PendingChanges } from '../changes/pending-changes.ts';
import { Database, StoreUnavailableError, type Row, type SqlValue, type Statement } from '../database/database.ts';
import type { ServiceSnapshot } from '../services/service-snapshot.ts';
import { CHANGE_STATE } from '../services/service-store.ts';
import type { AccessRight } from './access-right.ts';

/** A stored API access token. */
export interface ApiAccessToken {
  /** SHA-256 of the token, base64url. */
  readonly tokenHash: string;
  /** The one service that it can be used for; `undefined` if it can be used for all services. */
  readonly serviceId: number | undefined;
  readonly accessRights: readonly AccessRight[];
  /** A name for people. */
  readonly label?: string | undefined;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly createdBy: Actor;
  /** Milliseconds since 1970. The token is not valid from then on; `undefined` if its validity has no limit. */
  readonly expiresAt?: number | undefined;
  /** Milliseconds since 1970, up to an hour before the last use; `undefined` if it was never used. */
  readonly lastUsedAt?: number | undefined;
}

/** A token that is not stored yet. */
export type NewApiAccessToken = Omit<ApiAccessToken, 'createdBy' | 'lastUsedAt'>;

const COLUMNS = 'token_hash, service_id, access_rights, label, created_at, created_by, expires_at, last_used_at';

/** Milliseconds between two notes of the use of a token. */
const INTERVAL = 3_600_000;

/** The condition makes processes note a use only once in an hour. A time after `$2` is that of a clock that was ahead. */
const NOTE_USE = `
  UPDATE api_access_token SET last_used_at = $2
  WHERE token_hash = $1 AND (last_used_at IS NULL OR last_used_at <= $3 OR last_used_at > $2)`;

/** The API access tokens of all callers. Throws `StoreUnavailableError` if the engine cannot respond. */
@Injectable()
export class ApiAccessTokenStore {
  /** Tokens that were read in the state of a snapshot. An unknown token is not remembered, because a stranger can invent any. */
  private readonly known = new WeakMap<ServiceSnapshot, Map<string, ApiAccessToken>>();

  /** The times of the uses that this process has noted. */
  private readonly noted = new WeakMap<ApiAccessToken, number>();
  private readonly logger = new Logger('ApiAccessTokenStore');

  constructor(
    private readonly database: Database,
    private readonly changes: PendingChanges,
  ) {}

  /** The token with a hash, in the state of a snapshot. */
  async find(snapshot: ServiceSnapshot, tokenHash: string): Promise<ApiAccessToken | undefined> {
    const tokens = this.known.get(snapshot) ?? new Map<string, ApiAccessToken>();
    this.known.set(snapshot, tokens);
    const known = tokens.get(tokenHash);
    if (known !== undefined) return known;
    const sql = `SELECT ${COLUMNS} FROM api_access_token WHERE token_hash = $1`;
    const [row] = await this.database.read({ sql, values: [tokenHash] });
    if (row === undefined) return undefined;
    const token = fromRow(row);
    tokens.set(tokenHash, token);
    return token;
  }

  /** Notes the use of a token. A store that cannot write does not prevent the use: a later one is noted. */
  async noteUse(token: ApiAccessToken, now = Date.now()): Promise<void> {
    const { tokenHash, lastUsedAt = 0 } = token;
    if (Math.abs(now - (this.noted.get(token) ?? lastUsedAt)) < INTERVAL) return;
    // Concurrent calls must not note the same use.
    this.noted.set(token, now);
    try {
      await this.database.write({ sql: NOTE_USE, values: [tokenHash, now, now - INTERVAL] });
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error;
      this.logger.warn(`The use of API access token ${tokenIdOf(tokenHash)} was not noted: ${error.message}`);
    }
  }

  /** The tokens of a service, or those for all services, oldest first. */
  list(serviceId: number | undefined): Promise<readonly ApiAccessToken[]> {
    return serviceId === undefined
      ? select(this.database, 'WHERE service_id IS NULL')
      : select(this.database, 'WHERE service_id = $1', serviceId);
  }

  async insert(token: NewApiAccessToken, by: ChangedBy): Promise<void> {
    const change = changeOfToken('api_access_token.created', token, by);
    const pending = await this.changes.statementOf(change, { serviceId: chainOf(token), at: token.createdAt });
    await this.database.write(insertToken(token, by), pending, CHANGE_STATE);
  }

  /** Revokes a token for the next call in every process; returns whether it existed. */
  async delete(token: ApiAccessToken, by: ChangedBy): Promise<boolean> {
    const change = changeOfToken('api_access_token.deleted', token, by);
    const changes = await this.database.write(
      { sql: 'DELETE FROM api_access_token WHERE token_hash = $1', values: [token.tokenHash], required: true },
      await this.changes.statementOf(change, { serviceId: chainOf(token), at: Date.now() }),
      CHANGE_STATE,
    );
    return changes.at(-1) === 1;
  }
}

async function select(database: Database, where: string, ...values: number[]): Promise<readonly ApiAccessToken[]> {
  const sql = `SELECT ${COLUMNS} FROM api_access_token ${where} ORDER BY created_at, token_hash`;
  return (await database.read({ sql, values })).map(fromRow);
}

/** The change of a token. The subject is its ID, which is the beginning of its hash. */
export function changeOfToken(action: Action, token: NewApiAccessToken, by: ChangedBy): Change {
  const { tokenHash, accessRights, label, expiresAt } = token;
  const members = { accessRights, label, expiresAt };
  const differences = action === 'api_access_token.created' ? differencesOf({}, members) : differencesOf(members, {});
  return { action, subject: { type: 'api_access_token', id: tokenIdOf(tokenHash) }, ...by, differences };
}

/** The chain with the changes of a token. */
function chainOf({ serviceId = INSTALLATION }: NewApiAccessToken): number {
  return serviceId;
}

/** Hexadecimal digits of the hash that identify a token. */
const ID_LENGTH = 12;

/** The ID of a token for people: the beginning of its hash, because base64url could start with `-`, like an option. */
export function tokenIdOf(tokenHash: string): string {
  return Buffer.from(tokenHash, 'base64url').toString('hex').slice(0, ID_LENGTH);
}

export function insertToken(token: NewApiAccessToken, { actor }: ChangedBy): Statement {
  const { tokenHash, serviceId = null, accessRights, label = null, createdAt, expiresAt = null } = token;
  return {
    sql: `INSERT INTO api_access_token (${COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, NULL)`,
    values: [tokenHash, serviceId, JSON.stringify(accessRights), label, createdAt, JSON.stringify(actor), expiresAt],
  };
}

function fromRow(row: Row): ApiAccessToken {
  return {
    tokenHash: String(row.token_hash),
    serviceId: numberIn(row.service_id),
    accessRights: JSON.parse(String(row.access_rights)) as AccessRight[],
    label: (row.label as string | null) ?? undefined,
    createdAt: Number(row.created_at),
    createdBy: JSON.parse(String(row.created_by)) as Actor,
    expiresAt: numberIn(row.expires_at),
    lastUsedAt: numberIn(row.last_used_at),
  };
}

function numberIn(value: SqlValue | undefined): number | undefined {
  return value === null || value === undefined ? undefined : Number(value);
}
