import { Injectable } from '@nestjs/common';
import type { Action, Change, ChangedBy } from '../changes/change.ts';
import { INSTALLATION } from '../changes/chains.ts';
import { PendingChanges } from '../changes/pending-changes.ts';
import { Database, type Row, type Statement } from '../database/database.ts';
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
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

const COLUMNS = 'token_hash, service_id, access_rights, created_at';

/** The API access tokens of all callers. Throws `StoreUnavailableError` if the engine cannot respond. */
@Injectable()
export class ApiAccessTokenStore {
  /** Tokens that were read in the state of a snapshot. An unknown token is not remembered, because a stranger can invent any. */
  private readonly known = new WeakMap<ServiceSnapshot, Map<string, ApiAccessToken>>();

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

  async insert(token: ApiAccessToken, by: ChangedBy): Promise<void> {
    const change = changeOfToken('api_access_token.created', token, by);
    const pending = await this.changes.statementOf(change, { serviceId: chainOf(token), at: token.createdAt });
    await this.database.write(insertToken(token), pending, CHANGE_STATE);
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

/** All tokens, oldest first. Throws `StoreUnavailableError` if the engine cannot respond. */
export async function listTokens(database: Database): Promise<readonly ApiAccessToken[]> {
  const sql = `SELECT ${COLUMNS} FROM api_access_token ORDER BY created_at, token_hash`;
  return (await database.read({ sql, values: [] })).map(fromRow);
}

/** The change of a token. The log has its rights and its ID, which is the beginning of its hash. */
export function changeOfToken(action: Action, { tokenHash, accessRights }: ApiAccessToken, by: ChangedBy): Change {
  const rights = { member: 'accessRights', [action === 'api_access_token.created' ? 'after' : 'before']: accessRights };
  return { action, subject: { type: 'api_access_token', id: tokenIdOf(tokenHash) }, ...by, differences: [rights] };
}

/** The chain with the changes of a token. */
function chainOf({ serviceId = INSTALLATION }: ApiAccessToken): number {
  return serviceId;
}

/** Hexadecimal digits of the hash that identify a token. */
const ID_LENGTH = 12;

/** The ID of a token for people: the beginning of its hash, because base64url could start with `-`, like an option. */
export function tokenIdOf(tokenHash: string): string {
  return Buffer.from(tokenHash, 'base64url').toString('hex').slice(0, ID_LENGTH);
}

export function insertToken({ tokenHash, serviceId, accessRights, createdAt }: ApiAccessToken): Statement {
  return {
    sql: `INSERT INTO api_access_token (${COLUMNS}) VALUES ($1, $2, $3, $4)`,
    values: [tokenHash, serviceId ?? null, JSON.stringify(accessRights), createdAt],
  };
}

function fromRow(row: Row): ApiAccessToken {
  return {
    tokenHash: String(row.token_hash),
    serviceId: row.service_id === null ? undefined : Number(row.service_id),
    accessRights: JSON.parse(String(row.access_rights)) as AccessRight[],
    createdAt: Number(row.created_at),
  };
}
