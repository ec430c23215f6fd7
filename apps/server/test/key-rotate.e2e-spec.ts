import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { ownerOf } from '../src/database/table.ts';
import { IDEMPOTENT_REGISTRATION_TABLE } from '../src/protocol/protocol-tables.ts';
import { SecretEncryption } from '../src/crypto/secret-encryption.ts';
import {
  FIRST_START,
  getAnswer,
  inBatches,
  registerMany,
  registerOnce,
  requireInitialAccessToken,
  update,
  type KnownClient,
} from './support/clients.ts';
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

/** More than are encrypted anew by one statement, of each of two services. */
const ANSWERS = 700;

const ownerOfResponse = (serviceId: number, keyHash: string): string =>
  ownerOf(IDEMPOTENT_REGISTRATION_TABLE, { service_id: serviceId, key_hash: keyHash });

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

  const encryptionWith = (key: string): SecretEncryption => new SecretEncryption([Buffer.from(key, 'base64url')]);

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
    const answers = await inBatches(clients, (client) => getAnswer(baseUrl, client));
    await server.stop();
    return [clients, answers];
  };

  const expectAnswers = async (
    environment: Environment,
    clients: readonly KnownClient[],
    answers: readonly string[],
  ): Promise<void> => {
    const { server, baseUrl } = await serve(environment);
    expect(await inBatches(clients, (client) => getAnswer(baseUrl, client))).toEqual(answers);
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
    expect(stdout).toMatch(/^80 secrets were re-encrypted\. All use the key [\w-]{8}, the first/);
    expect(stdout).toContain(`Remove these keys from ENCRYPTION_KEY (in its order): ${oldId}.`);
    expect(await knownKeys()).toHaveLength(1);
    await expectAnswers(withKeys(next), clients, answers);
    expect(await command(withKeys(next), 'key', 'rotate')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^0 secrets[^]*put a new key before it/) as unknown,
    });
  });

  it('encrypts answers to repeated registrations, too: they are had again without the old key', async () => {
    await command(withKeys(old), 'migrate', 'up');
    const { server, baseUrl } = await serve(withKeys(old));
    const initialAccessToken = await requireInitialAccessToken(baseUrl);
    const answer = await registerOnce(baseUrl, 'a key', { initialAccessToken });
    await server.stop();
    const before = encryptionWith(old);
    const kept = Array.from({ length: 2 * ANSWERS }, (_, index) => ({
      serviceId: index % 2 === 0 ? 1 : 2 ** 40,
      keyHash: randomBytes(32).toString('base64url'),
    }));
    const rows = kept.map(({ serviceId, keyHash }) => {
      const record = before.encrypt(`answer ${keyHash}`, ownerOfResponse(serviceId, keyHash));
      // One that has ended is as good as any other: nobody has removed it yet.
      return `(${serviceId}, '${keyHash}', '', '${record}', ${serviceId === 1 ? 1 : Date.now() + 600_000})`;
    });
    await inStore(
      store.environment,
      `INSERT INTO idempotent_registration (service_id, key_hash, request_hash, response, expires_at) VALUES ${rows.join()}`,
    );

    const { code, stdout } = await command(withKeys(next, old), 'key', 'rotate');

    expect(code).toBe(0);
    // The client's secret, its answer, and the others.
    expect(stdout).toMatch(new RegExp(`^${2 * ANSWERS + 2} secrets were re-encrypted`));
    expect(stdout).toContain(`Remove these keys from ENCRYPTION_KEY (in its order): ${before.currentKeyId}.`);
    expect(await knownKeys()).toHaveLength(1);
    const after = encryptionWith(next);
    const stored = await inStore(
      store.environment,
      'SELECT service_id, key_hash, response FROM idempotent_registration',
    );
    const records = new Map(stored.map(({ key_hash: hash, response: record }) => [String(hash), String(record)]));
    expect(records.size).toBe(kept.length + 1);
    for (const { serviceId, keyHash } of kept) {
      expect(after.decrypt(records.get(keyHash)!, ownerOfResponse(serviceId, keyHash))).toBe(`answer ${keyHash}`);
    }
    const { baseUrl: without } = await serve(withKeys(next));
    expect(await registerOnce(without, 'a key', { initialAccessToken })).toBe(answer);
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
      expect(stdout).toMatch(/secrets were re-encrypted with the key [\w-]{8}, now the only key in /);
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
      expect(stderr).toMatch(/is in use by a running server/);
    });
  } else {
    it('works while servers with both keys update and register clients: no update and no answer fails or is lost', async () => {
      const [clients] = await prepare();
      const { baseUrl } = await serve(withKeys(next, old));
      const initialAccessToken = await requireInitialAccessToken(baseUrl);
      const load = { on: true };
      const registered: string[] = [];
      let round = 0;
      const updates = (async () => {
        do {
          round++;
          await inBatches(clients, (client) => update(baseUrl, client, { client_name: `Round ${round}` }));
          registered.push(await registerOnce(baseUrl, `round ${registered.length}`, { initialAccessToken }));
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
      for (const [index, answer] of registered.entries()) {
        expect(await registerOnce(after, `round ${index}`, { initialAccessToken })).toBe(answer);
      }
    });
  }
});
