import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { ChangedBy } from '../changes/change.ts';
import { INSTALLATION } from '../changes/chains.ts';
import { PendingChanges } from '../changes/pending-changes.ts';
import { stateOf } from '../changes/mac.ts';
import { Database, type Statement } from '../database/database.ts';
import { ServiceSnapshot, serviceOf } from './service-snapshot.ts';
import type { Service } from './service.ts';

const READ_STATE: Statement = { sql: 'SELECT state FROM service_state', values: [] };

/** Part of every write that changes services or API access tokens. */
export const CHANGE_STATE: Statement = { sql: 'UPDATE service_state SET state = state + 1', values: [] };

/**
 * The services. Throws `StoreUnavailableError` if the engine cannot respond.
 *
 * Every call needs its service and its API access token, which hardly ever change. So each process remembers them until a number in
 * the database changes, which every call reads. The next call in every process sees a change.
 */
@Injectable()
export class ServiceStore {
  private state: number | undefined;
  private current: ServiceSnapshot;
  private pending: Promise<ServiceSnapshot> | undefined;

  constructor(
    private readonly database: Database,
    private readonly changes: PendingChanges,
  ) {
    this.current = new ServiceSnapshot(database);
  }

  /** The services as they are now. All calls of one turn of the event loop share one query, after the last of them. */
  snapshot(): Promise<ServiceSnapshot> {
    this.pending ??= nextTurn().then(() => {
      this.pending = undefined;
      return this.readState();
    });
    return this.pending;
  }

  private async readState(): Promise<ServiceSnapshot> {
    const [row] = await this.database.read(READ_STATE);
    const state = Number(row?.state);
    if (state !== this.state) {
      this.state = state;
      // A new object, because calls in progress may still add old rows to the previous one.
      this.current = new ServiceSnapshot(this.database);
      // A service that was deleted and created again has a new key.
      this.changes.forgetKeys();
    }
    return this.current;
  }

  async find(serviceId: number): Promise<Service | undefined> {
    return (await this.snapshot()).find(serviceId);
  }

  /** Replaces the current settings of a service; returns false, with nothing changed, if they were replaced meanwhile. */
  async replace(current: Service, next: Service, by: ChangedBy): Promise<boolean> {
    const before = JSON.stringify(current);
    const after = JSON.stringify(next);
    const update = {
      sql: `UPDATE service SET version = version + 1, modified_at = $2, properties = $3
        WHERE service_id = $1 AND modified_at = $4`,
      values: [next.apiKey, next.modifiedAt, after, current.modifiedAt],
      required: true,
    };
    const pending = await this.changes.statementOf(
      { action: 'service.updated', subject: { type: 'service', id: String(next.apiKey) }, ...by },
      { serviceId: next.apiKey, at: next.modifiedAt, state: stateOf([after]), before, after },
    );
    const changes = await this.database.write(update, pending, CHANGE_STATE);
    return changes.at(-1) === 1;
  }

  /**
   * Deletes a service for the next call in every process; returns false, with nothing changed, if its settings were replaced meanwhile.
   * Its other rows are deleted later (`DeletedServices`).
   */
  async delete(current: Service, by: ChangedBy): Promise<boolean> {
    const { apiKey, modifiedAt } = current;
    const at = Date.now();
    const pending = await this.changes.statementOf(
      { action: 'service.deleted', subject: { type: 'service', id: String(apiKey) }, ...by },
      // The log of the service is deleted with it.
      { serviceId: INSTALLATION, at, before: JSON.stringify(current) },
    );
    const changes = await this.database.write(
      {
        sql: 'DELETE FROM service WHERE service_id = $1 AND modified_at = $2',
        values: [apiKey, modifiedAt],
        required: true,
      },
      { sql: 'INSERT INTO deleted_service (service_id, deleted_at) VALUES ($1, $2)', values: [apiKey, at] },
      pending,
      CHANGE_STATE,
    );
    return changes.at(-1) === 1;
  }
}

/** Services that are read in one turn of the event loop, because their settings may be long. */
const AT_A_TIME = 10;

/** All services, in the order of their IDs. Throws `StoreUnavailableError` if the engine cannot respond. */
export async function* eachService(database: Database): AsyncGenerator<Service, void, undefined> {
  const sql = 'SELECT service_id, properties FROM service WHERE service_id > $1 ORDER BY service_id LIMIT $2';
  for (let after = 0; ;) {
    const services = (await database.read({ sql, values: [after, AT_A_TIME] })).map(serviceOf);
    yield* services;
    const last = services.at(-1);
    if (last === undefined || services.length < AT_A_TIME) return;
    after = last.apiKey;
    await nextTurn();
  }
}

/** The same as a list. */
export async function listServices(database: Database): Promise<readonly Service[]> {
  const services: Service[] = [];
  for await (const service of eachService(database)) services.push(service);
  return services;
}

/** Some services, and the number of all. */
export interface PageOfServices {
  readonly services: readonly Service[];
  readonly totalCount: number;
}

/** Characters of the settings of one page of services, beside those of its last ones. */
export const PAGE_CHARACTERS = 1_000_000;

/**
 * The services from one index to another in the order of their IDs, or fewer if their settings are long, and the number of all. Throws
 * `StoreUnavailableError`.
 */
export async function pageOfServices(database: Database, start: number, end: number): Promise<PageOfServices> {
  const sql = 'SELECT service_id, properties FROM service ORDER BY service_id LIMIT $1 OFFSET $2';
  const services: Service[] = [];
  for (let characters = 0; characters < PAGE_CHARACTERS && start + services.length < end;) {
    const left = Math.min(end - start - services.length, AT_A_TIME);
    const rows = await database.read({ sql, values: [left, start + services.length] });
    services.push(...rows.map(serviceOf));
    characters += rows.reduce((sum, { properties }) => sum + String(properties).length, 0);
    if (rows.length < left) break;
    await nextTurn();
  }
  const [counted] = await database.read({ sql: 'SELECT COUNT(*) AS count FROM service', values: [] });
  return { services, totalCount: Number(counted?.count) };
}

/** The sequence number of the next service. Throws `StoreUnavailableError` if the engine cannot respond. */
export async function nextServiceNumber(database: Database): Promise<number> {
  const newest = 'SELECT service_id, properties FROM service ORDER BY created_at DESC, service_id DESC LIMIT 1';
  const [row] = await database.read({ sql: newest, values: [] });
  return row === undefined ? 1 : serviceOf(row).number + 1;
}

/**
 * The required statement that inserts a service, unless the rows of a deleted service with its ID are still being deleted. `ending` is
 * SQL after this condition.
 */
export function insertService(service: Service, ending = ''): Statement {
  return {
    sql: `INSERT INTO service (service_id, version, created_at, modified_at, properties)
      SELECT CAST($1 AS BIGINT), 1, CAST($2 AS BIGINT), CAST($3 AS BIGINT), CAST($4 AS TEXT)
      WHERE NOT EXISTS (SELECT 1 FROM deleted_service WHERE service_id = $1) ${ending}`,
    values: [service.apiKey, service.createdAt, service.modifiedAt, JSON.stringify(service)],
    required: true,
  };
}
