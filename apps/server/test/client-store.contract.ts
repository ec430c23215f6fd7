import { SYSTEM } from '../src/changes/change.ts';
import { ChainKeys, newChain } from '../src/changes/chains.ts';
import { PendingChanges } from '../src/changes/pending-changes.ts';
import { ClientDocument } from '../src/clients/client-document.ts';
import { ClientStore, type Replaced, type WriteConditions } from '../src/clients/client-store.ts';
import type { ClientMetadata } from '@clientele/model/metadata';
import fc from 'fast-check';
import { termsOf } from '../src/clients/client-terms.ts';
import type { Credentials, FoundClient, FoundHead, StoredClient } from '../src/clients/client.ts';
import type { SecretEncryption } from '../src/crypto/secret-encryption.ts';
import type { Database } from '../src/database/database.ts';

export interface OpenStore {
  readonly store: TestStore;
  readonly close: () => Promise<void>;
}

/** A client store whose changes are made by the server, and whose replacements write every column. */
export class TestStore {
  readonly clients: ClientStore;

  private constructor(
    private readonly database: Database,
    encryption: SecretEncryption,
  ) {
    this.clients = new ClientStore(database, encryption, new PendingChanges(new ChainKeys(database, encryption)));
  }

  /** A store on a database, with audit chains for the services 1 and 2. */
  static async on(database: Database, encryption: SecretEncryption): Promise<TestStore> {
    for (const serviceId of [1, 2, 2 ** 53 - 1]) await database.write(newChain(serviceId, encryption).statement);
    return new TestStore(database, encryption);
  }

  insert(client: StoredClient, conditions?: WriteConditions): Promise<boolean> {
    return this.clients.insert(client, SYSTEM, conditions);
  }

  async replace(next: StoredClient, current?: FoundHead): Promise<boolean> {
    return (await this.change(next, current)) === 'replaced';
  }

  /** Replaces the version before `next`, with all columns unless that version is given. */
  change(next: StoredClient, current?: FoundHead): Promise<Replaced> {
    const { document: _document, ...head } = next;
    const { identifiers, provenance } = head;
    const every = {
      ...head,
      version: next.version - 1,
      identifiers: { ...identifiers },
      administration: {},
      credentials: { secrets: [], registrationAccessToken: { hash: '' } },
      provenance: { ...provenance, unusedSince: -1 },
    };
    return this.clients.replace(current ?? every, next, SYSTEM);
  }

  delete(client: StoredClient): Promise<boolean> {
    return this.clients.delete(client, SYSTEM);
  }

  /** The rows of `client_search`: the number and a term of a client. */
  async searchRows(): Promise<readonly string[]> {
    const rows = await this.database.read({ sql: 'SELECT client_id, term FROM client_search', values: [] });
    return rows.map(({ client_id: clientId, term }) => `${String(clientId)} ${String(term)}`).sort();
  }

  find(serviceId: number, clientId: number): Promise<FoundClient | undefined> {
    return this.clients.find(serviceId, clientId);
  }
}

/** Values by which a client is found. Several of them are the same for many clients, and some for one client. */
const SEARCHED = fc.record({
  document: fc
    .record(
      {
        redirect_uris: fc.uniqueArray(fc.constantFrom('https://a.example/1', 'https://a.example/2', 'app:/cb', 'x'), {
          maxLength: 4,
        }),
        client_name: fc.constantFrom('Name', 'name', 'ÎNAME', ''),
        'client_name#ja': fc.constantFrom('Name', '名前'),
        software_id: fc.constantFrom('s', 't'),
      },
      { requiredKeys: [] },
    )
    .map(documentOf),
  administration: fc.record(
    {
      developer: fc.constantFrom('d', 'e'),
      attributes: fc.array(fc.record({ key: fc.constantFrom('k', 'k='), value: fc.constantFrom('v', '=v') }), {
        maxLength: 2,
      }),
    },
    { requiredKeys: [] },
  ),
});

let lastClientId = 890_000_000_000_000;

