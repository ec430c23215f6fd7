import { Injectable } from '@nestjs/common';
import { Database, type Statement } from '../store/database.ts';
import type { AccessRight } from './access-right.ts';
import type { Service } from './service.ts';

/** What is kept of an API access token. */
export interface ApiAccessToken {
  /** SHA-256 of the token, base64url. */
  readonly tokenHash: string;
  /** The one service that it is for; `undefined` where it is for all. */
  readonly serviceId: number | undefined;
  readonly accessRights: readonly AccessRight[];
}

/** Services and the API access tokens of their callers. Throws `StoreUnavailableError` when the engine cannot answer. */
@Injectable()
export class ServiceStore {
  constructor(private readonly database: Database) {}

  async isEmpty(): Promise<boolean> {
    const rows = await this.database.read({ sql: 'SELECT service_id FROM service LIMIT 1', values: [] });
    return rows.length === 0;
  }

  /** Keeps the first service and the token of its first caller; false, with nothing changed, when there is a service. */
  async insertFirst(service: Service, token: ApiAccessToken): Promise<boolean> {
    const changes = await this.database.write(
      // Servers that start at once on one empty store wait for each other at this row.
      { sql: 'UPDATE schema_migration SET applied_at = applied_at WHERE version = 1', values: [] },
      insertService(service, 'WHERE NOT EXISTS (SELECT 1 FROM service)'),
      insertToken(token, service.createdAt),
    );
    return changes.at(-1) === 1;
  }

  /** Keeps a new service and a token of one of its callers, both or neither. */
  async insert(service: Service, token: ApiAccessToken): Promise<void> {
    await this.database.write(insertService(service), insertToken(token, service.createdAt));
  }

  async find(serviceId: number): Promise<Service | undefined> {
    const [row] = await this.database.read({
      sql: 'SELECT properties FROM service WHERE service_id = $1',
      values: [serviceId],
    });
    return row && (JSON.parse(row.properties as string) as Service);
  }

  /** Puts the service in the place of its version before. */
  async replace(service: Service): Promise<void> {
    await this.database.write({
      sql: 'UPDATE service SET version = version + 1, modified_at = $2, properties = $3 WHERE service_id = $1',
      values: [service.apiKey, service.modifiedAt, JSON.stringify(service)],
    });
  }

  async findToken(tokenHash: string): Promise<ApiAccessToken | undefined> {
    const [row] = await this.database.read({
      sql: 'SELECT service_id, access_rights FROM api_access_token WHERE token_hash = $1',
      values: [tokenHash],
    });
    return (
      row && {
        tokenHash,
        serviceId: row.service_id === null ? undefined : Number(row.service_id),
        accessRights: JSON.parse(row.access_rights as string) as AccessRight[],
      }
    );
  }
}

function insertService(service: Service, condition = ''): Statement {
  return {
    sql: `INSERT INTO service (service_id, version, created_at, modified_at, properties)
      SELECT CAST($1 AS BIGINT), 1, CAST($2 AS BIGINT), CAST($3 AS BIGINT), CAST($4 AS TEXT) ${condition}`,
    values: [service.apiKey, service.createdAt, service.modifiedAt, JSON.stringify(service)],
    required: true,
  };
}

function insertToken(token: ApiAccessToken, now: number): Statement {
  return {
    sql: 'INSERT INTO api_access_token (token_hash, service_id, access_rights, created_at) VALUES ($1, $2, $3, $4)',
    values: [token.tokenHash, token.serviceId ?? null, JSON.stringify(token.accessRights), now],
  };
}
