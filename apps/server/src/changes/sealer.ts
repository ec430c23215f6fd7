import { randomInt } from 'node:crypto';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Database, StoreUnavailableError, type Statement } from '../database/database.ts';
import { readable } from '../database/table.ts';
import { Metrics } from '../observability/metrics.ts';
import { HEAD_COLUMNS, headIn, sealOf, type ChainHead, ChainKeys } from './chains.ts';
import { AUDIT_PENDING_TABLE } from './change-tables.ts';
import { sealedEntry, type SealedEntry } from './entry.ts';
import { PENDING_COLUMNS, pendingMac, type PendingValues } from './pending-changes.ts';

/** Milliseconds between two rounds if nothing is pending. */
const INTERVAL = 200;

/** Milliseconds until a lease expires, and until the process renews it. */
const LEASE = 2_000;
const RENEWAL = 500;

/** Milliseconds until the sealer tries a service with a damaged log again, and reports unreadable changes again. */
const RETRY = 60_000;

/** Changes that are sealed at once. The number is small, because sealing delays requests. */
const PAGE = 128;

const READABLE = readable(AUDIT_PENDING_TABLE);

const FIND_OLDEST: Statement = {
  sql: `SELECT at FROM audit_pending WHERE ${READABLE} ORDER BY change_id LIMIT 1`,
  values: [],
};

const COUNT_UNREADABLE: Statement = {
  sql: `SELECT COUNT(*) AS n, MIN(change_id) AS first FROM audit_pending WHERE NOT (${READABLE})`,
  values: [],
};

const FIND_HEAD = `SELECT ${HEAD_COLUMNS}, chain_key FROM audit_chain WHERE service_id = $1`;

const MOVE_HEAD = `
  UPDATE audit_chain SET sequence = $2, mac = $3, clients = $4, seal = $5
  WHERE service_id = $1 AND epoch = $6 AND sequence = $7 AND mac = $8 AND seal = $9`;

/** The outcome for the changes of one service. `lost`: another process moved the head of the chain meanwhile. */
type Outcome = 'sealed' | 'nothing' | 'lost';

/**
 * Seals pending changes: numbers them for each service, chains them by HMAC and moves them to the log. One process has a lease and
 * seals for all. The lease only avoids duplicate work. The chain stays correct because one transaction for each service moves the
 * head, inserts the entries and deletes their pending rows. It changes nothing if another process has moved the head.
 */
