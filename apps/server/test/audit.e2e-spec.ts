import { setImmediate as nextTurn } from 'node:timers/promises';
import { hashToken } from '../src/crypto/token.ts';
import { ChainKeys } from '../src/changes/chains.ts';
import { Sealer } from '../src/changes/sealer.ts';
import { SYSTEM } from '../src/changes/change.ts';
import { startNewEpoch } from '../src/changes/new-epoch.ts';
import { ClientStore } from '../src/clients/client-store.ts';
import { SecretEncryption } from '../src/crypto/secret-encryption.ts';
import { Database } from '../src/database/database.ts';
import { Metrics } from '../src/observability/metrics.ts';
import { logOf, type TestLog } from './support/audit.ts';
import { protocolOf } from './support/protocol.ts';
import { ACCESS_TOKEN, HEADERS, SERVICE_ID, startServer, type TestServer } from './support/server.ts';

const TOKEN_ID = Buffer.from(hashToken(ACCESS_TOKEN), 'base64url').toString('hex').slice(0, 12);
const ADMINISTRATOR = { actor: { type: 'api_access_token', id: 'abcdef012345' }, requestId: 'of-the-test' } as const;

describe('the sealer', () => {
  it('takes over a lease from before a change of the clock', async () => {
    const server = await startServer();
    const database = server.app.get(Database);
    const count = async (sql: string) => Number((await database.read({ sql, values: [] }))[0]?.n);
    await database.write({ sql: 'UPDATE sealer_lease SET owner = 7, expires_at = 9000000000000000', values: [] });
    await server.register();

    while ((await count('SELECT count(*) AS n FROM audit_pending')) > 0) await nextTurn();

    expect(await count('SELECT count(*) AS n FROM sealer_lease WHERE owner <> 7')).toBe(1);
    await server.close();
  });
});

