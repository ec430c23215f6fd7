import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { logOf, type TestLog } from './support/audit.ts';
import { SERVICE_ID, startServer, type Registered, type TestServer } from './support/server.ts';
import { ApiAccessTokenStore } from '../src/access/api-access-token-store.ts';
import { SYSTEM } from '../src/changes/change.ts';
import { ChainKeys } from '../src/changes/chains.ts';
import { PendingChanges } from '../src/changes/pending-changes.ts';
import { Sealer } from '../src/changes/sealer.ts';
import { hashToken, newClientSecret } from '../src/crypto/token.ts';
import { Database, type Row } from '../src/database/database.ts';
import { Metrics } from '../src/observability/metrics.ts';

const TABLES = ['audit_chain', 'audit_entry', 'audit_pending', 'client', 'service'];

describe('the verification of the log', () => {
  let server: TestServer;
  let log: TestLog;
  let clients: readonly Registered[];

  let rows: readonly (readonly [table: string, rows: readonly Row[]])[];

  beforeAll(async () => {
    server = await startServer();
    log = logOf(server);
    await server.app.get(Sealer).onModuleDestroy();
    clients = await Promise.all(Array.from({ length: 5 }, (_, i) => server.register({ client_name: `Client ${i}` })));
    for (const client of clients) await server.update(client, { client_name: 'Updated' });
    await log.seal();
    await server.update(clients[0]!, { client_name: 'Not sealed yet' });
    const database = server.app.get(Database);
    rows = await Promise.all(
      TABLES.map(async (name) => [name, await database.read({ sql: `SELECT * FROM ${name}`, values: [] })] as const),
    );
  });

  // Every test begins with the same rows.
  afterEach(async () => {
    for (const [name, all] of rows) {
      await log.execute(`DELETE FROM ${name}`);
      for (const row of all) {
        const columns = Object.keys(row);
        const places = columns.map((_column, i) => `$${i + 1}`).join(', ');
        await log.execute(`INSERT INTO ${name} (${columns.join(', ')}) VALUES (${places})`, ...Object.values(row));
      }
    }
  });

  afterAll(() => server.close());

  it('finds nothing in a log that only the server wrote', async () => {
    expect(await log.chains()).toMatchObject([
      { serviceId: 0, problems: [] },
      { serviceId: SERVICE_ID, entries: 11, pending: 1, clients: 5, problems: [] },
    ]);
    await server.call('delete', clients[1]!);
    expect(await log.problems()).toEqual([]);
    await log.seal();
    expect(await log.problems()).toEqual([]);
  });

  /** No number of JavaScript is so large and exact. */
  const TOO_LARGE = '9007199254740993';
  const CLIENT = 'UPDATE client SET';
  it.each<[string, string, string | RegExp]>([
    [
      'a changed body',
      "UPDATE audit_entry SET body = REPLACE(body, 'Client 1', 'Client 9') WHERE service_id > 0",
      /^Entry \d+ was changed or inserted\.$/,
    ],
    [
      'a changed entry',
      "UPDATE audit_entry SET body = '{}' WHERE sequence = 5 AND service_id > 0",
      'Entry 5 was changed or inserted.',
    ],
    [
      'a changed HMAC',
      'UPDATE audit_entry SET mac = (SELECT mac FROM audit_chain LIMIT 1) WHERE sequence = 4 AND service_id > 0',
      'Entry 4 was changed or inserted.',
    ],
    [
      'a changed column',
      'UPDATE audit_entry SET version = 7 WHERE sequence = 6 AND service_id > 0',
      'Entry 6 was changed: its columns differ from its body.',
    ],
    ['a removed entry', 'DELETE FROM audit_entry WHERE sequence = 3 AND service_id > 0', 'Entry 3 was removed.'],
    ['a removed first entry', 'DELETE FROM audit_entry WHERE sequence = 1 AND service_id > 0', 'Entry 1 was removed.'],
    ['a removed last entry', 'DELETE FROM audit_entry WHERE sequence = 11', 'Entry 11 was removed.'],
    [
      'two exchanged entries',
      `UPDATE audit_entry SET
         body = (SELECT body FROM audit_entry AS other WHERE other.service_id = audit_entry.service_id AND other.sequence = 11 - audit_entry.sequence),
         mac = (SELECT mac FROM audit_entry AS other WHERE other.service_id = audit_entry.service_id AND other.sequence = 11 - audit_entry.sequence)
       WHERE service_id > 0 AND sequence IN (5, 6)`,
      'Entry 5 was replaced by entry 6.',
    ],
    [
      'an inserted entry',
      'INSERT INTO audit_entry SELECT service_id, 12, client_id, version, body, mac FROM audit_entry WHERE sequence = 11',
      'Entry 12 was inserted: the chain ends with entry 11.',
    ],
    [
      'a head without the last entry',
      'UPDATE audit_chain SET sequence = 10 WHERE service_id > 0',
      'Entry 11 was inserted: the chain ends with entry 10.',
    ],
    [
      'a changed number of clients',
      'UPDATE audit_chain SET clients = 0 WHERE service_id > 0',
      'The end of the chain was changed.',
    ],
    [
      'a changed document',
      `${CLIENT} metadata = REPLACE(metadata, 'Updated', 'Changed')`,
      /^Client \d+ was changed behind the server\.$/,
    ],
    ['an unlocked client', `${CLIENT} locked = 1`, /^Client \d+ was changed behind the server\.$/],
    [
      'a changed token',
      `${CLIENT} registration_access_token_hash = NULL`,
      /^Client \d+ was changed behind the server\.$/,
    ],
    ['changed digests of secrets', `${CLIENT} secret_digests = '[]'`, /^Client \d+ was changed behind the server\.$/],
    ['a client of another source', `${CLIENT} source = 'static'`, /^Client \d+ was changed behind the server\.$/],
    [
      'a client with a change that is not sealed yet',
      `${CLIENT} metadata = REPLACE(metadata, 'Not sealed', 'Was sealed')`,
      /^Client \d+ was changed behind the server\.$/,
    ],
    [
      'a deleted client',
      "DELETE FROM client WHERE metadata LIKE '%Updated%'",
      /^Client \d+ was deleted behind the server\.$/,
    ],
    [
      'a deleted client with a change that is not sealed yet',
      "DELETE FROM client WHERE metadata LIKE '%Not sealed%'",
      /^Client \d+ was deleted behind the server\.$/,
    ],
    [
      'changed settings',
      "UPDATE service SET properties = REPLACE(properties, 'Service 1', 'Service X')",
      `The settings of service ${SERVICE_ID} were changed behind the server.`,
    ],
    [
      'a changed pending change',
      "UPDATE audit_pending SET change = REPLACE(change, 'client.updated', 'client.created')",
      /^A change of client \d+ that is not sealed yet was changed or inserted\.$/,
    ],
    [
      'a pending change with a number that is too large',
      `UPDATE audit_pending SET version = ${TOO_LARGE}`,
      /^The change [\da-f]+ that is not sealed yet was changed and cannot be read\.$/,
    ],
    [
      'a client with a number that is too large',
      `${CLIENT} version = ${TOO_LARGE} WHERE client_id = (SELECT MIN(client_id) FROM client)`,
      /^Client \d+ was changed behind the server and cannot be read\.$/,
    ],
    ['a removed pending change', 'DELETE FROM audit_pending', /^Client \d+ was changed behind the server\.$/],
  ])('finds %s', async (_what, sql, problem) => {
    await log.execute(sql);

    const [first] = await log.problems();

    if (typeof problem === 'string') expect(first).toBe(problem);
    else expect(first).toMatch(problem);
  });

  it('finds an earlier secret that was put back', async () => {
    const { clientId } = clients[2]!;
    const { secrets = null } = (await server.stored(clientId)) ?? {};
    const secret = { id: 2, value: newClientSecret(), generated: true, createdAt: Date.now() };
    await server.amend(clientId, { credentials: { secrets: [secret] } });
    expect(await log.problems()).toEqual([]);

    await server.changeStored(clientId, { secrets });

    expect(await log.problems()).toEqual([`The secret of client ${clientId} was changed behind the server.`]);
  });

  it('finds a client that was inserted behind the server', async () => {
    const { clientId } = clients[1]!;
    const columns = Object.keys((await server.stored(clientId)) ?? {});
    const values = columns.map((name) => (name === 'client_id' ? '5' : name));
    await log.execute(
      `INSERT INTO client (${columns.join(', ')}) SELECT ${values.join(', ')} FROM client WHERE client_id = $1`,
      clientId,
    );

    expect(await log.problems()).toEqual(['Client 5 was inserted behind the server: the log does not have it.']);
  });

  it('finds a change that was removed before it was sealed, also after later changes', async () => {
    await log.execute('DELETE FROM audit_pending');
    await server.update(clients[0]!, { client_name: 'Later' });
    await log.seal();

    const { clientId } = clients[0]!;
    expect(await log.problems()).toEqual([
      `Entry 12 is version 4 of client ${clientId}, but it follows version 2: a change is missing.`,
    ]);
  });

  it.each([
    ['a removed chain', 'DELETE FROM audit_chain WHERE service_id > 0', 'The chain was removed.'],
    [
      'a changed key of a chain',
      "UPDATE audit_chain SET chain_key = 'x' WHERE service_id > 0",
      /^The key of the chain cannot be decrypted: /,
    ],
  ])('finds %s, and verifies the other chains', async (_what, sql, problem) => {
    await log.execute(sql);

    const [installation, service] = await log.chains();

    expect(installation).toMatchObject({ serviceId: 0, problems: [] });
    expect(service?.serviceId).toBe(SERVICE_ID);
    expect(service?.problems).toHaveLength(1);
    expect(service?.problems[0]).toMatch(problem);
  });

  it('finds a deleted client that was put back before its deletion was sealed', async () => {
    const { clientId, token } = clients[1]!;
    const row = (await server.stored(clientId))!;
    await server.call('delete', { clientId, token });
    const columns = Object.keys(row);
    const places = columns.map((_column, i) => `$${i + 1}`).join(', ');
    await log.execute(`INSERT INTO client (${columns.join(', ')}) VALUES (${places})`, ...Object.values(row));

    expect(await log.problems()).toEqual([
      `Client ${clientId} was inserted behind the server: the log does not have it.`,
    ]);
  });

  it('finds that entries were cut off, and the sealer does not hide it', async () => {
    await log.execute('DELETE FROM audit_entry WHERE service_id > 0 AND sequence = 11');
    await log.execute(
      `UPDATE audit_chain SET sequence = 10,
         mac = (SELECT mac FROM audit_entry WHERE audit_entry.service_id = audit_chain.service_id AND sequence = 10)
       WHERE service_id > 0`,
    );
    await new ApiAccessTokenStore(server.app.get(Database), server.app.get(PendingChanges)).insert(
      { tokenHash: hashToken('another token'), serviceId: undefined, accessRights: ['ADMIN'], createdAt: Date.now() },
      SYSTEM,
    );
    await log.seal();

    const [installation, chain] = await log.chains();
    expect(installation).toMatchObject({ pending: 0, problems: [] });
    expect(chain).toMatchObject({ entries: 10, pending: 1 });
    expect(chain?.problems[0]).toBe('The end of the chain was changed.');
  });

  it('seals a change whose earlier document was made unreadable, without its differences', async () => {
    await log.execute("UPDATE audit_pending SET document_before = 'x'");

    const entry = (await log.entries(clients[0]!.clientId)).at(-1);

    expect(entry?.differences).toMatchObject([{ member: '*', beforeSha256: expect.any(String) as unknown }]);
    expect(await log.problems()).toEqual([]);
  });

  it('seals the other changes if one of them cannot be read, and reports it once', async () => {
    await log.execute(`UPDATE audit_pending SET version = ${TOO_LARGE}`);
    await server.update(clients[3]!, { client_name: 'Sealed' });
    const error = jest.spyOn(Logger.prototype, 'error').mockReturnValue();
    const sealer = new Sealer(server.app.get(Database), server.app.get(ChainKeys), new Metrics());
    await sealer.seal();
    await sealer.seal();

    expect(error.mock.calls).toEqual([[expect.stringMatching(/^1 pending changes .* cannot be read/)]]);
    error.mockRestore();
    expect(await log.chains()).toMatchObject([{}, { entries: 12, pending: 1 }]);
  });

  it('reports a pending change that no server wrote, and the sealer never seals it', async () => {
    await log.execute(`UPDATE audit_pending SET client_id = ${clients[2]!.clientId}`);
    await server.update(clients[3]!, { client_name: 'Sealed' });
    await log.seal();

    expect(await log.chains()).toMatchObject([{}, { entries: 12, pending: 1 }]);
    expect((await log.problems())[0]).toMatch(
      /^A change of client \d+ that is not sealed yet was changed or inserted\.$/,
    );
  });
});
