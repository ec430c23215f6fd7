import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { FIRST_START, getAnswer, registerMany, update, type KnownClient } from './support/clients.ts';
import {
  command,
  engineOfTests,
  inStore,
  newKey,
  newKeptStore,
  startCommand,
  type Environment,
} from './support/command.ts';
import type { NewStore } from './support/engine.ts';
import { ServerProcess } from './support/server-process.ts';

const CLIENTS = 120;

describe('clientele key rotate', () => {
  const [old, next] = [newKey(), newKey()];
  const servers: ServerProcess[] = [];
  let store: NewStore;

  beforeEach(async () => {
    store = await newKeptStore(engineOfTests(), old);
  });

  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.stop('SIGKILL')));
    await store.drop();
  });

  const withKeys = (...keys: string[]): Environment => ({ ...store.environment, ENCRYPTION_KEY: keys.join() });

  const serve = async (environment: Environment): Promise<{ server: ServerProcess; baseUrl: string }> => {
    const server = new ServerProcess({ ...FIRST_START, BASE_URL: 'https://clients.example.com', ...environment });
    servers.push(server);
    return { server, baseUrl: await server.listening() };
  };

  /** Clients that were registered while the store had the first key only, and the answers to their gets. */
  const prepare = async (environment = withKeys(old)): Promise<[readonly KnownClient[], readonly string[]]> => {
    await command(environment, 'migrate', 'up');
    const { server, baseUrl } = await serve(environment);
    const clients = await registerMany(baseUrl, CLIENTS);
    const answers = await Promise.all(clients.map((client) => getAnswer(baseUrl, client)));
    await server.stop();
    return [clients, answers];
  };

  const expectAnswers = async (
    environment: Environment,
    clients: readonly KnownClient[],
    answers: readonly string[],
  ): Promise<void> => {
    const { server, baseUrl } = await serve(environment);
    expect(await Promise.all(clients.map((client) => getAnswer(baseUrl, client)))).toEqual(answers);
    await server.stop();
  };

  const keysInUse = async (): Promise<string[]> => {
    const rows = await inStore(
      store.environment,
      'SELECT DISTINCT substr(client_secret, 1, 8) AS key FROM client WHERE client_secret IS NOT NULL',
    );
    return rows.map(({ key }) => String(key));
  };

  const knownKeys = (): Promise<readonly unknown[]> => inStore(store.environment, 'SELECT key_id FROM encryption_key');

  it('encrypts every secret with the first key, after which the others are needed no more', async () => {
    const [clients, answers] = await prepare();
    const [oldId] = await keysInUse();

    const { code, stdout, stderr } = await command(withKeys(next, old), 'key', 'rotate');

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^80 secrets were encrypted anew; all are encrypted with the key [\w-]{8}, the first/);
    expect(stdout).toContain(`Keys that can be taken out of ENCRYPTION_KEY, in its order: ${oldId}.`);
    expect(await knownKeys()).toHaveLength(1);
    await expectAnswers(withKeys(next), clients, answers);
    expect(await command(withKeys(next), 'key', 'rotate')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^0 secrets[^]*put a new one before it/) as unknown,
    });
  });

  it('keeps a key for as long as an answer to a repeated registration needs it', async () => {
    await prepare();
    const [oldId] = await keysInUse();
    const keep = (until: number): Promise<unknown> =>
      inStore(
        store.environment,
        `INSERT INTO idempotent_registration (service_id, key_hash, request_hash, answer, expires_at)
          VALUES (1, '${until}', '', '${oldId}.x', ${until})`,
      );
    await keep(Date.now() + 600_000);
    await keep(1);

    const first = await command(withKeys(next, old), 'key', 'rotate');
    expect(first.code).toBe(3);
    expect(first.stdout).toContain(`Keep the key ${oldId} for now`);
    expect(await knownKeys()).toHaveLength(2);

    await inStore(store.environment, 'UPDATE idempotent_registration SET expires_at = 1');
    expect((await command(withKeys(next, old), 'key', 'rotate')).code).toBe(0);
    expect(await knownKeys()).toHaveLength(1);
  });

  it('refuses keys that do not fit, and changes nothing', async () => {
    const [clients, answers] = await prepare();

    const { code, stderr } = await command(withKeys(next), 'key', 'rotate');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^clientele: The secrets in the database were encrypted with the key [^\n]*\n$/);
    await expectAnswers(withKeys(old), clients, answers);
  });

  it('goes on where it was killed, and the store can be used in between', async () => {
    const [clients, answers] = await prepare();
    const running = startCommand(withKeys(next, old), 'key', 'rotate');
    while (!running.ended && (await keysInUse()).length < 2) await setImmediate();
    running.kill('SIGKILL');
    await running.outcome;

    await expectAnswers(withKeys(next, old), clients, answers);
    expect((await command(withKeys(next, old), 'key', 'rotate')).code).toBe(0);
    expect(await keysInUse()).toHaveLength(1);
    await expectAnswers(withKeys(next), clients, answers);
  });

  if (engineOfTests() === 'sqlite') {
    it('replaces a key that is kept in the data directory', async () => {
      const { DATA_DIR: dataDir } = store.environment as { DATA_DIR: string };
      const environment = { DATA_DIR: dataDir };
      const keyFile = join(dataDir, 'encryption.key');
      const [clients, answers] = await prepare(environment);
      const before = readFileSync(keyFile, 'utf8');

      // As if it had been killed after the new key was made: the file holds both.
      const running = startCommand(environment, 'key', 'rotate');
      while (readFileSync(keyFile, 'utf8') === before) await setImmediate();
      running.kill('SIGKILL');
      await running.outcome;
      await expectAnswers(environment, clients, answers);

      const { code, stdout } = await command(environment, 'key', 'rotate');
      expect(code).toBe(0);
      expect(stdout).toMatch(
        /secrets were encrypted anew, with the key [\w-]{8}, the first in .*\nIt is the only one there now\./,
      );
      const after = readFileSync(keyFile, 'utf8');
      expect(after).toMatch(/^[\w-]{43}$/);
      expect(after).not.toBe(before);
      await expectAnswers(environment, clients, answers);
    });

    it('waits for no server: an embedded store in use is left alone', async () => {
      await prepare();
      await serve(withKeys(old));

      const { code, stderr } = await command(withKeys(next, old), 'key', 'rotate');
      expect(code).toBe(1);
      expect(stderr).toMatch(/is in use by another Clientele server/);
    });
  } else {
    it('works while servers with both keys update the same clients: no update fails or is lost', async () => {
      const [clients] = await prepare();
      const { baseUrl } = await serve(withKeys(next, old));
      const load = { on: true };
      let round = 0;
      const updates = (async () => {
        do {
          round++;
          await Promise.all(clients.map((client) => update(baseUrl, client, { client_name: `Round ${round}` })));
        } while (load.on);
      })();

      const { code } = await command(withKeys(next, old), 'key', 'rotate');
      load.on = false;
      await updates;

      expect(code).toBe(0);
      expect(await keysInUse()).toHaveLength(1);
      const { baseUrl: after } = await serve(withKeys(next));
      for (const client of clients) {
        const answer = await getAnswer(after, client);
        expect(answer).toContain(`Round ${round}`);
        if (client.secret !== undefined) expect(answer).toContain(client.secret);
      }
    });
  }
});
