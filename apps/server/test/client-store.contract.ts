import type { ClientStore } from '../src/clients/client-store.ts';
import type { FoundClient, StoredClient } from '../src/clients/client.ts';

export interface OpenStore {
  readonly store: ClientStore;
  readonly close: () => Promise<void>;
}

let lastClientId = 890_000_000_000_000;

/** A client that is not stored yet. */
export function aClient(changes: Partial<StoredClient> = {}): StoredClient {
  return {
    serviceId: 1,
    clientId: ++lastClientId,
    version: 1,
    createdAt: 1_641_735_467_000,
    modifiedAt: 1_641_735_467_013,
    registrationAccessTokenHash: 'a-hash',
    clientSecret: 'a-secret',
    properties: { dynamicallyRegistered: true, clientName: 'My Dynamic Client' },
    ...changes,
  };
}

/** The next version of a client. */
export function nextOf(client: StoredClient, changes: Partial<StoredClient> = {}): StoredClient {
  return { ...client, version: client.version + 1, modifiedAt: client.modifiedAt + 1, ...changes };
}

/** The part of a found client that was passed to the store. */
export function storedPartOf(found: FoundClient | undefined): StoredClient | undefined {
  if (found === undefined) return undefined;
  const {
    dynamicallyRegistered: _dynamicallyRegistered,
    locked: _locked,
    initialAccessTokenId: _initialAccessTokenId,
    softwareIdHash: _softwareIdHash,
    ...stored
  } = found;
  return stored;
}

