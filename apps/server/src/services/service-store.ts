import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Database, type Statement } from '../database/database.ts';
import {
  ServiceSnapshot,
  serviceOf,
  tokenOf,
  type ApiAccessToken,
  type KeptApiAccessToken,
} from './service-snapshot.ts';
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
  private asked: Promise<ServiceSnapshot> | undefined;

  constructor(private readonly database: Database) {
    this.known = new ServiceSnapshot(database);
  }

  /**
   * Services and tokens as they are now; for one call, which must not see them change. All calls that came in one turn of the
   * event loop ask the database once, after the last of them came.
   */
  snapshot(): Promise<ServiceSnapshot> {
    this.asked ??= nextTurn().then(() => {
      this.asked = undefined;
      return this.ask();
    });
    return this.asked;
  }

  private async ask(): Promise<ServiceSnapshot> {
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

  /** Keeps a new service and a token of one of its callers, both or neither; false, with nothing changed, when its ID is taken. */
  async insert(service: Service, token: ApiAccessToken): Promise<boolean> {
    const changes = await this.database.write(
      // SQLite needs the WHERE to tell this ON from that of a join.
      insertService(service, 'WHERE TRUE ON CONFLICT DO NOTHING'),
      insertToken(token, service.createdAt),
      CHANGE_STATE,
    );
    return changes.at(-1) === 1;
  }

  /** All services, in the order of their IDs. */
  async list(): Promise<readonly Service[]> {
    const sql = 'SELECT service_id, properties FROM service ORDER BY service_id';
    return (await this.database.read({ sql, values: [] })).map(serviceOf);
  }

  /** All API access tokens, oldest first. */
  async listTokens(): Promise<readonly KeptApiAccessToken[]> {
    const sql = `SELECT token_hash, service_id, access_rights, created_at FROM api_access_token
      ORDER BY created_at, token_hash`;
    const rows = await this.database.read({ sql, values: [] });
    return rows.map((row) => ({ ...tokenOf(row), createdAt: Number(row.created_at) }));
  }

  async insertToken({ createdAt, ...token }: KeptApiAccessToken): Promise<void> {
    await this.database.write(insertToken(token, createdAt), CHANGE_STATE);
  }

  /** Takes the token away, for the next call in every process; whether it was there. */
  async deleteToken(tokenHash: string): Promise<boolean> {
    const changes = await this.database.write(
      { sql: 'DELETE FROM api_access_token WHERE token_hash = $1', values: [tokenHash], required: true },
      CHANGE_STATE,
    );
    return changes.at(-1) === 1;
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