/** A client that is not stored yet. */
export function aClient(changes: Partial<StoredClient> = {}): StoredClient {
  return {
    serviceId: 1,
    clientId: ++lastClientId,
    identifiers: {},
    version: 1,
    createdAt: 1_641_735_467_000,
    modifiedAt: 1_641_735_467_013,
    administration: {},
    credentials: credentialsOf('a-secret'),
    provenance: {
      source: 'dynamic',
      registration: { plane: 'api' },
      lastUsedAt: 0,
      unusedSince: undefined,
      updates: { day: 0, count: 0 },
    },
    document: documentOf({ client_name: 'My Dynamic Client' }),
    ...changes,
  };
}

export function documentOf(metadata: ClientMetadata): ClientDocument {
  return ClientDocument.of({ metadata, custom: '{}' });
}

/** Credentials with a secret, and with the hash of a registration access token. */
export function credentialsOf(secret: string | undefined, hash = 'a-hash'): Credentials {
  return {
    secrets: secret === undefined ? [] : [{ id: 1, value: secret, generated: true, createdAt: 1_641_735_467_000 }],
    registrationAccessToken: { hash },
  };
}

/** The next version of a client. */
export function nextOf(client: StoredClient, changes: Partial<StoredClient> = {}): StoredClient {
  return { ...client, version: client.version + 1, modifiedAt: client.modifiedAt + 1, ...changes };
}

/** The part of a found client that was passed to the store. */
export function storedPartOf(found: FoundClient | undefined): StoredClient | undefined {
  if (found === undefined) return undefined;
  const { searchHash: _searchHash, secretDigests: _digests, document, credentials, ...head } = found;
  const { secrets, registrationAccessToken } = credentials;
  const { metadata, custom } = document;
  return {
    ...head,
    credentials: { secrets, registrationAccessToken },
    document: ClientDocument.of({ metadata, custom }),
  };
}

