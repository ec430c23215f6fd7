import pg from 'pg';
import { PROPERTIES } from '../store/clients.ts';
import type { ClientPool } from './client-pool.ts';
import { bareUpdate } from './floor-store.ts';
import { percentile, type Load, type LoadResult } from './load.ts';
import { SERVICE_ID } from './server-process.ts';

/** Connections to PostgreSQL: as many as the server has when it is not told otherwise. */
const CONNECTIONS = 10;

/** What PostgreSQL does of the update alone, as `pgbench` measures it: one prepared `UPDATE` after the other, by callers in this process. */
export class BareUpdates {
  private readonly pool: pg.Pool;
  private readonly properties = JSON.stringify(PROPERTIES);

  constructor(
    databaseUrl: string,
    private readonly clients: ClientPool,
  ) {
    this.pool = new pg.Pool({ connectionString: databaseUrl, max: CONNECTIONS });
  }

  /** As many callers as there would be connections. */
  async turn({ connections, requests }: Load): Promise<LoadResult> {
    const latencies: number[] = [];
    let left = requests;
    const caller = async () => {
      while (left-- > 0) {
        const client = this.clients.take();
        const startedAt = performance.now();
        const { rowCount } = await this.pool.query(bareUpdate(SERVICE_ID, Number(client.clientId), this.properties));
        latencies.push(performance.now() - startedAt);
        if (rowCount !== 1) throw new Error(`There is no client ${client.clientId}.`);
        this.clients.giveBack(client);
      }
    };
    const cpuBefore = process.cpuUsage();
    const startedAt = performance.now();
    await Promise.all(Array.from({ length: connections }, caller));
    const seconds = (performance.now() - startedAt) / 1000;
    const { user, system } = process.cpuUsage(cpuBefore);
    latencies.sort((a, b) => a - b);
    return {
      requestsPerSecond: requests / seconds,
      p50: percentile(latencies, 0.5),
      p99: percentile(latencies, 0.99),
      cpu: (user + system) / requests,
      generator: (user + system) / 1_000_000 / seconds,
    };
  }

  close(): Promise<void> {
    return this.pool.end();
  }
}
