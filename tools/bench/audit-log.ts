import { setTimeout } from 'node:timers/promises';
import { openSqlite, type DatabaseSync } from '../../apps/server/src/database/sqlite-driver.ts';
import type { Settings } from './contenders.ts';
import { SERVICE_ID } from './planes.ts';

/** Milliseconds between two looks at the log. */
const INTERVAL = 5;

/** How a log grew while it was watched. */
export type Growth = Readonly<{ sealed: number; pending: number; lags: readonly number[] }>;

/** The audit log of a server on SQLite, read beside the server. */
export class AuditLog {
  private constructor(private readonly database: DatabaseSync) {}

  static async of({ DATABASE_URL: url }: Settings): Promise<AuditLog> {
    return new AuditLog(await openSqlite(url!.slice('sqlite:'.length), { readOnly: true }));
  }

  /** Waits until every change is sealed. */
  async drained(): Promise<void> {
    while (this.pending() > 0) await setTimeout(INTERVAL);
  }

  /**
   * Watches the log during some work. The lag of a change is the time in milliseconds from its decision, which is shortly before its
   * commit, until its entry was seen.
   */
  async watch(work: Promise<unknown>): Promise<Growth> {
    const first = this.sequence();
    const seen: { sequence: number; at: number }[] = [];
    const look = () => {
      const sequence = this.sequence();
      if (sequence > (seen.at(-1)?.sequence ?? first)) seen.push({ sequence, at: Date.now() });
    };
    const timer = setInterval(look, INTERVAL);
    await work;
    look();
    const sealed = (seen.at(-1)?.sequence ?? first) - first;
    const pending = this.pending();
    await this.drained();
    look();
    clearInterval(timer);
    const entries = this.all(`SELECT sequence, body FROM audit_entry WHERE service_id = ${SERVICE_ID}
      AND sequence > ${first} ORDER BY sequence`) as { sequence: number; body: string }[];
    let place = 0;
    const lags = entries.map(({ sequence, body }) => {
      while (seen[place]!.sequence < sequence) place += 1;
      return seen[place]!.at - (JSON.parse(body) as { at: number }).at;
    });
    return { sealed, pending, lags };
  }

  close(): void {
    this.database.close();
  }

  private pending(): number {
    return (this.all('SELECT COUNT(*) AS count FROM audit_pending')[0] as { count: number }).count;
  }

  private sequence(): number {
    const sql = `SELECT sequence FROM audit_chain WHERE service_id = ${SERVICE_ID}`;
    return (this.all(sql)[0] as { sequence: number }).sequence;
  }

  private all(sql: string): unknown[] {
    return this.database.prepare(sql).all();
  }
}
