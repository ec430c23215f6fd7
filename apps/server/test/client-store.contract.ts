import type { ClientStore } from '../src/clients/client-store.ts';
import type { FoundClient, StoredClient } from '../src/clients/client.ts';

export interface OpenStore {
  readonly store: ClientStore;
  readonly close: () => Promise<void>;
}

let lastClientId = 890_000_000_000_000;

/** A client that is in no store yet. */
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

/** The version of a client that follows on this one. */
export function nextOf(client: StoredClient, changes: Partial<StoredClient> = {}): StoredClient {
  return { ...client, version: client.version + 1, modifiedAt: client.modifiedAt + 1, ...changes };
}

/** A client that was found, as it was given to the store. */
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

/** What every engine must do for `ClientStore`; `open` gives a store on an empty database. */
export function clientStoreContract(name: string, open: () => Promise<OpenStore>): void {
  describe(`ClientStore on ${name}`, () => {
    let store: ClientStore;
    let close: OpenStore['close'];

    beforeEach(async () => {
      ({ store, close } = await open());
    });

    afterEach(() => close());

    const find = async ({ serviceId, clientId }: StoredClient) => storedPartOf(await store.find(serviceId, clientId));

    const inserted = async (changes?: Partial<StoredClient>): Promise<StoredClient> => {
      const client = aClient(changes);
      expect(await store.insert(client)).toBe(true);
      return client;
    };

    describe('find', () => {
      it('gives back what was inserted', async () => {
        const client = await inserted();

        expect(await find(client)).toEqual(client);
      });

      it('gives nothing for a client that was never inserted', async () => {
        await inserted();

        expect(await find(aClient())).toBeUndefined();
      });

      it.each([
        ['numbers up to 2^53 - 1', { clientId: 2 ** 53 - 1, createdAt: 2 ** 53 - 1, serviceId: 2 ** 53 - 1 }],
        ['no secret', { clientSecret: undefined }],
        ['no registration access token', { registrationAccessTokenHash: undefined }],
        ['a secret of every kind of character', { clientSecret: '\'"\\;-- é🦊\u0000.\n' }],
        ['a token before', { previousToken: { hash: 'another-hash', until: 1_641_735_467_000 } }],
        ['an empty secret', { clientSecret: '' }],
        ['a document of 1 MB', { properties: { dynamicallyRegistered: true, clientName: 'x'.repeat(1_000_000) } }],
        [
          'characters of every length',
          { properties: { dynamicallyRegistered: true, clientName: 'a é あ 🦊 e\u0301 \u0000' } },
        ],
        ['a lone surrogate', { properties: { dynamicallyRegistered: true, clientName: '\ud800' } }],
        ['SQL', { properties: { dynamicallyRegistered: true, clientName: "'); DROP TABLE client; -- $1 ?" } }],
        [
          'empty values',
          { properties: { dynamicallyRegistered: false, clientName: '', contacts: [], defaultMaxAge: 0 } },
        ],
        ['nested values', { properties: { dynamicallyRegistered: true, extension: { requestableScopes: ['a'] } } }],
      ])('gives back %s unchanged', async (_what, changes) => {
        const client = await inserted(changes);

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
      ])('has the columns that follow from %j, also after a replacement', async (properties, derived) => {
        const others = { dynamicallyRegistered: !properties.dynamicallyRegistered, locked: !derived.locked };
        const client = await inserted({ properties: { ...others, clientName: 'Before' } });
        await store.replace(nextOf(client, { properties }));

        expect(await store.find(client.serviceId, client.clientId)).toMatchObject(derived);
      });

      it('gives all but the document of a client whose head is asked for', async () => {
        const client = await inserted({ previousToken: { hash: 'another-hash', until: 1_641_735_467_000 } });
        const { properties: _document, ...head } = client;

        expect(await store.findHead(client.serviceId, client.clientId)).toMatchObject({
          ...head,
          dynamicallyRegistered: true,
          locked: false,
          softwareIdHash: null,
        });
        expect(await store.findHead(client.serviceId, client.clientId + 1)).toBeUndefined();
      });

      it('leaves absent properties absent', async () => {
        const properties = {
          dynamicallyRegistered: true,
          clientName: undefined,
        } as unknown as StoredClient['properties'];
        const client = await inserted({ properties });

        const found = await find(client);

        expect(Object.keys(found?.properties ?? {})).toEqual(['dynamicallyRegistered']);
      });
    });

    describe('insert', () => {
      it('is false for an ID that is taken, and keeps the client that has it', async () => {
        const client = await inserted();

        expect(await store.insert({ ...client, clientSecret: 'another' })).toBe(false);
        expect(await find(client)).toEqual(client);
      });

      it('lets each service have a client of the same ID', async () => {
        const client = await inserted({ serviceId: 1 });
        const other = await inserted({ serviceId: 2, clientId: client.clientId, clientSecret: 'another' });

        expect(await find(client)).toEqual(client);
        expect(await find(other)).toEqual(other);
      });

      it('lets one of many succeed that want the same ID at the same time', async () => {
        const client = aClient();
        const rivals = Array.from({ length: 20 }, (_, i) => ({ ...client, clientSecret: `rival ${i}` }));

        const answers = await Promise.all(rivals.map((rival) => store.insert(rival)));

        expect(answers.filter(Boolean)).toHaveLength(1);
        expect(await find(client)).toEqual(rivals[answers.indexOf(true)]);
      });

      it('keeps all of many clients at the same time', async () => {
        const clients = Array.from({ length: 500 }, () => aClient());

        const answers = await Promise.all(clients.map((client) => store.insert(client)));

        expect(answers).not.toContain(false);
        expect(await Promise.all(clients.map(find))).toEqual(clients);
      });
    });

    describe('replace', () => {
      it('puts everything new in the place of the version before', async () => {
        const client = await inserted();
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

      it('takes away what the next version has not', async () => {
        const client = await inserted();
        const next = nextOf(client, { clientSecret: undefined, registrationAccessTokenHash: undefined });

        expect(await store.replace(next)).toBe(true);
        expect(await find(client)).toStrictEqual(next);
      });

      it.each([
        ['kept', 'kept'],
        ['given up', undefined],
        ['another one', 'another'],
      ])('of a version that was found changes all that is new: software_id %s', async (_what, softwareId) => {
        const client = await inserted({ properties: { dynamicallyRegistered: true, softwareId: 'kept' } });
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

      it.each([-1, 0, 2, 3])('is false for a version that is %d after the stored one', async (step) => {
        const client = await inserted({ version: 5 });

        expect(await store.replace({ ...client, version: 5 + step, clientSecret: 'another' })).toBe(false);
        expect(await find(client)).toEqual(client);
      });

      it('is false for a client that is not there, and brings none about', async () => {
        const client = aClient();

        expect(await store.replace(nextOf(client))).toBe(false);
        expect(await find(client)).toBeUndefined();
      });

      it('is false for the client of that ID in another service', async () => {
        const client = await inserted();

        expect(await store.replace(nextOf(client, { serviceId: 2 }))).toBe(false);
        expect(await find(client)).toEqual(client);
      });

      it('lets exactly one of many follow on one version', async () => {
        const client = await inserted();
        const rivals = Array.from({ length: 20 }, (_, i) => nextOf(client, { clientSecret: `rival ${i}` }));

        const answers = await Promise.all(rivals.map((rival) => store.replace(rival)));

        expect(answers.filter(Boolean)).toHaveLength(1);
        expect(await find(client)).toEqual(rivals[answers.indexOf(true)]);
      });

      it('of a version and the next one at the same time leaves what was answered', async () => {
        const client = await inserted();
        const second = nextOf(client);
        const third = nextOf(second);

        const [first, next] = await Promise.all([store.replace(second), store.replace(third)]);

        // An engine may carry out both in the order of the calls, or look at them at once.
        expect(first).toBe(true);
        expect(await find(client)).toEqual(next ? third : second);
      });

      it('changes many clients at the same time, each its own way', async () => {
        const clients = await Promise.all(Array.from({ length: 200 }, () => inserted()));
        const next = clients.map((client, i) => nextOf(client, { clientSecret: `secret ${i}` }));

        const answers = await Promise.all(next.map((client) => store.replace(client)));

        expect(answers).not.toContain(false);
        expect(await Promise.all(clients.map(find))).toEqual(next);
      });
    });

    describe('delete', () => {
      it('removes the client, once', async () => {
        const client = await inserted();

        expect(await store.delete(client)).toBe(true);
        expect(await find(client)).toBeUndefined();
        expect(await store.delete(client)).toBe(false);
      });

      it('is false for another version than the stored one', async () => {
        const client = await inserted();
        const next = nextOf(client);
        await store.replace(next);

        expect(await store.delete(client)).toBe(false);
        expect(await find(client)).toEqual(next);
      });

      it('leaves the clients of that ID in other services', async () => {
        const client = await inserted({ serviceId: 1 });
        const other = await inserted({ serviceId: 2, clientId: client.clientId });

        expect(await store.delete(client)).toBe(true);
        expect(await find(other)).toEqual(other);
      });

      it('lets the ID be used again', async () => {
        const client = await inserted();
        await store.delete(client);

        expect(await store.insert({ ...client, clientSecret: 'another' })).toBe(true);
      });

      it('and replace of one version cannot both succeed', async () => {
        for (let round = 0; round < 10; round++) {
          const client = await inserted();
          const next = nextOf(client);
          const remove = () => store.delete(client);
          const replace = () => store.replace(next);

          // The first one asked for is not always the first one carried out.
          const answers = await Promise.all(round % 2 === 0 ? [remove(), replace()] : [replace(), remove()]);

          expect([...answers].sort()).toEqual([false, true]);
          const removed = round % 2 === 0 ? answers[0] : answers[1];
          expect(await find(client)).toEqual(removed ? undefined : next);
        }
      });
    });
  });
}
