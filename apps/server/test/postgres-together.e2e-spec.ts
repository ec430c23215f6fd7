import { randomBytes } from 'node:crypto';
import { PostgresDatabase } from '../src/database/postgres-database.ts';
import { SCHEMA } from '../src/schema.ts';
import { SecretEncryption } from '../src/crypto/secret-encryption.ts';
import { ClientStore } from '../src/clients/client-store.ts';
import type { StoredClient } from '../src/clients/client.ts';
import { aClient, storedPartOf, nextOf } from './client-store.contract.ts';
import { postgresUrl } from './support/engine.ts';
import { createDatabase } from './support/postgres.ts';

const KEY = randomBytes(32);

describe('statements that PostgreSQL is sent together', () => {
  let url: string;
  let drop: () => Promise<void>;
  const databases: PostgresDatabase[] = [];

  const newStore = async (): Promise<ClientStore> => {
    const database = await PostgresDatabase.open({ url, connections: 4 });
    databases.push(database);
    return new ClientStore(database, new SecretEncryption([KEY]));
  };

  const insertedInto = async (store: ClientStore, count: number): Promise<readonly StoredClient[]> => {
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

  it('are answered each for itself', async () => {
    const store = await newStore();
    const clients = await insertedInto(store, 30);
    const changes = clients.map((client, i) => (i % 3 === 0 ? nextOf(nextOf(client)) : nextOf(client)));

    const answers = await Promise.all(changes.map((change) => store.replace(change)));

    expect(answers).toEqual(changes.map((_change, i) => i % 3 !== 0));
    const found = await Promise.all(clients.map(({ serviceId, clientId }) => store.find(serviceId, clientId)));
    expect(found.map(storedPartOf)).toEqual(clients.map((client, i) => (i % 3 === 0 ? client : changes[i])));
  });

  it('and so are look-ups: of one client by several, and of clients that are not there', async () => {
    const store = await newStore();
    const clients = await insertedInto(store, 20);
    const asked = clients.flatMap((client) => [client, { ...client, clientId: client.clientId + 1 }, client]);

    const found = await Promise.all(asked.map(({ serviceId, clientId }) => store.find(serviceId, clientId)));

    const known = new Map(clients.map((client) => [client.clientId, client]));
    expect(found.map(storedPartOf)).toEqual(asked.map(({ clientId }) => known.get(clientId)));
  });

  it('fail each for itself when a look-up is wrong', async () => {
    const store = await newStore();
    const clients = await insertedInto(store, 5);
    // Half a client ID is none that PostgreSQL would look for.
    const asked = clients.map(({ clientId }, i) => (i === 2 ? 0.5 : clientId));

    const answers = await Promise.allSettled(asked.map((clientId) => store.find(clients[0]?.serviceId ?? 0, clientId)));

    expect(answers.map(({ status }) => status)).toEqual(asked.map((_, i) => (i === 2 ? 'rejected' : 'fulfilled')));
  });

  it('fail each for itself when a statement is wrong for one of them', async () => {
    const store = await newStore();
    const clients = await insertedInto(store, 10);
    // PostgreSQL takes no text with this character.
    const changes = clients.map((client, i) =>
      nextOf(client, i === 4 ? { registrationAccessTokenHash: '\u0000' } : {}),
    );

    const answers = await Promise.allSettled(changes.map((change) => store.replace(change)));

    expect(answers.map(({ status }) => status)).toEqual(
      changes.map((_change, i) => (i === 4 ? 'rejected' : 'fulfilled')),
    );
    const found = await Promise.all(clients.map(({ serviceId, clientId }) => store.find(serviceId, clientId)));
    expect(found.map(storedPartOf)).toEqual(changes.map((change, i) => (i === 4 ? clients[i] : change)));
  });

  it('of the same clients in another order by two servers end both, and lose none', async () => {
    const [here, there] = [await newStore(), await newStore()];
    let clients = await insertedInto(here, 20);
    for (let round = 0; round < 50; round++) {
      const changes = clients.map((client) => nextOf(client));

      const answers = await Promise.all([
        Promise.all(changes.map((change) => here.replace(change))),
        Promise.all([...changes].reverse().map((change) => there.replace(change))),
      ]);

      const [first, second] = [answers[0], [...answers[1]].reverse()];
      expect(first.map((replaced, i) => replaced !== second[i])).toEqual(changes.map(() => true));
      clients = changes;
    }
  });
});
