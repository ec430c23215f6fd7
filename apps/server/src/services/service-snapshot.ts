import type { Database, Row } from '../database/database.ts';
import type { AccessRight } from '../access/access-right.ts';
import type { Service } from './service.ts';

/** What is kept of an API access token. */
export interface ApiAccessToken {
  /** SHA-256 of the token, base64url. */
  readonly tokenHash: string;
  /** The one service that it is for; `undefined` where it is for all. */
  readonly serviceId: number | undefined;
  readonly accessRights: readonly AccessRight[];
}

/** An API access token with the time when it was made: milliseconds since 1970. */
export type KeptApiAccessToken = ApiAccessToken & { readonly createdAt: number };

/** Services and tokens in one state: each is read once, and kept. What is not there is not kept: strangers can make up any. */
export class ServiceSnapshot {
  private readonly services = new Map<number, Service>();
  private readonly tokens = new Map<string, ApiAccessToken>();

  constructor(private readonly database: Database) {}

  async find(serviceId: number): Promise<Service | undefined> {
    const known = this.services.get(serviceId);
    if (known !== undefined) return known;
    const [row] = await this.database.read({
      sql: 'SELECT service_id, properties FROM service WHERE service_id = $1',
      values: [serviceId],
    });
    if (row === undefined) return undefined;
    const service = serviceOf(row);
    this.services.set(serviceId, service);
    return service;
  }

  async findToken(tokenHash: string): Promise<ApiAccessToken | undefined> {
    const known = this.tokens.get(tokenHash);
    if (known !== undefined) return known;
    const [row] = await this.database.read({
      sql: 'SELECT token_hash, service_id, access_rights FROM api_access_token WHERE token_hash = $1',
      values: [tokenHash],
    });
    if (row === undefined) return undefined;
    const token = tokenOf(row);
    this.tokens.set(tokenHash, token);
    return token;
  }
}

/** The service of a row of `service`. Its ID is that of the column, whatever the document says: writes go to where it points. */
export function serviceOf(row: Row): Service {
  return { ...(JSON.parse(String(row.properties)) as Service), apiKey: Number(row.service_id) };
}

/** The token of a row of `api_access_token`. */
export function tokenOf(row: Row): ApiAccessToken {
  return {
    tokenHash: String(row.token_hash),
    serviceId: row.service_id === null ? undefined : Number(row.service_id),
    accessRights: JSON.parse(String(row.access_rights)) as AccessRight[],
  };
}