describe('the log of changes', () => {
  let server: TestServer;
  let log: TestLog;

  beforeAll(async () => {
    server = await startServer();
    log = logOf(server);
  });

  afterAll(() => server.close());

  describe('names the actor, the request and the difference of', () => {
    it('a registration, an update and a deletion through the authorization server', async () => {
      const registered = await server.register({ client_name: 'One' });
      await server.update(registered, { client_name: 'Two', client_uri: 'https://client.example.org/' });
      const { clientId, token } = registered;
      const deleted = await server.call(
        'delete',
        { clientId, token },
        { 'x-request-id': 'the-request-of-the-deletion' },
      );
      expect(deleted.body.action).toBe('DELETED');

      const entries = await log.entries(clientId);

      const actor = { type: 'client', plane: 'api', apiAccessToken: TOKEN_ID };
      const subject = { type: 'client', id: String(clientId) };
      const serviceId = String(SERVICE_ID);
      expect(entries).toMatchObject([
        { v: 1, serviceId, epoch: 1, action: 'client.created', actor, subject: { ...subject, version: 1 } },
        { action: 'client.updated', actor, subject: { ...subject, version: 2 } },
        { action: 'client.deleted', actor, subject, requestId: 'the-request-of-the-deletion' },
      ]);
      const [created, updated, removed] = entries.map(({ differences }) => differences);
      expect(created).toContainEqual({ member: 'client_name', after: 'One' });
      expect(updated).toEqual([
        { member: 'client_name', before: 'One', after: 'Two' },
        { member: 'client_uri', after: 'https://client.example.org/' },
      ]);
      expect(removed).toContainEqual({ member: 'client_name', before: 'Two' });
    });

    it('a registration, an update and a deletion by the client application itself', async () => {
      const protocol = protocolOf(server);
      const { body } = await protocol.register();
      const { client_id: id, registration_access_token: token } = body;
      await protocol.update(id, token, { client_id: id, redirect_uris: ['https://client.example.org/2'] });
      await protocol.delete(id, token);

      const actor = { type: 'client', plane: 'protocol', address: '127.0.0.1' };
      expect(await log.entries(Number(id))).toMatchObject([
        { action: 'client.created', actor },
        { action: 'client.updated', actor },
        { action: 'client.deleted', actor },
      ]);
    });

    it('a new setting of the service, and a new and a revoked initial access token', async () => {
      const protocol = protocolOf(server);
      const post = (path: string, body: object) =>
        protocol.send('POST', `/api/${SERVICE_ID}/${path}`, HEADERS, JSON.stringify(body));
      const found = await protocol.send('GET', `/api/${SERVICE_ID}/service/get`, HEADERS);
      await post('service/update', { ...found.body, serviceName: 'Renamed' });
      const created = await post('initial_access_token/create', { label: 'Partner', uses: 2 });
      const { id } = created.body as unknown as { id: number };
      await protocol.send('DELETE', `/api/${SERVICE_ID}/initial_access_token/delete/${id}`, {
        authorization: HEADERS.authorization,
      });

      const entries = (await log.entries()).filter(({ subject }) => subject.type !== 'client').slice(-3);

      const actor = { type: 'api_access_token', id: TOKEN_ID };
      const subject = { type: 'initial_access_token', id: String(id) };
      expect(entries).toMatchObject([
        { action: 'service.updated', actor, subject: { type: 'service', id: String(SERVICE_ID) } },
        { action: 'initial_access_token.created', actor, subject },
        { action: 'initial_access_token.deleted', actor, subject },
      ]);
      expect(entries[0]?.differences).toContainEqual({ member: 'serviceName', before: 'Service 1', after: 'Renamed' });
      expect(entries[1]?.differences).toContainEqual({ member: 'label', after: 'Partner' });
    });
  });

  it('names a changed credential and never contains one', async () => {
    await server.configure({ registrationAccessTokenRotated: true });
    const registered = await server.register();
    const updated = await server.update(registered, { token_endpoint_auth_method: 'none' });
    await server.configure();

    const entries = await log.entries(registered.clientId);

    const credentials = entries.map(({ differences }) =>
      differences.filter(({ member }) => /secret|token$/.test(member)),
    );
    expect(credentials).toEqual([[], [{ member: 'client_secret' }, { member: 'registration_access_token' }]]);
    const text = JSON.stringify(entries);
    for (const secret of [
      registered.information.client_secret,
      registered.token,
      updated.content.registration_access_token,
    ]) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain(hashToken(String(secret)));
    }
  });

  it('contains a long value as its digest', async () => {
    const registered = await server.register({ redirect_uris: urisOf('a') });
    await server.update(registered, { redirect_uris: urisOf('b') });

    const [, { differences } = { differences: [] }] = await log.entries(registered.clientId);

    expect(differences).toEqual([
      {
        member: 'redirect_uris',
        beforeSha256: expect.stringMatching(/^[\w-]{43}$/) as unknown,
        afterSha256: expect.stringMatching(/^[\w-]{43}$/) as unknown,
      },
    ]);
  });

  it('contains only the digests of documents with too many differences', async () => {
    const names = Object.fromEntries(
      Array.from({ length: 90 }, (_, i) => [`client_name#aa-${i}`, 'x'.repeat(190)] as const),
    );
    const registered = await server.register(names);

    const [{ differences } = { differences: [] }] = await log.entries(registered.clientId);

    expect(differences).toEqual([{ member: '*', afterSha256: expect.stringMatching(/^[\w-]{43}$/) as unknown }]);
  });

  it('has no entry for an update that changes nothing', async () => {
    const registered = await server.register({ client_name: 'Same' });
    const { client } = await server.update(registered, { client_name: 'Same' });

    expect(client).toEqual(registered.client);
    expect(await log.entries(registered.clientId)).toHaveLength(1);
  });

  it('has no entry for a read, which notes the use of the client at most once in an hour', async () => {
    const registered = await server.register();
    await server.get(registered);
    const first = await server.stored(registered.clientId);
    await server.get(registered);

    expect(first?.last_used_at).toBeGreaterThan(0);
    expect(first).toMatchObject({ version: 1, unused_since: null });
    expect(await server.stored(registered.clientId)).toEqual(first);
    expect(await log.entries(registered.clientId)).toHaveLength(1);
  });

  it('has the numbers of all clients of the service', async () => {
    const [, chain] = await log.chains();
    await log.seal();
    const rows = await server.app
      .get(Database)
      .read({ sql: 'SELECT clients FROM audit_chain WHERE service_id = $1', values: [SERVICE_ID] });

    expect(Number(rows[0]?.clients)).toBe(chain?.clients);
  });

  describe('an administrator and the client', () => {
    const administration = { developer: 'Team A', notes: 'Do not delete', requestableScopes: ['read'], resources: [] };

    it('an update by the client keeps what the administrator set', async () => {
      const registered = await server.register({ client_name: 'Before' });
      const clients = server.app.get(ClientStore);
      const before = (await clients.find(SERVICE_ID, registered.clientId))!;
      const amended = {
        ...before,
        version: 2,
        modifiedAt: before.modifiedAt + 1,
        administration,
        identifiers: { alias: 'team-a' },
      };
      expect(await clients.replace(before, amended, ADMINISTRATOR)).toBe('replaced');

      const { client } = await server.update(registered, { client_name: 'After' });

      expect(client).toMatchObject({
        clientName: 'After',
        developer: 'Team A',
        clientIdAlias: 'team-a',
        extension: { requestableScopes: ['read'], requestableScopesEnabled: true },
      });
      const after = await clients.find(SERVICE_ID, registered.clientId);
      expect(after).toMatchObject({ version: 3, administration, identifiers: { alias: 'team-a' } });
      expect(await log.entries(registered.clientId)).toMatchObject([
        { subject: { version: 1 } },
        {
          ...ADMINISTRATOR,
          subject: { version: 2 },
          differences: [
            { member: 'alias', after: 'team-a' },
            ...Object.entries(administration).map(([member, value]) => ({ member, after: value })),
          ],
        },
        { actor: { type: 'client' }, subject: { version: 3 } },
      ]);
    });

    it('change a client at the same time: nothing is lost, and the log has every change in the order of versions', async () => {
      const registered = await server.register();
      const clients = server.app.get(ClientStore);
      const administrate = async (notes: string): Promise<void> => {
        for (;;) {
          const current = (await clients.find(SERVICE_ID, registered.clientId))!;
          const { version, modifiedAt } = current;
          const next = { ...current, version: version + 1, modifiedAt: modifiedAt + 1, administration: { notes } };
          if ((await clients.replace(current, next, ADMINISTRATOR)) === 'replaced') return;
        }
      };
      await Promise.all(
        Array.from({ length: 10 }, (_, i) => [
          administrate(`note ${i}`),
          server.update(registered, { client_name: `Name ${i}` }),
        ]).flat(),
      );

      const entries = await log.entries(registered.clientId);

      expect(entries.map(({ subject }) => subject.version)).toEqual(Array.from({ length: 21 }, (_, i) => i + 1));
      const count = (type: string) => entries.filter(({ actor }) => actor.type === type).length;
      expect([count('client'), count('api_access_token')]).toEqual([11, 10]);
      const after = (await clients.find(SERVICE_ID, registered.clientId))!;
      const last = (member: string) =>
        entries.flatMap(({ differences }) => differences.filter((each) => each.member === member)).at(-1)?.after;
      expect(after.administration.notes).toBe(last('notes'));
      expect(after.document.metadata.client_name).toBe(last('client_name'));
    });
  });

  it('stays one chain if two processes seal at the same time', async () => {
    const database = server.app.get(Database);
    const other = new Sealer(database, server.app.get(ChainKeys), new Metrics());
    const clients = await Promise.all(Array.from({ length: 40 }, () => server.register()));
    const changes = Promise.all(
      clients.flatMap((client, i) => [1, 2, 3].map((n) => server.update(client, { client_name: `${i} ${n}` }))),
    );
    let done = false;
    const sealing = Promise.all(
      [server.app.get(Sealer), other].map(async (sealer) => {
        while (!done) {
          await sealer.seal();
          // SQLite responds in the same turn of the event loop.
          await nextTurn();
        }
      }),
    );
    await changes;
    done = true;
    await sealing;
    await log.seal();

    expect(await log.problems()).toEqual([]);
    const entries = await log.entries();
    expect(entries.map(({ sequence }) => sequence)).toEqual(entries.map((_entry, i) => i + 1));
  });

  it('seals nothing out of order after another process moved the head of the chain', async () => {
    const clients = await Promise.all(Array.from({ length: 65 }, () => server.register()));
    await log.seal();
    for (const name of ['1', '2', '3']) {
      await Promise.all(clients.map((client) => server.update(client, { client_name: name })));
    }
    const database = server.app.get(Database);
    let raced = false;
    const racing = Object.create(database) as Database;
    racing.write = async (...statements) => {
      if (!raced) {
        raced = true;
        await startNewEpoch(database, server.app.get(SecretEncryption), SYSTEM);
      }
      return database.write(...statements);
    };
    const sealer = new Sealer(racing, server.app.get(ChainKeys), new Metrics());
    while (await sealer.seal());

    expect(raced).toBe(true);
    expect(await log.problems()).toEqual([]);
  });
});

/** URIs with more than 4 KiB in all. */
function urisOf(name: string): string[] {
  return Array.from({ length: 50 }, (_, i) => `https://client.example.org/${name}/${i}/${'x'.repeat(80)}`);
}
