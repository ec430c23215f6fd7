import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Change } from '../src/changes/change.ts';
import { ownerOf } from '../src/database/table.ts';
import { IDEMPOTENT_REGISTRATION_TABLE } from '../src/protocol/protocol-tables.ts';
import { SecretEncryption } from '../src/crypto/secret-encryption.ts';
import {
  ACCESS_TOKEN,
  FIRST_START,
  getAnswer,
  inBatches,
  registerMany,
  registerOnce,
  requireInitialAccessToken,
  SERVICE_ID,
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

/** The number of stored responses per service; one statement re-encrypts fewer. */
const RESPONSES = 700;

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

  /** Registers clients, stops the server, and returns the clients with the responses to their gets. */
  const prepare = async (environment = withKeys(old)): Promise<[readonly KnownClient[], readonly string[]]> => {
    await command(environment, 'migrate', 'up');
    const { server, baseUrl } = await serve(environment);
    const clients = await registerMany(baseUrl, CLIENTS);
    const responses = await inBatches(clients, (client) => getAnswer(baseUrl, client));
    await server.stop();
    return [clients, responses];
  };

  const expectResponses = async (
    environment: Environment,
    clients: readonly KnownClient[],
    responses: readonly string[],
  ): Promise<void> => {
    const { server, baseUrl } = await serve(environment);
    expect(await inBatches(clients, (client) => getAnswer(baseUrl, client))).toEqual(responses);
    await server.stop();
  };

  const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);

  const keysInUse = async (): Promise<string[]> => {
    const rows = await inStore(
      store.environment,
      'SELECT DISTINCT substr(secrets, 1, 8) AS key FROM client WHERE secrets IS NOT NULL',
    );
    return rows.map(({ key }) => String(key));
  };

  const recordedKeys = (): Promise<readonly unknown[]> =>
    inStore(store.environment, 'SELECT key_id FROM encryption_key');

  /** The differences of the rotations in the log that are not sealed yet. */
  const loggedRotations = async (): Promise<readonly unknown[]> => {
    const rows = await inStore(store.environment, 'SELECT change FROM audit_pending WHERE service_id = 0');
    return rows
      .map(({ change }) => JSON.parse(String(change)) as Change)
      .filter(({ action }) => action === 'encryption_key.rotated')
      .map(({ differences }) => differences);
  };

  it('re-encrypts every secret with the first key, so that the other keys can be removed', async () => {
    const [clients, responses] = await prepare();
    const [oldId] = await keysInUse();

    const { code, stdout, stderr } = await command(withKeys(next, old), 'key', 'rotate');

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    // The secrets of clients, and the keys of two chains.
    expect(stdout).toMatch(/^82 secrets were re-encrypted\. All use the key [\w-]{8}, the first/);
    expect(stdout).toContain(`Remove these keys from ENCRYPTION_KEY (in its order): ${oldId}.`);
    expect(await recordedKeys()).toHaveLength(1);
    expect(await loggedRotations()).toEqual([
      [{ member: 'encryptionKey', before: oldId, after: encryptionWith(next).currentKeyId }],
    ]);
    await expectResponses(withKeys(next), clients, responses);
    expect(await command(withKeys(next), 'key', 'rotate')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^0 secrets[^]*put a new key before it/) as unknown,
    });
    expect(await command(withKeys(next), 'audit', 'verify')).toMatchObject({ code: 0 });
  });

  it('re-encrypts responses to idempotent registrations, which can then be repeated without the old key', async () => {
    await command(withKeys(old), 'migrate', 'up');
    const { server, baseUrl } = await serve(withKeys(old));
    const initialAccessToken = await requireInitialAccessToken(baseUrl);
    const response = await registerOnce(baseUrl, 'a key', { initialAccessToken });
    await server.stop();
    const before = encryptionWith(old);
    const inserted = Array.from({ length: 2 * RESPONSES }, (_, index) => ({
      serviceId: index % 2 === 0 ? 1 : 2 ** 40,
      keyHash: randomBytes(32).toString('base64url'),
    }));
    const rows = inserted.map(({ serviceId, keyHash }) => {
      const record = before.encrypt(`response ${keyHash}`, ownerOfResponse(serviceId, keyHash));
      // Half of the responses have expired, but are not removed yet.
      return `(${serviceId}, '${keyHash}', '', '', '${record}', ${serviceId === 1 ? 1 : Date.now() + 600_000})`;
    });
    await inStore(
      store.environment,
      `INSERT INTO idempotent_registration (service_id, key_hash, request_hash, entity_tag, response, expires_at) VALUES ${rows.join()}`,
    );

    const { code, stdout } = await command(withKeys(next, old), 'key', 'rotate');

    expect(code).toBe(0);
    // The secret of the client, the response to its registration, the inserted responses, and the keys of two chains.
    expect(stdout).toMatch(new RegExp(`^${2 * RESPONSES + 4} secrets were re-encrypted`));
    expect(stdout).toContain(`Remove these keys from ENCRYPTION_KEY (in its order): ${before.currentKeyId}.`);
    expect(await recordedKeys()).toHaveLength(1);
    const after = encryptionWith(next);
    const stored = await inStore(
      store.environment,
      'SELECT service_id, key_hash, response FROM idempotent_registration',
    );
    const records = new Map(stored.map(({ key_hash: hash, response: record }) => [String(hash), String(record)]));
    expect(records.size).toBe(inserted.length + 1);
    for (const { serviceId, keyHash } of inserted) {
      expect(after.decrypt(records.get(keyHash)!, ownerOfResponse(serviceId, keyHash))).toBe(`response ${keyHash}`);
    }
    const { baseUrl: without } = await serve(withKeys(next));
    expect(await registerOnce(without, 'a key', { initialAccessToken })).toBe(response);
  });

  it('rejects keys that cannot decrypt the secrets, and changes nothing', async () => {
    const [clients, responses] = await prepare();

    const { code, stderr } = await command(withKeys(next), 'key', 'rotate');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^clientele: The secrets in the database were encrypted with the key [^\n]*\n$/);
    await expectResponses(withKeys(old), clients, responses);
  });

  it('stops at a secret that cannot be decrypted and names its row, and succeeds after the client is deleted', async () => {
    const [clients] = await prepare();
    const damaged = clients.find(({ secret }) => secret !== undefined)!;
    const where = `WHERE client_id = ${damaged.clientId}`;
    await inStore(store.environment, `UPDATE client SET secrets = substr(secrets, 1, 9) || 'AAAA' ${where}`);
    const rotate = () => command(withKeys(next, old), 'key', 'rotate');

    const { code, stderr } = await rotate();
    expect(code).toBe(1);
    expect(stderr).toMatch(
      new RegExp(
        `^clientele: The column secrets of client/\\d+/${damaged.clientId} \\(table/service_id/client_id\\) cannot be decrypted: `,
      ),
    );
    expect(stderr).toContain('Until then, all keys are needed');
    const { server, baseUrl } = await serve(withKeys(next, old));
    const deleted = await fetch(`${baseUrl}/api/${SERVICE_ID}/client/delete/${damaged.clientId}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${ACCESS_TOKEN}`, connection: 'close' },
    });
    expect(deleted.status).toBe(204);
    await server.stop();
    expect(await rotate()).toMatchObject({ code: 0 });
  });

  it('can be repeated after SIGKILL, and a server with both keys can use the store before that', async () => {
    const [clients, responses] = await prepare();
    const running = startCommand(withKeys(next, old), 'key', 'rotate');
    while (!running.ended && (await keysInUse()).length < 2) await setImmediate();
    running.kill('SIGKILL');
    await running.outcome;

    await expectResponses(withKeys(next, old), clients, responses);
    expect((await command(withKeys(next, old), 'key', 'rotate')).code).toBe(0);
    expect(await keysInUse()).toHaveLength(1);
    await expectResponses(withKeys(next), clients, responses);
  });

  if (engineOfTests() === 'sqlite') {
    it('replaces a key that is stored in the data directory, and keeps it for backups until it is removed', async () => {
      const { DATA_DIR: dataDir } = store.environment as { DATA_DIR: string };
      const environment = { DATA_DIR: dataDir };
      const keyFile = join(dataDir, 'encryption.key');
      const [clients, responses] = await prepare(environment);
      const before = readFileSync(keyFile, 'utf8');
      const oldId = encryptionWith(before).currentKeyId;
      const backup = join(dataDir, 'backup.db');
      await command(environment, 'backup', backup);
      expect(await command(environment, 'key', 'remove', '--yes', '--', oldId)).toMatchObject({
        code: 1,
        stderr: `clientele: The key ${oldId} is the current one. 'clientele key rotate' replaces it.\n`,
      });

      // The command is killed after it writes the new key. The file contains both keys.
      const running = startCommand(environment, 'key', 'rotate');
      while (readFileSync(keyFile, 'utf8') === before) await setImmediate();
      running.kill('SIGKILL');
      await running.outcome;
      await expectResponses(environment, clients, responses);
      const remove = () => command(environment, 'key', 'remove', '--yes', '--', oldId);
      expect(await remove()).toMatchObject({ code: 1, stderr: matching(/Secrets are still encrypted with the key/) });

      const { code, stdout } = await command(environment, 'key', 'rotate');
      expect(code).toBe(0);
      expect(stdout).toMatch(/secrets were re-encrypted with the key [\w-]{8}, now the first key in /);
      const after = readFileSync(keyFile, 'utf8');
      expect(after).toMatch(new RegExp(`^[\\w-]{43},${before}$`));
      const newId = encryptionWith(after.split(',')[0]!).currentKeyId;
      // Nobody can be asked, so the command only says which backups need the key.
      expect(await command(environment, 'key', 'remove', '--', oldId)).toMatchObject({
        code: 2,
        stderr: matching(new RegExp(`^Backups .* may need the key ${oldId}[^]*Pass --yes`)),
      });
      expect((await command(environment, 'key', 'list')).stdout).toMatch(
        new RegExp(
          `^${newId} +current +since \\S+Z +encrypts 82 secrets\n${oldId} +previous +not in use +encrypts 0 secrets\n$`,
        ),
      );

      expect(await command(environment, 'restore', '--force', backup)).toMatchObject({ code: 0 });
      await expectResponses(environment, clients, responses);
      expect(await remove()).toMatchObject({ code: 1 });
      await command(environment, 'key', 'rotate');
      expect(readFileSync(keyFile, 'utf8')).toBe(after);

      await inStore(environment, `UPDATE client SET previous_token_until = ${Date.now() + 600_000}`);
      expect(await remove()).toMatchObject({ code: 1, stderr: matching(/in their grace period may need the key/) });
      await inStore(environment, 'UPDATE client SET previous_token_until = NULL');
      expect(await remove()).toMatchObject({
        code: 0,
        stdout: `The key ${oldId} is removed.\n`,
        stderr: matching(
          new RegExp(`^Backups and exports from before \\S+Z, the last rotation, may need the key ${oldId}`),
        ),
      });
      expect(readFileSync(keyFile, 'utf8')).toBe(after.split(',')[0]);
      await expectResponses(environment, clients, responses);
      expect((await command(environment, 'key', 'rotate')).code).toBe(0);
      expect(readFileSync(keyFile, 'utf8')).toMatch(new RegExp(`^[\\w-]{43},${after.split(',')[0]}$`));
    });

    it('fails while a server uses an embedded store', async () => {
      await prepare();
      await serve(withKeys(old));

      const { code, stderr } = await command(withKeys(next, old), 'key', 'rotate');
      expect(code).toBe(1);
      expect(stderr).toMatch(/is in use by a running server/);
    });
  } else {
    it('works while a server updates and registers clients: every request succeeds, and no change is lost', async () => {
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
        const response = await getAnswer(after, client);
        expect(response).toContain(`Round ${round}`);
        if (client.secret !== undefined) expect(response).toContain(client.secret);
      }
      for (const [index, response] of registered.entries()) {
        expect(await registerOnce(after, `round ${index}`, { initialAccessToken })).toBe(response);
      }
    });
  }
});
