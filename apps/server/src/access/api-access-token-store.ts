import { Injectable } from '@nestjs/common';
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

  constructor(private readonly database: Database) {}

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

  /** All tokens, oldest first. */
  async list(): Promise<readonly ApiAccessToken[]> {
    const sql = `SELECT ${COLUMNS} FROM api_access_token ORDER BY created_at, token_hash`;
    return (await this.database.read({ sql, values: [] })).map(fromRow);
  }

  async insert(token: ApiAccessToken): Promise<void> {
    await this.database.write(insertToken(token), CHANGE_STATE);
  }

  /** Revokes a token for the next call in every process; returns whether it existed. */
  async delete(tokenHash: string): Promise<boolean> {
    const changes = await this.database.write(
      { sql: 'DELETE FROM api_access_token WHERE token_hash = $1', values: [tokenHash], required: true },
      CHANGE_STATE,
    );
    return changes.at(-1) === 1;
  }
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
