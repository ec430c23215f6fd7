import type { Entry } from '../src/changes/entry.ts';
import type { VerifiedChain } from '../src/audit/verify.ts';
import { FIRST_START, SERVICE_ID } from './support/clients.ts';
import { command, inStore, newKeptStore, type Environment } from './support/command.ts';
import type { NewStore } from './support/engine.ts';
import { ServerProcess } from './support/server-process.ts';

const REDIRECT = { redirectUris: ['https://client.example.com/callback'] };

describe('clientele audit', () => {
  let store: NewStore;
  let environment: Environment;
  let server: ServerProcess;
  let baseUrl: string;
  /** The output of 'list' before the first change of the installation. */
  let emptyList: Awaited<ReturnType<typeof command>>;

  beforeAll(async () => {
    store = await newKeptStore();
    ({ environment } = store);
    await command(environment, 'migrate', 'up');
    emptyList = await command(environment, 'audit', 'list', '0', '--json');
    server = new ServerProcess({ ...FIRST_START, ...environment });
    baseUrl = await server.listening();
    for (const name of ['One', 'Two', 'Three']) await register(name);
  });

  afterAll(async () => {
    await server.stop('SIGKILL');
    await store.drop();
  });

  const register = async (name: string): Promise<number> => {
    const response = await fetch(`${baseUrl}/api/${SERVICE_ID}/client/registration`, {
      method: 'POST',
      headers: { authorization: `Bearer ${FIRST_START.BOOTSTRAP_ACCESS_TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({ json: JSON.stringify({ client_name: name }) }),
    });
    return ((await response.json()) as { client: { clientId: number } }).client.clientId;
  };

  /** The chains after all changes are sealed. */
  const verified = async (): Promise<readonly VerifiedChain[]> => {
    for (;;) {
      const { stdout } = await command(environment, 'audit', 'verify', '--json');
      const { chains } = JSON.parse(stdout) as { chains: VerifiedChain[] };
      if (chains.every(({ pending }) => pending === 0)) return chains;
    }
  };
  const list = async (...options: string[]) => {
    const { stdout } = await command(environment, 'audit', 'list', SERVICE_ID, ...options, '--json');
    return (JSON.parse(stdout) as { entries: Entry[] }).entries;
  };

  it('verify confirms the log of a running server', async () => {
    expect(await verified()).toMatchObject([
      { serviceId: 0, entries: 1, problems: [] },
      { serviceId: Number(SERVICE_ID), entries: 4, clients: 3, problems: [] },
    ]);
    expect(await command(environment, 'audit', 'verify', SERVICE_ID)).toEqual({
      code: 0,
      stdout: `service ${SERVICE_ID}: verified: 4 entries, 0 not sealed yet, 3 clients\n`,
      stderr: '',
    });
  });

  it('list shows the latest changes, a page of them, or those of one client', async () => {
    await verified();
    const { stdout, code } = await command(environment, 'audit', 'list', SERVICE_ID);
    const lines = stdout.trimEnd().split('\n');
    expect([code, lines.length]).toEqual([0, 4]);
    expect(lines[0]).toMatch(/^1 +\S+Z +service\.created +\d+ +server +.* and \d+ more$/);
    expect(lines[3]).toMatch(/^4 +\S+Z +client\.created +\d+ version 1 +client through [\da-f]{12} +.*client_name/);

    const numbers = async (...options: string[]) => (await list(...options)).map(({ sequence }) => sequence);
    expect(await numbers('--limit', '2')).toEqual([3, 4]);
    expect(await numbers('--after', '1', '--limit', '2')).toEqual([2, 3]);
    const [entry] = await list('--after', '2', '--limit', '1');
    expect(await numbers('--client', entry!.subject.id)).toEqual([3]);
  });

  it('list finds a client by its number, client_id or alias, and tells a lock from its end', async () => {
    const administer = (method: string, path: string, body?: object) =>
      fetch(`${baseUrl}/api/${SERVICE_ID}/client/${path}`, {
        method,
        headers: { authorization: `Bearer ${FIRST_START.BOOTSTRAP_ACCESS_TOKEN}`, 'content-type': 'application/json' },
        ...(body && { body: JSON.stringify(body) }),
      });
    const created = await administer('PUT', 'my_client', { clientName: 'Mine', clientIdAlias: 'mine', ...REDIRECT });
    const number = String(((await created.json()) as { clientId: number }).clientId);
    for (const clientLocked of [true, false]) await administer('POST', 'lock_flag/update/mine', { clientLocked });
    await verified();
    const listFor = (id: string) => command(environment, 'audit', 'list', SERVICE_ID, '--client', id);

    const { stdout } = await listFor('my_client');
    expect(stdout.trimEnd().split('\n')).toMatchObject([
      expect.stringMatching(/client\.created +my_client version 1/),
      expect.stringMatching(/client\.updated .* locked$/),
      expect.stringMatching(/client\.updated .* unlocked$/),
    ]);
    for (const id of ['mine', number]) expect(await listFor(id)).toEqual({ code: 0, stdout, stderr: '' });

    await administer('DELETE', 'delete/mine');
    await verified();
    for (const id of [number, 'my_client']) expect((await listFor(id)).stdout.startsWith(stdout)).toBe(true);
    for (const id of ['mine', 'My_Client', 'my-client', 'my%client', '"my_client"'])
      expect(await listFor(id)).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('and the log has none with this client_id') as unknown,
      });
  });

  it('list shows nothing before the first change of the installation', () => {
    expect(emptyList).toEqual({ code: 0, stdout: '{"entries":[],"pending":0}\n', stderr: '' });
  });

  it('both name a service that does not exist, and invalid numbers', async () => {
    for (const name of ['verify', 'list']) {
      expect(await command(environment, 'audit', name, '5')).toMatchObject({
        code: 1,
        stderr: 'clientele: There is no service 5.\n',
      });
      expect(await command(environment, 'audit', name, 'x')).toMatchObject({ code: 2 });
    }
    expect(await command(environment, 'audit', 'list', '5', '--limit', '0')).toMatchObject({ code: 2 });
  });

  it('verify fails if a client was changed behind the server, and list shows an entry that was made unreadable', async () => {
    await verified();
    await server.stop();
    const [client] = await inStore(environment, 'SELECT client_id FROM client ORDER BY client_id LIMIT 1');
    const id = String(client?.client_id);
    await inStore(environment, `UPDATE client SET locked = 1 WHERE client_id = ${id}`);

    expect(await command(environment, 'audit', 'verify')).toEqual({
      code: 1,
      stdout:
        'installation: verified: 1 entry, 0 not sealed yet, 0 clients\n' +
        `service ${SERVICE_ID}: NOT VERIFIED: 8 entries, 0 not sealed yet, 3 clients\n` +
        `  Client ${id} was changed behind the server.\n`,
      stderr: '',
    });

    await inStore(environment, `UPDATE audit_entry SET body = '{}' WHERE service_id = ${SERVICE_ID} AND sequence = 1`);
    const { code, stdout } = await command(environment, 'audit', 'list', SERVICE_ID);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^1 +UNREADABLE +body must have a member action\n2 /);
    expect((await list())[0]).toEqual({ sequence: 1, damage: 'body must have a member action' });
  });
});