@Injectable()
export class Sealer implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Sealer');
  private readonly owner = randomInt(1, 2 ** 48 - 1);
  private leasedUntil = 0;
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<unknown> = Promise.resolve();
  private stopped = false;
  private failing = false;
  /** For each service, the number of pending changes that no server wrote. */
  private readonly foreign = new Map<number, number>();
  /** The services with a damaged log, and the time of the next attempt in milliseconds of `performance.now()`. */
  private readonly damaged = new Map<number, number>();

  /** The time of the next report of unreadable changes, in milliseconds of `performance.now()`. */
  private nextReport = 0;

  constructor(
    private readonly database: Database,
    private readonly keys: ChainKeys,
    private readonly metrics: Metrics,
  ) {}

  onApplicationBootstrap(): void {
    this.schedule(0);
  }

  /** Waits for the current round, and releases the lease. */
  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.round;
    if (this.leasedUntil === 0) return;
    const release = 'UPDATE sealer_lease SET expires_at = 0 WHERE owner = $1';
    await this.database.write({ sql: release, values: [this.owner] }).catch((error: unknown) => {
      this.logger.warn(`The lease was not released; it expires after ${LEASE} ms. ${(error as Error).message}`);
    });
  }

  private schedule(delay: number): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.round = this.sealIfLeased().then(
        (more) => {
          if (this.failing) this.logger.log('Changes are sealed again.');
          this.failing = false;
          this.schedule(more ? 0 : INTERVAL);
        },
        (error: unknown) => {
          // The next round tries again. One line for each outage is enough.
          if (!this.failing) this.logger.error(error instanceof StoreUnavailableError ? error.message : error);
          this.failing = true;
          this.schedule(INTERVAL);
        },
      );
    }, delay);
    this.timer.unref();
  }

  /** Seals a page of changes if there are any and this process has the lease; returns whether there may be more. */
  private async sealIfLeased(): Promise<boolean> {
    const [oldest] = await this.database.read(FIND_OLDEST);
    const age = oldest === undefined ? 0 : Date.now() - Number(oldest.at);
    this.metrics.oldestPendingChange.set(Math.max(0, age) / 1000);
    if (oldest !== undefined) return (await this.hasLease()) && this.seal();
    await this.reportUnreadable();
    return false;
  }

  private async hasLease(): Promise<boolean> {
    const started = performance.now();
    if (started <= this.leasedUntil - (LEASE - RENEWAL)) return true;
    const { now } = this.database;
    const [leased] = await this.database.write({
      // If a lease ends later than a new one would, the clock was set back. Such a lease does not count.
      sql: `UPDATE sealer_lease SET owner = $1, expires_at = ${now} + ${LEASE}
        WHERE owner = $1 OR expires_at < ${now} OR expires_at > ${now} + ${LEASE}`,
      values: [this.owner],
    });
    if (leased === 1) this.leasedUntil = started + LEASE;
    return leased === 1;
  }

  /** Seals a page of pending changes; returns whether there may be more. */
  async seal(): Promise<boolean> {
    await this.reportUnreadable();
    let after = '';
    for (;;) {
      const pending = await this.findPending(after);
      const outcomes: Outcome[] = [];
      for (const [serviceId, ofService] of byService(pending))
        outcomes.push(await this.trySealing(serviceId, ofService));
      // Another process may be sealing these rows. The rows after them may be later versions of the same clients.
      if (outcomes.includes('lost')) return true;
      if (outcomes.includes('sealed') || pending.length < PAGE) return pending.length === PAGE;
      // These rows cannot be sealed: no server wrote them, or their log is damaged. The rows after them must not wait.
      after = pending.at(-1)?.change_id as string;
    }
  }

  /** The next pending changes, without those of damaged logs and of unfinished imports, which have no chain yet. */
  private async findPending(after: string): Promise<readonly PendingValues[]> {
    const now = performance.now();
    const damaged = [...this.damaged].filter(([, retryAt]) => now < retryAt).map(([serviceId]) => serviceId);
    const sql = `
      SELECT ${PENDING_COLUMNS.join(', ')} FROM audit_pending
      WHERE change_id > $1 AND ${READABLE} AND service_id IN (SELECT service_id FROM audit_chain)
        ${damaged.length === 0 ? '' : `AND service_id NOT IN (${damaged.join(', ')})`}
      ORDER BY change_id LIMIT ${PAGE}`;
    return await this.database.read({ sql, values: [after] });
  }

  /** Seals changes of a service. A damaged log does not stop the other services. */
  private async trySealing(serviceId: number, pending: readonly PendingValues[]): Promise<Outcome> {
    try {
      const outcome = await this.sealService(serviceId, pending);
      if (outcome === 'sealed') this.damaged.delete(serviceId);
      return outcome;
    } catch (error) {
      if (error instanceof StoreUnavailableError) throw error;
      return this.refuse(serviceId, (error as Error).message);
    }
  }

  private async sealService(serviceId: number, pending: readonly PendingValues[]): Promise<Outcome> {
    const [row] = await this.database.read({ sql: FIND_HEAD, values: [serviceId] });
    if (row === undefined) return 'nothing';
    // A process without calls does not notice that a service was deleted and created again with another key.
    const key = this.keys.keyIn(row);
    const genuine = pending.filter((change) => change.mac === pendingMac(key, change));
    this.report(serviceId, pending.length - genuine.length);
    if (genuine.length === 0) return 'nothing';
    const head = headIn(row);
    // A new seal would hide that somebody removed the last entries.
    if (row.seal !== sealOf(key, head)) return this.refuse(serviceId, 'its end was changed behind the server');
    const entries: SealedEntry[] = [];
    let next: ChainHead = head;
    for (const change of genuine) {
      const entry = sealedEntry(key, next, change);
      entries.push(entry);
      next = { ...next, sequence: entry.sequence, mac: entry.mac, clients: next.clients + newClients(change) };
    }
    const { epoch, sequence, mac } = head;
    const changes = await this.database.write(
      {
        sql: MOVE_HEAD,
        values: [serviceId, next.sequence, next.mac, next.clients, sealOf(key, next), epoch, sequence, mac, row.seal],
        required: true,
      },
      ...chunksOf(entries).map((chunk) => insertion(serviceId, chunk)),
      ...chunksOf(genuine).map(deletion),
    );
    if (changes.at(-1) === 0) return 'lost';
    this.metrics.sealedChanges.inc(genuine.length);
    return 'sealed';
  }

  /** Logs once why the changes of a service are not sealed, and skips the service until the next attempt. */
  private refuse(serviceId: number, reason: string): 'nothing' {
    if (!this.damaged.has(serviceId)) {
      this.logger.error(
        `The log of service ${serviceId} is damaged, so its changes are not sealed: ${reason}. ` +
          "Run 'clientele audit verify'.",
      );
    }
    this.damaged.set(serviceId, performance.now() + RETRY);
    return 'nothing';
  }

  /** Logs the number of pending changes that cannot be read, at most once in an interval. They do not stop the others. */
  private async reportUnreadable(): Promise<void> {
    if (performance.now() < this.nextReport) return;
    this.nextReport = performance.now() + RETRY;
    const [row] = await this.database.read(COUNT_UNREADABLE);
    if (Number(row?.n) === 0) return;
    this.logger.error(
      `${String(row?.n)} pending changes were changed behind the server and cannot be read, the first one with the ID ` +
        `${String(row?.first)}. They are not sealed. Run 'clientele audit verify'.`,
    );
  }

  /** Logs the number of pending changes that no server wrote. Logs it again only if it rises. */
  private report(serviceId: number, foreign: number): void {
    if (foreign <= (this.foreign.get(serviceId) ?? 0)) return;
    this.logger.error(
      `${foreign} pending changes of service ${serviceId} were not written by a server and are not sealed. ` +
        "Run 'clientele audit verify'.",
    );
    this.foreign.set(serviceId, foreign);
  }
}

