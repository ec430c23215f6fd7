import { randomBytes } from 'node:crypto';
import { PostgresDatabase } from '../src/database/postgres-database.ts';
import { SCHEMA } from '../src/schema.ts';
import { SecretEncryption } from '../src/crypto/secret-encryption.ts';
import type { StoredClient } from '../src/clients/client.ts';
import { aClient, credentialsOf, storedPartOf, nextOf, TestStore } from './client-store.contract.ts';
import { postgresUrl } from './support/engine.ts';
import { createDatabase } from './support/postgres.ts';

const KEY = randomBytes(32);

describe('batches of statements to PostgreSQL', () => {
  let url: string;
  let drop: () => Promise<void>;
  const databases: PostgresDatabase[] = [];

  const newStore = async (): Promise<TestStore> => {
    const database = await PostgresDatabase.open({ url, connections: 4 });
    databases.push(database);
    return TestStore.on(database, new SecretEncryption([KEY]));
  };

  const insertClients = async (store: TestStore, count: number): Promise<readonly StoredClient[]> => {
    const clients = Array.from({ length: count }, () => aClient());
    expect(await Promise.all(clients.map((client) => store.insert(client)))).toEqual(clients.map(() => true));
    return clients;
  };

  beforeAll(async () => {
    ({ url, drop } = await createDatabase(postgresUrl()));
    const database = await PostgresDatabase.open({ url, connections: 1 });
    await SCHEMA.migrate(database);
    await database.close();
  });

  afterEach(async () => {
    await Promise.all(databases.splice(0).map((database) => database.close()));
  });

  afterAll(() => drop());

  it('return the result of each statement', async () => {
    const store = await newStore();
    const clients = await insertClients(store, 30);
    const changes = clients.map((client, i) => (i % 3 === 0 ? nextOf(nextOf(client)) : nextOf(client)));

    const results = await Promise.all(changes.map((change) => store.replace(change)));

    expect(results).toEqual(changes.map((_change, i) => i % 3 !== 0));
    const found = await Promise.all(clients.map(({ serviceId, clientId }) => store.find(serviceId, clientId)));
    expect(found.map(storedPartOf)).toEqual(clients.map((client, i) => (i % 3 === 0 ? client : changes[i])));
  });

  it('return the result of each look-up, even of repeated and unknown clients', async () => {
    const store = await newStore();
    const clients = await insertClients(store, 20);
    const requested = clients.flatMap((client) => [client, { ...client, clientId: client.clientId + 1 }, client]);

    const found = await Promise.all(requested.map(({ serviceId, clientId }) => store.find(serviceId, clientId)));

    const known = new Map(clients.map((client) => [client.clientId, client]));
    expect(found.map(storedPartOf)).toEqual(requested.map(({ clientId }) => known.get(clientId)));
  });

  it('return the results of the other look-ups if one look-up fails', async () => {
    const store = await newStore();
    const clients = await insertClients(store, 5);
    // PostgreSQL refuses a client ID that is not an integer.
    const requested = clients.map(({ clientId }, i) => (i === 2 ? 0.5 : clientId));

    const results = await Promise.allSettled(
      requested.map((clientId) => store.find(clients[0]?.serviceId ?? 0, clientId)),
    );

    expect(results.map(({ status }) => status)).toEqual(requested.map((_, i) => (i === 2 ? 'rejected' : 'fulfilled')));
  });

  it('apply the other statements if one statement fails', async () => {
    const store = await newStore();
    const clients = await insertClients(store, 10);
    // PostgreSQL refuses text with this character.
    const changes = clients.map((client, i) =>
      nextOf(client, i === 4 ? { credentials: credentialsOf('a-secret', '\u0000') } : {}),
    );

    const results = await Promise.allSettled(changes.map((change) => store.replace(change)));

    expect(results.map(({ status }) => status)).toEqual(
      changes.map((_change, i) => (i === 4 ? 'rejected' : 'fulfilled')),
    );
    const found = await Promise.all(clients.map(({ serviceId, clientId }) => store.find(serviceId, clientId)));
    expect(found.map(storedPartOf)).toEqual(changes.map((change, i) => (i === 4 ? clients[i] : change)));
  });

  it('on two servers update the same clients in opposite orders and lose no update', async () => {
    const [oneStore, otherStore] = [await newStore(), await newStore()];
    let clients = await insertClients(oneStore, 20);
    for (let round = 0; round < 50; round++) {
      const changes = clients.map((client) => nextOf(client));

      const results = await Promise.all([
        Promise.all(changes.map((change) => oneStore.replace(change))),
        Promise.all([...changes].reverse().map((change) => otherStore.replace(change))),
      ]);

      const [ofOne, ofOther] = [results[0], [...results[1]].reverse()];
      expect(ofOne.map((replaced, i) => replaced !== ofOther[i])).toEqual(changes.map(() => true));
      clients = changes;
    }
  });
});
