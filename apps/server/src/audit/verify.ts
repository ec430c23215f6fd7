import type { KeyObject } from 'node:crypto';
import { clientState, hasOwnSecrets } from '../clients/client-row.ts';
import type { ClientRow } from '../clients/client-sql.ts';
import { CLIENT_TABLE } from '../clients/client-tables.ts';
import { chainKeyIn, headIn, isSealed, type ChainHead } from '../changes/chains.ts';
import { AUDIT_PENDING_TABLE } from '../changes/change-tables.ts';
import { entryMac, type Entry } from '../changes/entry.ts';
import { NO_MAC, stateOf } from '../changes/mac.ts';
import { pendingMac, type PendingValues } from '../changes/pending-changes.ts';
import type { SecretEncryption } from '../crypto/secret-encryption.ts';
import type { Row, SqlSession } from '../database/database.ts';
import { readable } from '../database/table.ts';

const READABLE_PENDING = readable(AUDIT_PENDING_TABLE);
const READABLE_CLIENT = readable(CLIENT_TABLE);

/** Rows that are read at once. */
const PAGE = 500;

/** Subjects whose entries have the number of a client. A read of a secret is no version of the client. */
const OF_CLIENTS: ReadonlySet<string> = new Set(['client', 'client_secret']);

/** The result of the verification of one chain. */
export interface VerifiedChain {
  /** 0 for the chain of the installation. */
  readonly serviceId: number;
  readonly epoch: number;
  /** Sealed entries, which is the number of the last one. */
  readonly entries: number;
  /** The HMAC of the last entry. Kept in another place together with `entries`, it shows later that no entry was rewritten. */
  readonly mac: string;
  /** Changes that are not sealed yet. */
  readonly pending: number;
  readonly clients: number;
  /** The first problem of each kind; empty if the chain and the rows are as the server wrote them. */
  readonly problems: readonly string[];
}

/**
 * Verifies the log of changes in one snapshot of the store: the chain of each service, the changes that are not sealed yet, and whether
 * the service and its clients are as the log says. Its memory grows only with the changes that are not sealed yet.
 */
export async function verifyLog(
  session: SqlSession,
  encryption: SecretEncryption,
  serviceId?: number,
): Promise<readonly VerifiedChain[]> {
  const rows = await session.query(
    // The rows of a deleted service are deleted piece by piece. The log of the installation has its deletion.
    `SELECT service_id FROM (
       SELECT service_id FROM audit_chain UNION SELECT service_id FROM service
       UNION SELECT service_id FROM audit_pending WHERE ${READABLE_PENDING} UNION SELECT service_id FROM audit_entry
     ) AS logged WHERE service_id NOT IN (SELECT service_id FROM deleted_service) ORDER BY service_id`,
  );
  const verified: VerifiedChain[] = [];
  for (const each of rows.map((row) => Number(row.service_id))) {
    if (serviceId === undefined || serviceId === each) verified.push(await verifyChain(session, encryption, each));
  }
  return verified;
}

async function verifyChain(
  session: SqlSession,
  encryption: SecretEncryption,
  serviceId: number,
): Promise<VerifiedChain> {
  const [row] = await session.query('SELECT * FROM audit_chain WHERE service_id = $1', [serviceId]);
  if (row === undefined) return unverifiable(serviceId, 'The chain was removed.');
  let key: KeyObject;
  try {
    key = chainKeyIn(row, encryption);
  } catch (error) {
    return unverifiable(serviceId, `The key of the chain cannot be decrypted: ${(error as Error).message}`);
  }
  return new Verification(session, encryption, row, key).run();
}

function unverifiable(serviceId: number, problem: string): VerifiedChain {
  return { serviceId, epoch: 0, entries: 0, mac: NO_MAC, pending: 0, clients: 0, problems: [problem] };
}

class Verification {
  private readonly head: ChainHead;
  private readonly problems: string[] = [];
  /** The last pending change of each client. */
  private readonly pending = new Map<number, PendingValues>();
  /** The last known state of the service. */
  private serviceState: string | undefined;

  constructor(
    private readonly session: SqlSession,
    private readonly encryption: SecretEncryption,
    private readonly row: Row,
    private readonly key: KeyObject,
  ) {
    this.head = headIn(row);
  }