/** The change in the number of clients. A read of a secret has no version. */
function newClients({ client_id, version, document_after }: PendingValues): -1 | 0 | 1 {
  if (client_id === 0 || version === 0) return 0;
  if (document_after === null) return -1;
  return version === 1 ? 1 : 0;
}

function byService(pending: readonly PendingValues[]): ReadonlyMap<number, readonly PendingValues[]> {
  const services = new Map<number, PendingValues[]>();
  for (const row of pending) {
    const serviceId = Number(row.service_id);
    const others = services.get(serviceId);
    if (others) others.push(row);
    else services.set(serviceId, [row]);
  }
  return services;
}

/** Splits a list into parts whose lengths are powers of two, so that there are few different statements. */
function chunksOf<T>(list: readonly T[]): readonly (readonly T[])[] {
  const chunks: (readonly T[])[] = [];
  for (let start = 0; start < list.length;) {
    const length = 2 ** Math.floor(Math.log2(list.length - start));
    chunks.push(list.slice(start, start + length));
    start += length;
  }
  return chunks;
}

function insertion(serviceId: number, entries: readonly SealedEntry[]): Statement {
  const places = entries.map((_entry, i) => `($1, ${[2, 3, 4, 5, 6].map((place) => `$${i * 5 + place}`).join(', ')})`);
  return {
    sql: `INSERT INTO audit_entry (service_id, sequence, client_id, version, body, mac) VALUES ${places.join(', ')}`,
    values: [
      serviceId,
      ...entries.flatMap(({ sequence, clientId, version, body, mac }) => [sequence, clientId, version, body, mac]),
    ],
  };
}

function deletion(changes: readonly PendingValues[]): Statement {
  const places = changes.map((_change, i) => `(CAST($${2 * i + 1} AS TEXT), CAST($${2 * i + 2} AS BIGINT))`);
  return {
    sql: `DELETE FROM audit_pending WHERE (change_id, client_id) IN (VALUES ${places.join(', ')})`,
    values: changes.flatMap(({ change_id, client_id }) => [change_id, client_id]),
    required: changes.length,
  };
}
