import type { Database, Row } from '../database/database.ts';
import type { Service } from './service.ts';

/** The services in one state. Each is read once. An unknown service ID is not remembered, because a stranger can invent any. */
export class ServiceSnapshot {
  private readonly services = new Map<number, Service>();

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
}

/** The service of a row. Its ID is that of the column, whatever the document contains, because writes use the ID. */
export function serviceOf(row: Row): Service {
  return { ...(JSON.parse(String(row.properties)) as Service), apiKey: Number(row.service_id) };
}
