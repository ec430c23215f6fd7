import { Injectable } from '@nestjs/common';
import { Database, type Statement } from '../store/database.ts';
import { ServiceSnapshot, type ApiAccessToken } from './service-snapshot.ts';
import type { Service } from './service.ts';

const READ_STATE: Statement = { sql: 'SELECT state FROM service_state', values: [] };

/** Belongs to every write that changes services or tokens. */
export const CHANGE_STATE: Statement = { sql: 'UPDATE service_state SET state = state + 1', values: [] };

/**
 * Services and the API access tokens of their callers. Throws `StoreUnavailableError` when the engine cannot answer.
 *
 * Every call needs both, and they hardly ever change: what was read is kept until the number that stands for their state in
 * the database is another one. So a change is seen by the next call in every process, at the cost of one number.
 */
@Injectable()
export class ServiceStore {
  private state: number | undefined;
  private known: ServiceSnapshot;

  constructor(private readonly database: Database) {
    this.known = new ServiceSnapshot(database);
  }

  /** Services and tokens as they are now; for one call, which must not see them change. */
  async snapshot(): Promise<ServiceSnapshot> {
    const [row] = await this.database.read(READ_STATE);
    const state = Number(row?.state);
    if (state !== this.state) {
      this.state = state;
      // Those who still use the snapshot before must not fill this one with what they read late.
      this.known = new ServiceSnapshot(this.database);
    }
    return this.known;
  }

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
      CHANGE_STATE,
    );
    return changes.at(-1) === 1;
  }

  /** Keeps a new service and a token of one of its callers, both or neither. */
  async insert(service: Service, token: ApiAccessToken): Promise<void> {
    await this.database.write(insertService(service), insertToken(token, service.createdAt), CHANGE_STATE);
  }

  async find(serviceId: number): Promise<Service | undefined> {
    return (await this.snapshot()).find(serviceId);
  }

  /** Puts the service in the place of its version before. */
  async replace(service: Service): Promise<void> {
    const update = {
      sql: 'UPDATE service SET version = version + 1, modified_at = $2, properties = $3 WHERE service_id = $1',
      values: [service.apiKey, service.modifiedAt, JSON.stringify(service)],
    };
    await this.database.write(update, CHANGE_STATE);
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