/** Tests that `ClientStore` must pass on every engine; `open` returns a store on an empty database. */
export function clientStoreContract(name: string, open: () => Promise<OpenStore>): void {
  describe(`ClientStore on ${name}`, () => {
    let store: TestStore;
    let close: OpenStore['close'];

    beforeEach(async () => {
      ({ store, close } = await open());
    });

    afterEach(() => close());

    const find = async ({ serviceId, clientId }: StoredClient) => storedPartOf(await store.find(serviceId, clientId));

    const insertClient = async (changes?: Partial<StoredClient>): Promise<StoredClient> => {
      const client = aClient(changes);
      expect(await store.insert(client)).toBe(true);
      return client;
    };

    describe('find', () => {
      it('returns the inserted client', async () => {
        const client = await insertClient();

        expect(await find(client)).toEqual(client);
      });

      it('returns undefined for an unknown client', async () => {
        await insertClient();

        expect(await find(aClient())).toBeUndefined();
      });

      it.each([
        ['numbers up to 2^53 - 1', { clientId: 2 ** 53 - 1, createdAt: 2 ** 53 - 1, serviceId: 2 ** 53 - 1 }],
        ['no secret', { credentials: credentialsOf(undefined) }],
        [
          'no registration access token',
          { credentials: { ...credentialsOf('a'), registrationAccessToken: undefined } },
        ],
        ['a secret with special characters', { credentials: credentialsOf('\'"\\;-- é🦊\u0000.\n') }],
        [
          'a previous token',
          {
            credentials: {
              secrets: [],
              registrationAccessToken: { hash: 'a-hash', previous: { hash: 'another-hash', until: 1_641_735_467_000 } },
            },
          },
        ],
        ['an empty secret', { credentials: credentialsOf('') }],
        ['a document of 1 MB', { document: documentOf({ client_name: 'x'.repeat(1_000_000) }) }],
        ['characters of every UTF-8 length', { document: documentOf({ client_name: 'a é あ 🦊 e\u0301 \u0000' }) }],
        ['a lone surrogate', { document: documentOf({ client_name: '\ud800' }) }],
        ['SQL', { document: documentOf({ client_name: "'); DROP TABLE client; -- $1 ?" }) }],
        ['empty values', { document: documentOf({ client_name: '', contacts: [], default_max_age: 0 }) }],
        [
          'several secrets',
          {
            credentials: {
              secrets: [
                { id: 1, value: '$2b$04$x', scheme: 'bcrypt', generated: false, createdAt: 1, expiresAt: 2 },
                { id: 2, value: 'a-secret', generated: true, createdAt: 3 },
              ],
              registrationAccessToken: undefined,
            },
          },
        ],
        ['identifiers', { identifiers: { canonical: 'https://app.example/client', alias: 'an alias' } }],
        [
          'everything that administrators set',
          {
            administration: {
              locked: true,
              developer: 'A',
              requestableScopes: [],
              resources: ['https://mcp.example/mcp'],
              attributes: [{ key: 'k', value: 'v' }],
              notes: 'n',
              expiresAt: 5,
            },
          },
        ],
        [
          'its provenance',
          {
            provenance: {
              source: 'static' as const,
              registration: { initialAccessTokenId: 2 ** 53 - 1 },
              lastUsedAt: 7,
              unusedSince: 8,
              updates: { day: 9, count: 10 },
            },
          },
        ],
      ])('returns %s unchanged', async (_what, changes) => {
        const client = await insertClient(changes);

        expect(await find(client)).toStrictEqual(client);
      });

      it('findHead returns everything but the document', async () => {
        const client = await insertClient({ identifiers: { alias: 'head' }, administration: { notes: 'n' } });
        const { document: _document, credentials, ...head } = client;

        const found = await store.clients.findHead(client.serviceId, client.clientId);

        expect(found).toMatchObject(head);
        expect(found?.credentials.secrets).toEqual(credentials.secrets);
        expect(await store.clients.findHead(client.serviceId, client.clientId + 1)).toBeUndefined();
      });
    });

    it('has exactly the terms of its clients after every change', async () => {
      const change = fc.record({ place: fc.nat(3), searched: fc.option(SEARCHED), read: fc.boolean() });
      await fc.assert(
        fc.asyncProperty(fc.array(change, { maxLength: 12 }), async (changes) => {
          const stored = new Map<number, StoredClient>();
          for (const { place, searched, read } of changes) {
            const current = stored.get(place);
            if (current === undefined) {
              if (searched !== null) stored.set(place, await insertClient(searched));
            } else if (searched === null) {
              expect(await store.delete(current)).toBe(true);
              stored.delete(place);
            } else {
              const next = nextOf(current, { ...searched, credentials: credentialsOf(`${current.version}`) });
              const found = read ? await store.find(current.serviceId, current.clientId) : undefined;
              expect(await store.replace(next, found)).toBe(true);
              stored.set(place, next);
            }
          }
          const expected = [...stored.values()].flatMap((client) =>
            termsOf(client).map((term) => `${client.clientId} ${term}`),
          );
          expect(await store.searchRows()).toEqual(expected.sort());
          for (const client of stored.values()) await store.delete(client);
        }),
        { numRuns: 20, endOnFailure: true },
      );
    });

    describe('insert', () => {
      it('returns false for an existing ID, and does not change its client', async () => {
        const client = await insertClient();

        expect(await store.insert({ ...client, credentials: credentialsOf('another') })).toBe(false);
        expect(await find(client)).toEqual(client);
      });

      it('accepts the same client ID in two services', async () => {
        const client = await insertClient({ serviceId: 1 });
        const other = await insertClient({
          serviceId: 2,
          clientId: client.clientId,
          credentials: credentialsOf('another'),
        });

        expect(await find(client)).toEqual(client);
        expect(await find(other)).toEqual(other);
      });

      it('succeeds for exactly one of many concurrent clients with one ID', async () => {
        const client = aClient();
        const candidates = Array.from({ length: 20 }, (_, i) => ({
          ...client,
          credentials: credentialsOf(`candidate ${i}`),
        }));

        const results = await Promise.all(candidates.map((candidate) => store.insert(candidate)));

        expect(results.filter(Boolean)).toHaveLength(1);
        expect(await find(client)).toEqual(candidates[results.indexOf(true)]);
      });

      it('stores many clients at the same time', async () => {
        const clients = Array.from({ length: 500 }, () => aClient());

        const results = await Promise.all(clients.map((client) => store.insert(client)));

        expect(results).not.toContain(false);
        expect(await Promise.all(clients.map(find))).toEqual(clients);
      });
    });

    describe('replace', () => {
      it('replaces every value', async () => {
        const client = await insertClient();
        const next = nextOf(client, {
          credentials: credentialsOf('a-new-secret', 'a-new-hash'),
          modifiedAt: 1_641_735_467_014,
          administration: { locked: true },
          document: documentOf({}),
        });

        expect(await store.replace(next)).toBe(true);
        expect(await find(client)).toStrictEqual(next);
      });

      it('deletes values that the next version omits', async () => {
        const client = await insertClient();
        const next = nextOf(client, { credentials: { secrets: [], registrationAccessToken: undefined } });

        expect(await store.replace(next)).toBe(true);
        expect(await find(client)).toStrictEqual(next);
      });

      it.each([
        ['unchanged', 'kept'],
        ['deleted', undefined],
        ['changed', 'another'],
      ])('replaces every value of a version read before: software_id %s', async (_what, softwareId) => {
        const client = await insertClient({ document: documentOf({ software_id: 'kept' }) });
        const next = nextOf(client, {
          credentials: credentialsOf('a-new-secret', 'a-new-hash'),
          document: documentOf({ client_name: 'new', ...(softwareId !== undefined && { software_id: softwareId }) }),
        });
        const replaced = await store.find(client.serviceId, client.clientId);

        expect(await store.replace(next, replaced)).toBe(true);
        expect(await find(client)).toStrictEqual(next);
        const shares = (softwareId: string) => store.clients.isSoftwareIdTaken({ ...aClient(), softwareId });
        expect(await shares('kept')).toBe(softwareId === 'kept');
        expect(await shares('another')).toBe(softwareId === 'another');
      });

      it.each([-1, 0, 2, 3])('returns false for a version that is %d after the stored one', async (step) => {
        const client = await insertClient({ version: 5 });

        expect(await store.replace({ ...client, version: 5 + step, credentials: credentialsOf('another') })).toBe(
          false,
        );
        expect(await find(client)).toEqual(client);
      });

      it('returns false for an unknown client, and creates none', async () => {
        const client = aClient();

        expect(await store.replace(nextOf(client))).toBe(false);
        expect(await find(client)).toBeUndefined();
      });

      it('returns false for the client of another service', async () => {
        const client = await insertClient();

        expect(await store.replace(nextOf(client, { serviceId: 2 }))).toBe(false);
        expect(await find(client)).toEqual(client);
      });

      it('succeeds for exactly one of many concurrent replacements of one version', async () => {
        const client = await insertClient();
        const candidates = Array.from({ length: 20 }, (_, i) =>
          nextOf(client, { credentials: credentialsOf(`candidate ${i}`) }),
        );

        const results = await Promise.all(candidates.map((candidate) => store.replace(candidate)));

        expect(results.filter(Boolean)).toHaveLength(1);
        expect(await find(client)).toEqual(candidates[results.indexOf(true)]);
      });

      it('stores the version that it reports if two successive versions are written at the same time', async () => {
        const client = await insertClient();
        const second = nextOf(client);
        const third = nextOf(second);

        const [first, next] = await Promise.all([store.replace(second), store.replace(third)]);

        // An engine may run both in the order of the calls, or at the same time.
        expect(first).toBe(true);
        expect(await find(client)).toEqual(next ? third : second);
      });

      it('replaces many clients at the same time', async () => {
        const clients = await Promise.all(Array.from({ length: 200 }, () => insertClient()));
        const next = clients.map((client, i) => nextOf(client, { credentials: credentialsOf(`secret ${i}`) }));

        const results = await Promise.all(next.map((client) => store.replace(client)));

        expect(results).not.toContain(false);
        expect(await Promise.all(clients.map(find))).toEqual(next);
      });
    });

    describe('a replacement of the metadata', () => {
      it('keeps every other part, and writes nothing if the metadata stays the same', async () => {
        const client = await insertClient({
          identifiers: { alias: 'kept' },
          administration: { locked: true, notes: 'kept' },
        });
        const found = await store.find(client.serviceId, client.clientId);
        const next = nextOf(found!, { document: documentOf({ client_name: 'New' }) });

        expect(await store.change(next, found)).toBe('replaced');
        expect(await find(client)).toEqual(nextOf(client, { document: next.document }));

        const current = await store.find(client.serviceId, client.clientId);
        expect(await store.change(nextOf(current!), current)).toBe('unchanged');
        expect(await store.change(nextOf(found!), found)).toBe('outdated');
        expect(await find(client)).toEqual(nextOf(client, { document: next.document }));
      });
    });

    describe('identifiers', () => {
      const numberOf = (identifier: string) => store.clients.findIdentifier(1, identifier);

      it('find their client until it loses them', async () => {
        const client = await insertClient({ identifiers: { canonical: 'https://app.example/1', alias: 'first' } });
        expect(await numberOf('first')).toBe(client.clientId);
        expect(await store.clients.findIdentifier(2, 'first')).toBeUndefined();

        const current = await store.find(client.serviceId, client.clientId);
        const next = nextOf(client, { identifiers: { ...client.identifiers, alias: 'second' } });
        expect(await store.replace(next, current)).toBe(true);
        expect([await numberOf('first'), await numberOf('second')]).toEqual([undefined, client.clientId]);

        expect(await store.delete(next)).toBe(true);
        expect([await numberOf('second'), await numberOf('https://app.example/1')]).toEqual([undefined, undefined]);
      });

      it('belong to one client', async () => {
        await insertClient({ identifiers: { alias: 'taken' } });
        const other = aClient({ identifiers: { alias: 'taken' } });

        expect(await store.insert(other)).toBe(false);
        expect(await find(other)).toBeUndefined();
      });

      it('that a client has without a row are damage, not an outage after which a change can be repeated', async () => {
        const client = await insertClient();
        const damaged = {
          ...(await store.find(client.serviceId, client.clientId))!,
          identifiers: { alias: 'without a row' },
        };

        await expect(store.delete(damaged)).rejects.toThrow(/^The store is damaged: .* client \d+\.$/);
        await expect(store.replace(nextOf(damaged, { identifiers: {} }), damaged)).rejects.toThrow('damaged');
        expect(await store.replace(nextOf(client))).toBe(true);
        expect(await store.delete(damaged)).toBe(false);
      });
    });

    describe('an unused client', () => {
      const provenance = { ...aClient().provenance, unusedSince: 1000 };
      const unused = (since: number) => store.clients.findUnused(1, since, 10);

      it('is found and deleted after its time, unless it was used or changed', async () => {
        const client = await insertClient({ provenance });
        const used = await insertClient({ provenance });
        const changed = await insertClient({ provenance });
        expect(await unused(1000)).toEqual([]);
        const found = await unused(1001);
        expect(found.map(({ clientId }) => clientId).sort()).toEqual(
          [client, used, changed].map(({ clientId }) => clientId),
        );
        await store.clients.touch(used, 5000);
        await store.replace(nextOf(changed, { provenance: { ...provenance, unusedSince: undefined } }));

        const deleted = [];
        for (const each of found) if (await store.clients.deleteUnused(each, SYSTEM)) deleted.push(each.clientId);

        expect(deleted).toEqual([client.clientId]);
        expect((await store.find(used.serviceId, used.clientId))?.provenance.lastUsedAt).toBe(5000);
      });
    });

    describe('delete', () => {
      it('deletes the client once', async () => {
        const client = await insertClient();

        expect(await store.delete(client)).toBe(true);
        expect(await find(client)).toBeUndefined();
        expect(await store.delete(client)).toBe(false);
      });

      it('returns false for a version that is not the stored one', async () => {
        const client = await insertClient();
        const next = nextOf(client);
        await store.replace(next);

        expect(await store.delete(client)).toBe(false);
        expect(await find(client)).toEqual(next);
      });

      it('does not delete the client with the same ID of another service', async () => {
        const client = await insertClient({ serviceId: 1 });
        const other = await insertClient({ serviceId: 2, clientId: client.clientId });

        expect(await store.delete(client)).toBe(true);
        expect(await find(other)).toEqual(other);
      });

      it('allows the ID to be used again', async () => {
        const client = await insertClient();
        await store.delete(client);

        expect(await store.insert({ ...client, credentials: credentialsOf('another') })).toBe(true);
      });

      it('and replace cannot both succeed for one version', async () => {
        for (let round = 0; round < 10; round++) {
          const client = await insertClient();
          const next = nextOf(client);
          const remove = () => store.delete(client);
          const replace = () => store.replace(next);

          // An engine may run the two operations in either order.
          const results = await Promise.all(round % 2 === 0 ? [remove(), replace()] : [replace(), remove()]);

          expect([...results].sort()).toEqual([false, true]);
          const deleted = round % 2 === 0 ? results[0] : results[1];
          expect(await find(client)).toEqual(deleted ? undefined : next);
        }
      });
    });
  });
}