/** Tests that `ClientStore` must pass on every engine; `open` returns a store on an empty database. */
export function clientStoreContract(name: string, open: () => Promise<OpenStore>): void {
  describe(`ClientStore on ${name}`, () => {
    let store: ClientStore;
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
        ['no secret', { clientSecret: undefined }],
        ['no registration access token', { registrationAccessTokenHash: undefined }],
        ['a secret with special characters', { clientSecret: '\'"\\;-- é🦊\u0000.\n' }],
        ['a previous token', { previousToken: { hash: 'another-hash', until: 1_641_735_467_000 } }],
        ['an empty secret', { clientSecret: '' }],
        ['a document of 1 MB', { properties: { dynamicallyRegistered: true, clientName: 'x'.repeat(1_000_000) } }],
        [
          'characters of every UTF-8 length',
          { properties: { dynamicallyRegistered: true, clientName: 'a é あ 🦊 e\u0301 \u0000' } },
        ],
        ['a lone surrogate', { properties: { dynamicallyRegistered: true, clientName: '\ud800' } }],
        ['SQL', { properties: { dynamicallyRegistered: true, clientName: "'); DROP TABLE client; -- $1 ?" } }],
        [
          'empty values',
          { properties: { dynamicallyRegistered: false, clientName: '', contacts: [], defaultMaxAge: 0 } },
        ],
        ['nested values', { properties: { dynamicallyRegistered: true, extension: { requestableScopes: ['a'] } } }],
      ])('returns %s unchanged', async (_what, changes) => {
        const client = await insertClient(changes);

        expect(await find(client)).toStrictEqual(client);
      });

      it.each([
        [
          { dynamicallyRegistered: true },
          { dynamicallyRegistered: true, locked: false, initialAccessTokenId: undefined },
        ],
        [
          { dynamicallyRegistered: false },
          { dynamicallyRegistered: false, locked: false, initialAccessTokenId: undefined },
        ],
        [
          { dynamicallyRegistered: true, locked: true, initialAccessTokenId: 2 ** 53 - 1 },
          { dynamicallyRegistered: true, locked: true, initialAccessTokenId: 2 ** 53 - 1 },
        ],
      ])('returns the columns derived from %j after a replacement', async (properties, derived) => {
        const others = { dynamicallyRegistered: !properties.dynamicallyRegistered, locked: !derived.locked };
        const client = await insertClient({ properties: { ...others, clientName: 'Before' } });
        await store.replace(nextOf(client, { properties }));

        expect(await store.find(client.serviceId, client.clientId)).toMatchObject(derived);
      });

      it('findHead returns everything but the document', async () => {
        const client = await insertClient({ previousToken: { hash: 'another-hash', until: 1_641_735_467_000 } });
        const { properties: _document, ...head } = client;

        expect(await store.findHead(client.serviceId, client.clientId)).toMatchObject({
          ...head,
          dynamicallyRegistered: true,
          locked: false,
          softwareIdHash: null,
        });
        expect(await store.findHead(client.serviceId, client.clientId + 1)).toBeUndefined();
      });

      it('omits undefined properties', async () => {
        const properties = {
          dynamicallyRegistered: true,
          clientName: undefined,
        } as unknown as StoredClient['properties'];
        const client = await insertClient({ properties });

        const found = await find(client);

        expect(Object.keys(found?.properties ?? {})).toEqual(['dynamicallyRegistered']);
      });
    });

    describe('insert', () => {
      it('returns false for an existing ID, and does not change its client', async () => {
        const client = await insertClient();

        expect(await store.insert({ ...client, clientSecret: 'another' })).toBe(false);
        expect(await find(client)).toEqual(client);
      });

      it('accepts the same client ID in two services', async () => {
        const client = await insertClient({ serviceId: 1 });
        const other = await insertClient({ serviceId: 2, clientId: client.clientId, clientSecret: 'another' });

        expect(await find(client)).toEqual(client);
        expect(await find(other)).toEqual(other);
      });

      it('succeeds for exactly one of many concurrent clients with one ID', async () => {
        const client = aClient();
        const candidates = Array.from({ length: 20 }, (_, i) => ({ ...client, clientSecret: `candidate ${i}` }));

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
          clientSecret: 'a-new-secret',
          registrationAccessTokenHash: 'a-new-hash',
          createdAt: 1,
          modifiedAt: 2,
          properties: { dynamicallyRegistered: false, locked: true },
        });

        expect(await store.replace(next)).toBe(true);
        expect(await find(client)).toStrictEqual(next);
      });

      it('deletes values that the next version omits', async () => {
        const client = await insertClient();
        const next = nextOf(client, { clientSecret: undefined, registrationAccessTokenHash: undefined });

        expect(await store.replace(next)).toBe(true);
        expect(await find(client)).toStrictEqual(next);
      });

      it.each([
        ['unchanged', 'kept'],
        ['deleted', undefined],
        ['changed', 'another'],
      ])('replaces every value of a version read before: software_id %s', async (_what, softwareId) => {
        const client = await insertClient({ properties: { dynamicallyRegistered: true, softwareId: 'kept' } });
        const next = nextOf(client, {
          clientSecret: 'a-new-secret',
          registrationAccessTokenHash: 'a-new-hash',
          createdAt: 1,
          properties: {
            dynamicallyRegistered: true,
            clientName: 'new',
            ...(softwareId !== undefined && { softwareId }),
          },
        });
        const replaced = await store.find(client.serviceId, client.clientId);

        expect(await store.replace(next, replaced && { replaced })).toBe(true);
        expect(await find(client)).toStrictEqual(next);
        const shares = (softwareId: string) => store.isSoftwareIdTaken({ ...aClient(), softwareId });
        expect(await shares('kept')).toBe(softwareId === 'kept');
        expect(await shares('another')).toBe(softwareId === 'another');
      });

      it.each([-1, 0, 2, 3])('returns false for a version that is %d after the stored one', async (step) => {
        const client = await insertClient({ version: 5 });

        expect(await store.replace({ ...client, version: 5 + step, clientSecret: 'another' })).toBe(false);
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
        const candidates = Array.from({ length: 20 }, (_, i) => nextOf(client, { clientSecret: `candidate ${i}` }));

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
        const next = clients.map((client, i) => nextOf(client, { clientSecret: `secret ${i}` }));

        const results = await Promise.all(next.map((client) => store.replace(client)));

        expect(results).not.toContain(false);
        expect(await Promise.all(clients.map(find))).toEqual(next);
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

        expect(await store.insert({ ...client, clientSecret: 'another' })).toBe(true);
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