  async run(): Promise<VerifiedChain> {
    const { serviceId, epoch, sequence, mac } = this.head;
    const broken = (await this.findBreak()) ?? this.headProblem();
    if (broken !== undefined) this.problems.push(broken);
    const history = await this.findGap();
    if (history !== undefined) this.problems.push(history);
    const pending = await this.readPending();
    const clients = await this.compareClients();
    await this.findDeleted();
    // Without the whole chain, the last state of the service is not known.
    if (broken === undefined) await this.compareService();
    return { serviceId, epoch, entries: sequence, mac, pending, clients, problems: this.problems };
  }

  /** The first entry that is not as the server wrote it. */
  private async findBreak(): Promise<string | undefined> {
    const { serviceId, sequence: end } = this.head;
    let mac = NO_MAC;
    let last = 0;
    for (;;) {
      const rows = await this.session.query(
        `SELECT sequence, client_id, version, body, mac FROM audit_entry
         WHERE service_id = $1 AND sequence > $2 ORDER BY sequence LIMIT ${PAGE}`,
        [serviceId, last],
      );
      for (const row of rows) {
        const sequence = Number(row.sequence);
        if (sequence > end) return `Entry ${sequence} was inserted: the chain ends with entry ${end}.`;
        if (sequence !== last + 1) return `Entry ${last + 1} was removed.`;
        const problem = this.entryProblem(row, mac);
        if (problem !== undefined) return problem;
        mac = String(row.mac);
        last = sequence;
      }
      if (rows.length < PAGE) break;
    }
    if (last < end) return `Entry ${last + 1} was removed.`;
    return mac === this.head.mac ? undefined : `The end of the chain was changed: entry ${end} is not its last entry.`;
  }

  private entryProblem(row: Row, previous: string): string | undefined {
    const body = String(row.body);
    const sequence = Number(row.sequence);
    const entry = entryIn(body);
    if (entryMac(this.key, previous, body) !== row.mac) {
      const other = entry?.sequence;
      return typeof other === 'number' && other !== sequence
        ? `Entry ${sequence} was replaced by entry ${other}.`
        : `Entry ${sequence} was changed or inserted.`;
    }
    if (entry?.subject.type === 'service') this.serviceState = entry.state;
    const clientId = entry !== undefined && OF_CLIENTS.has(entry.subject.type) ? entry.subject.id : '0';
    return String(row.client_id) === clientId && Number(row.version) === (entry?.subject.version ?? 0)
      ? undefined
      : `Entry ${sequence} was changed: its columns differ from its body.`;
  }

  private headProblem(): string | undefined {
    return isSealed(this.key, this.row) ? undefined : 'The end of the chain was changed.';
  }

  /** The first entry that does not follow the previous version of its client. */
  private async findGap(): Promise<string | undefined> {
    const [row] = await this.session.query(
      `SELECT client_id, version, previous, sequence FROM (
         SELECT client_id, version, sequence,
           COALESCE(LAG(version) OVER (PARTITION BY client_id ORDER BY sequence), 0) AS previous
         FROM audit_entry WHERE service_id = $1 AND client_id <> 0 AND version <> 0
       ) AS history
       WHERE version <> 1 AND version <> previous + 1 ORDER BY sequence LIMIT 1`,
      [this.head.serviceId],
    );
    if (row === undefined) return undefined;
    const { client_id: clientId, version, previous, sequence } = row;
    return `Entry ${String(sequence)} is version ${String(version)} of client ${String(clientId)}, but it follows version ${String(previous)}: a change is missing.`;
  }

  /** Reads the changes that are not sealed yet; returns their number. */
  private async readPending(): Promise<number> {
    const { serviceId } = this.head;
    const ofService = 'FROM audit_pending WHERE service_id = $1';
    const rows = (await this.session.query(`SELECT * ${ofService} AND ${READABLE_PENDING} ORDER BY change_id`, [
      serviceId,
    ])) as readonly PendingValues[];
    const [unreadable] = await this.session.query(
      `SELECT COUNT(*) AS n, MIN(change_id) AS id ${ofService} AND NOT (${READABLE_PENDING})`,
      [serviceId],
    );
    const lost = Number(unreadable?.n);
    let problem =
      lost === 0
        ? undefined
        : `The change ${String(unreadable?.id)} that is not sealed yet was changed and cannot be read.`;
    for (const row of rows) {
      if (pendingMac(this.key, row) !== row.mac) {
        problem ??= `A change of ${subjectOf(row)} that is not sealed yet was changed or inserted.`;
        continue;
      }
      if (row.client_id !== 0 && row.version !== 0) this.pending.set(Number(row.client_id), row);
      else if ((JSON.parse(row.change as string) as Entry).subject.type === 'service')
        this.serviceState = String(row.state);
    }
    if (problem !== undefined) this.problems.push(problem);
    return rows.length + lost;
  }

