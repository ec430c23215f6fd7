import { chainKeyIn, headIn, INSTALLATION, sealOf } from '../../apps/server/src/changes/chains.ts';
import type { Change } from '../../apps/server/src/changes/change.ts';
import { entryMac, LONGEST_VALUE, type Entry } from '../../apps/server/src/changes/entry.ts';
import { hashOfDocument, NO_MAC, stateOf } from '../../apps/server/src/changes/mac.ts';
import { pendingMac, type PendingValues } from '../../apps/server/src/changes/pending-changes.ts';
import { clientState } from '../../apps/server/src/clients/client-row.ts';
import type { SecretEncryption } from '../../apps/server/src/crypto/secret-encryption.ts';
import type { Row } from '../../apps/server/src/database/database.ts';
import { Violation } from './expected-client.ts';
import { nameOf, type SentChanges } from './sent-changes.ts';

/** The tables that are checked. */
export const LOGGED_TABLES = ['service', 'client', 'audit_chain', 'audit_entry', 'audit_pending'] as const;

/** All rows of a store to which no server writes. */
export type StoreContents = Readonly<Record<(typeof LOGGED_TABLES)[number], readonly Row[]>> & {
  readonly encryption: SecretEncryption;
};

/** Number of entries of a log. */
export interface LogFigures {
  readonly sealed: number;
  readonly pending: number;
}

/** Faults that are described. */
const DESCRIBED = 10;

/**
 * Checks the log against the store and against the requests: no change is without its entry, no entry without its change, and all
 * hashes are right. It shares only the formulas of the hashes with the server, and reads everything into memory. Throws a
 * `Violation`.
 */
export function checkLog(contents: StoreContents, sent: SentChanges): LogFigures {
  const check = new LogCheck(contents);
  const faults = [...check.run(), ...sent.faults(check.names)];
  if (faults.length > 0)
    throw new Violation(`The log has ${faults.length} faults.\n${faults.slice(0, DESCRIBED).join('\n')}`);
  return { sealed: contents.audit_entry.length, pending: contents.audit_pending.length };
}

/** The members of a document by their names, with the values as they are compared. */
type Members = ReadonlyMap<string, string>;

/** A sealed or a pending change of a client. */
interface LoggedChange extends Pick<Change, 'action'> {
  readonly version: number;
  readonly at: number;
  readonly state: string | undefined;
  /** The document after the change, if the document before it is this one. Throws a `Violation` if it is not. */
  readonly apply: (before: Members) => Members;
}

class LogCheck {
  /** The names of all changes of clients. */
  readonly names: string[] = [];
  private readonly faults: string[] = [];
  private readonly changes = new Map<string, LoggedChange[]>();
  /** The last state of each service, and the number of its creations. */
  private readonly services = new Map<string, { created: number; state: string | undefined }>();

  constructor(private readonly contents: StoreContents) {}

  run(): readonly string[] {
    const { audit_chain: chains, audit_entry: entries, audit_pending: pending } = this.contents;
    const known = new Set(chains.map(({ service_id: id }) => id));
    for (const { service_id: id } of [...entries, ...pending]) {
      if (!known.has(id)) this.faults.push(`Service ${id} has changes, but no chain`);
    }
    for (const chain of chains) this.checkChain(chain);
    this.checkClients();
    this.checkServices();
    return this.faults;
  }

  private checkChain(row: Row): void {
    const key = chainKeyIn(row, this.contents.encryption);
    const head = headIn(row);
    const { serviceId } = head;
    const expect = (condition: boolean, problem: string) => {
      if (!condition) this.faults.push(`Chain ${serviceId}: ${problem}`);
    };
    let sequence = 0;
    let mac = NO_MAC;
    let clients = 0;
    for (const sealed of ofService(this.contents.audit_entry, serviceId, 'sequence')) {
      sequence += 1;
      const body = String(sealed.body);
      const entry = JSON.parse(body) as Entry;
      expect(sealed.sequence === sequence, `entry ${sealed.sequence} has the place ${sequence}`);
      expect(sealed.mac === entryMac(key, mac, body), `entry ${sequence} has a wrong mac`);
      mac = String(sealed.mac);
      const { subject } = entry;
      const clientId = subject.type === 'client' ? subject.id : '0';
      const columns = [String(serviceId), head.epoch, sequence, clientId, subject.version ?? 0];
      const found = [entry.serviceId, entry.epoch, entry.sequence, String(sealed.client_id), sealed.version];
      expect(columns.join() === found.join(), `entry ${sequence} has other columns (${found.join()}) than its body`);
      clients += Number(entry.action === 'client.created') - Number(entry.action === 'client.deleted');
      this.note(serviceId, entry, {
        ...entry,
        version: subject.version ?? 0,
        state: entry.state,
        apply: (before) => applied(entry, before),
      });
    }
    expect(head.sequence === sequence, `the head has the number ${head.sequence}, the last entry ${sequence}`);
    expect(head.mac === mac, 'the head has another mac than the last entry');
    expect(head.clients === clients, `the head counts ${head.clients} clients, the entries ${clients}`);
    expect(row.seal === sealOf(key, head), 'the seal is wrong');

    for (const pending of ofService(this.contents.audit_pending, serviceId, 'change_id')) {
      const change = JSON.parse(String(pending.change)) as Change;
      expect(
        pending.mac === pendingMac(key, pending as PendingValues),
        `pending change ${pending.change_id} has a wrong mac`,
      );
      this.note(serviceId, change, {
        action: change.action,
        version: Number(pending.version),
        at: Number(pending.at),
        state: (pending.state as string | null) ?? undefined,
        apply: (before) => {
          if (!areEqual(before, membersOf(pending.document_before!))) throw new Violation('another document before it');
          return membersOf(pending.document_after!);
        },
      });
    }
  }

