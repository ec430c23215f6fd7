import { newChain, sealOf, type ChainHead } from '../../apps/server/src/changes/chains.ts';
import type { Change } from '../../apps/server/src/changes/change.ts';
import { sealedEntry } from '../../apps/server/src/changes/entry.ts';
import { stateOf } from '../../apps/server/src/changes/mac.ts';
import { pendingValues, type PendingValues } from '../../apps/server/src/changes/pending-changes.ts';
import { clientState } from '../../apps/server/src/clients/client-row.ts';
import { SecretEncryption } from '../../apps/server/src/crypto/secret-encryption.ts';
import type { Row } from '../../apps/server/src/database/database.ts';
import { GONE, REFUSED, Violation } from './expected-client.ts';
import { checkLog, type LOGGED_TABLES } from './log-check.ts';
import { UNKNOWN } from './registration-api.ts';
import { nameOf, SentChanges } from './sent-changes.ts';

const encryption = new SecretEncryption([Buffer.alloc(32)]);

type Tables = Record<(typeof LOGGED_TABLES)[number], Record<string, Row[string]>[]>;

const row = (version: number, name: string) => ({
  service_id: 1,
  client_id: 7,
  version,
  metadata: `{"client_name":"${name}"}`,
});

const PROPERTIES = '{}';

/** A store with a service and two clients: 7 was updated, which is still pending, and 8 was deleted. */
class Store {
  readonly tables: Tables = { service: [], client: [], audit_chain: [], audit_entry: [], audit_pending: [] };
  readonly sent = new SentChanges();
  private at = Date.UTC(2030, 0, 1);

  constructor() {
    this.addChain(0, []);
    const { key, statement } = newChain(1, encryption);
    this.tables.service.push({ service_id: 1, properties: PROPERTIES });
    const change = (
      action: Change['action'],
      id: string,
      values: Omit<Parameters<typeof pendingValues>[2], 'at' | 'serviceId'>,
    ) =>
      pendingValues(
        key,
        {
          action,
          subject: { type: action.startsWith('client') ? 'client' : 'service', id },
          actor: { type: 'system' },
        },
        { serviceId: 1, at: ++this.at, ...values },
      );
    const one = row(1, 'one');
    const two = row(2, 'two');
    const other = '{"client_name":"other"}';
    this.addChain(
      1,
      [
        change('service.created', '1', { state: stateOf([PROPERTIES]), after: PROPERTIES }),
        change('client.created', '7', { clientId: 7, version: 1, state: clientState(one), after: one.metadata }),
        change('client.created', '8', { clientId: 8, version: 1, state: 'a state', after: other }),
        change('client.deleted', '8', { clientId: 8, version: 2, before: other }),
      ],
      { key, statement },
    );
    const update = { clientId: 7, version: 2, state: clientState(two), before: one.metadata, after: two.metadata };
    this.tables.audit_pending.push({ ...change('client.updated', '7', update) });
    this.tables.client.push(two);
    for (const name of ['client.created one', 'client.created other', 'client.updated two', 'client.deleted 8']) {
      this.sent.notes(name, GONE);
    }
  }

  check() {
    return checkLog({ ...this.tables, encryption }, this.sent);
  }

  private addChain(
    serviceId: number,
    changes: readonly PendingValues[],
    { key, statement } = newChain(serviceId, encryption),
  ): void {
    let head: ChainHead = { serviceId, epoch: 1, sequence: 0, mac: String(statement.values[3]), clients: 0 };
    for (const change of changes) {
      const { sequence, clientId, version, body, mac } = sealedEntry(key, head, change);
      this.tables.audit_entry.push({ service_id: serviceId, sequence, client_id: clientId, version, body, mac });
      head = { ...head, sequence, mac, clients: serviceId };
    }
    const { epoch, sequence, mac, clients } = head;
    const chain = { service_id: serviceId, epoch, sequence, mac, clients, seal: sealOf(key, head) };
    this.tables.audit_chain.push({ ...chain, chain_key: String(statement.values[6]) });
  }
}

describe('the check of the log', () => {
  it('accepts a log in which every change is sealed or pending', () => {
    expect(new Store().check()).toEqual({ sealed: 4, pending: 1 });
  });

  it.each<[string, (store: Store) => void]>([
    [
      'an acknowledged change that is not in the log',
      ({ sent }) => {
        sent.notes('client.updated three', GONE);
      },
    ],
    ['a pending change without a client', ({ tables }) => tables.client.pop()],
    ['a client without a change', ({ tables }) => tables.client.push({ ...row(1, 'three'), client_id: 9 })],
    ['a change of a row behind the server', ({ tables }) => (tables.client[0]!.metadata = '{"client_name":"three"}')],
    ['an earlier version in the store', ({ tables }) => Object.assign(tables.client[0]!, row(1, 'one'))],
    ['a lost pending change', ({ tables }) => tables.audit_pending.pop()],
    ['another document before a pending change', ({ tables }) => (tables.audit_pending[0]!.document_before = '{}')],
    ['a wrong mac of a pending change', ({ tables }) => (tables.audit_pending[0]!.at = 9)],
    ['a lost last entry', ({ tables }) => tables.audit_entry.pop()],
    ['a lost entry in the middle', ({ tables }) => tables.audit_entry.splice(1, 1)],
    ['a repeated entry', ({ tables }) => tables.audit_entry.push({ ...tables.audit_entry[3]! })],
    [
      'another body of an entry',
      ({ tables }) => (tables.audit_entry[1]!.body = String(tables.audit_entry[1]!.body).replace('one', 'two')),
    ],
    ['another version in the columns of an entry', ({ tables }) => (tables.audit_entry[1]!.version = 2)],
    ['another number of clients', ({ tables }) => (tables.audit_chain[1]!.clients = 2)],
    ['a service without a chain', ({ tables }) => tables.audit_chain.pop()],
    ['another state of a service', ({ tables }) => (tables.service[0]!.properties = '{"apiKey":1}')],
  ])('finds %s', (_, spoil) => {
    const store = new Store();
    spoil(store);
    expect(() => store.check()).toThrow(Violation);
  });

  it('accepts a change with an unknown outcome, whether it was carried out or not', () => {
    const sent = new SentChanges();
    sent.notes(nameOf('client.updated', 'one'), UNKNOWN);
    expect([sent.faults([]), sent.faults(['client.updated one'])]).toEqual([[], []]);
    expect(sent.faults(['client.updated one', 'client.updated one'])).toHaveLength(1);
  });

  it('finds a change in the log that was refused or that nobody requested', () => {
    const sent = new SentChanges();
    sent.notes('client.deleted 8', REFUSED);
    expect(sent.faults(['client.deleted 8', 'client.updated two'])).toHaveLength(2);
  });
});