  /** Compares the clients with their last changes; returns their number. */
  private async compareClients(): Promise<number> {
    let count = 0;
    let last = 0;
    const [unreadable] = await this.session.query(
      `SELECT CAST(client_id AS TEXT) AS id FROM client WHERE service_id = $1 AND NOT (${READABLE_CLIENT})
       ORDER BY client_id LIMIT 1`,
      [this.head.serviceId],
    );
    let problem = unreadable && `Client ${String(unreadable.id)} was changed behind the server and cannot be read.`;
    for (;;) {
      const rows = await this.session.query(
        `SELECT client.*, (
           SELECT body FROM audit_entry AS entry
           WHERE entry.service_id = client.service_id AND entry.client_id = client.client_id AND entry.version <> 0
           ORDER BY entry.sequence DESC LIMIT 1
         ) AS body
         FROM client WHERE service_id = $1 AND client_id > $2 AND ${READABLE_CLIENT} ORDER BY client_id LIMIT ${PAGE}`,
        [this.head.serviceId, last],
      );
      for (const row of rows) {
        const found = this.clientProblem(row);
        problem ??= found;
      }
      count += rows.length;
      last = Number(rows.at(-1)?.client_id);
      if (rows.length < PAGE) break;
    }
    if (problem !== undefined) this.problems.push(problem);
    return count;
  }

  private clientProblem(row: Row): string | undefined {
    const clientId = Number(row.client_id);
    const pending = this.pending.get(clientId);
    this.pending.delete(clientId);
    const { body } = row;
    const last = typeof body === 'string' ? entryIn(body) : undefined;
    const state = pending === undefined ? last?.state : pending.state;
    if (state === undefined || state === null)
      return `Client ${clientId} was inserted behind the server: the log does not have it.`;
    if (state !== clientState(row)) return `Client ${clientId} was changed behind the server.`;
    return this.secretProblem(row as ClientRow);
  }

  private secretProblem(row: ClientRow): string | undefined {
    const client = `client ${String(row.client_id)}`;
    try {
      return hasOwnSecrets(row, this.encryption) ? undefined : `The secret of ${client} was changed behind the server.`;
    } catch (error) {
      return `The secret of ${client} cannot be decrypted: ${(error as Error).message}`;
    }
  }

  /** Finds a client that is gone, although its last change is no deletion. */
  private async findDeleted(): Promise<void> {
    const { serviceId } = this.head;
    for (const [clientId, { state }] of this.pending) {
      if (state !== null) return void this.problems.push(`Client ${clientId} was deleted behind the server.`);
    }
    let last = 0;
    for (;;) {
      const rows = await this.session.query(
        `SELECT gone.client_id, entry.body FROM (
           SELECT client_id, MAX(sequence) AS sequence FROM audit_entry
           WHERE service_id = $1 AND client_id > $2 AND version <> 0 AND NOT EXISTS (
             SELECT 1 FROM client WHERE client.service_id = audit_entry.service_id AND client.client_id = audit_entry.client_id)
           GROUP BY client_id ORDER BY client_id LIMIT ${PAGE}
         ) AS gone JOIN audit_entry AS entry ON entry.service_id = $1 AND entry.sequence = gone.sequence
         ORDER BY gone.client_id`,
        [serviceId, last],
      );
      for (const { client_id: clientId, body } of rows) {
        const deleted = entryIn(String(body))?.action === 'client.deleted' || this.pending.has(Number(clientId));
        if (!deleted) return void this.problems.push(`Client ${String(clientId)} was deleted behind the server.`);
      }
      if (rows.length < PAGE) return;
      last = Number(rows.at(-1)?.client_id);
    }
  }

  private async compareService(): Promise<void> {
    const { serviceId } = this.head;
    if (serviceId === 0) return;
    const [row] = await this.session.query('SELECT properties FROM service WHERE service_id = $1', [serviceId]);
    if (row === undefined) this.problems.push(`The service ${serviceId} was deleted behind the server.`);
    else if (stateOf([row.properties ?? null]) !== this.serviceState)
      this.problems.push(`The settings of service ${serviceId} were changed behind the server.`);
  }
}

function subjectOf({ client_id: clientId }: PendingValues): string {
  return clientId === 0 ? 'the service, a token or the installation' : `client ${String(clientId)}`;
}

function entryIn(body: string): Entry | undefined {
  try {
    return JSON.parse(body) as Entry;
  } catch {
    return undefined;
  }
}