  private note(serviceId: number, { subject, action }: Change, change: LoggedChange): void {
    const key = `${serviceId}/${subject.id}`;
    if (subject.type === 'client') this.changes.set(key, [...(this.changes.get(key) ?? []), change]);
    if (subject.type === 'service') {
      const { created = 0 } = this.services.get(subject.id) ?? {};
      this.services.set(subject.id, { created: created + Number(action === 'service.created'), state: change.state });
    }
  }

  private checkClients(): void {
    const rows = new Map(this.contents.client.map((row) => [`${row.service_id}/${row.client_id}`, row]));
    for (const key of rows.keys()) {
      if (!this.changes.has(key)) this.faults.push(`Client ${key} is not in the log`);
    }
    for (const [key, changes] of this.changes) {
      for (const fault of this.replay(key, changes, rows.get(key))) this.faults.push(`Client ${key}: ${fault}`);
    }
  }

  /** Repeats all changes of a client, and compares the result with its row. */
  private *replay(key: string, changes: readonly LoggedChange[], row: Row | undefined): Generator<string> {
    let document: Members = new Map();
    let at = 0;
    for (const [place, change] of changes.entries()) {
      const { version, action } = change;
      if (version !== place + 1) yield `version ${version} has the place ${place + 1}`;
      if (change.at <= at) yield `version ${version} is not later than the version before`;
      ({ at } = change);
      const isLast = place === changes.length - 1;
      if ((action === 'client.created') !== (place === 0)) yield `version ${version} is "${action}"`;
      if (action === 'client.deleted' && !isLast) yield `version ${version} is a deletion, but not the last version`;
      const before = document;
      try {
        document = change.apply(before);
      } catch (error) {
        if (!(error instanceof Violation)) throw error;
        yield `version ${version} has ${error.message}`;
      }
      const subject =
        action === 'client.deleted'
          ? key.split('/')[1]!
          : (document.get('client_name') ?? 'no name').replaceAll('"', '');
      this.names.push(nameOf(action, subject));
    }
    const last = changes.at(-1)!;
    if ((last.action === 'client.deleted') !== (row === undefined)) {
      yield `the last entry is "${last.action}", but the client is ${row === undefined ? 'not ' : ''}in the store`;
    }
    if (row === undefined) {
      if (document.size > 0) yield 'the document is not empty after the deletion';
      return;
    }
    if (row.version !== last.version) yield `the last version is ${last.version}, in the store ${row.version}`;
    if (last.state !== clientState(row)) yield `version ${last.version} has another state than the row in the store`;
    if (!areEqual(document, membersOf(row.metadata!))) yield 'the differences do not lead to the document in the store';
  }

  private checkServices(): void {
    const rows = new Map(this.contents.service.map((row) => [String(row.service_id), row]));
    for (const id of new Set([...rows.keys(), ...this.services.keys()])) {
      const row = rows.get(id);
      const logged = this.services.get(id);
      const state = row && stateOf([row.properties!]);
      if (logged?.created !== 1 || logged.state !== state) this.faults.push(`Service ${id} differs from its entries`);
    }
    const chains = new Set(this.contents.audit_chain.map(({ service_id: id }) => id));
    for (const id of [INSTALLATION, ...rows.keys()]) {
      if (!chains.has(Number(id))) this.faults.push(`Service ${id} has no chain`);
    }
  }
}

function ofService(rows: readonly Row[], serviceId: number, order: string): readonly Row[] {
  return rows
    .filter((row) => row.service_id === serviceId)
    .sort((one, other) => (one[order]! < other[order]! ? -1 : 1));
}

/** The document after the differences of an entry. Credentials have no values. */
function applied({ differences }: Entry, before: Members): Members {
  const members = new Map(before);
  for (const { member, before: old, beforeSha256, after, afterSha256 } of differences) {
    const previous = beforeSha256 ?? comparable(old);
    const next = afterSha256 ?? comparable(after);
    if (previous === undefined && next === undefined) continue;
    if (members.get(member) !== previous) throw new Violation(`another value of ${member} before it`);
    if (next === undefined) members.delete(member);
    else members.set(member, next);
  }
  return members;
}

/** The members of a document; none for `null`. */
function membersOf(document: Row[string]): Members {
  const entries = Object.entries(JSON.parse(String(document ?? '{}')) as object);
  return new Map(entries.map(([name, value]) => [name, comparable(value)!]));
}

/** The JSON text of a value, or its SHA-256 if it is so long that entries have only that. */
function comparable(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const text = JSON.stringify(value);
  return Buffer.byteLength(text) > LONGEST_VALUE ? hashOfDocument(text) : text;
}

function areEqual(one: Members, other: Members): boolean {
  return one.size === other.size && [...one].every(([name, value]) => other.get(name) === value);
}
