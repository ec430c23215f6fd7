import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ACCESS_TOKEN, FIRST_START, registerOnce, SERVICE_ID } from './support/clients.ts';
import { command, inStore, newKey, newKeptStore, type Engine, type Environment } from './support/command.ts';
import type { NewStore } from './support/engine.ts';
import { MINIMAL } from './support/protocol.ts';
import { ServerProcess } from './support/server-process.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

interface TokenList {
  readonly initialAccessTokens: readonly { readonly uses: number; readonly usesLeft: number }[];
}

describe.each<[Engine, Engine]>([
  ['sqlite', 'postgresql'],
  ['postgresql', 'sqlite'],
])('initial access tokens and idempotent registrations, moved from %s to %s', (from, to) => {
  const folder = temporaryFolder();
  const key = newKey();
  const servers: ServerProcess[] = [];
  let source: NewStore;
  let target: NewStore;
  let file: string;
  let initialAccessToken: string;
  let responses: readonly string[];

  const serve = async (environment: Environment): Promise<string> => {
    const server = new ServerProcess({ ...FIRST_START, BASE_URL: 'https://clients.example.com', ...environment });
    servers.push(server);
    return server.listening();
  };

  const stopServers = async (): Promise<void> => {
    await Promise.all(servers.splice(0).map((server) => server.stop()));
  };

  /** Calls the API, and throws if the call fails. */
  const api = async <T>(baseUrl: string, path: string, body?: object): Promise<T> => {
    const response = await fetch(`${baseUrl}/api/${SERVICE_ID}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${ACCESS_TOKEN}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(text);
    return JSON.parse(text) as T;
  };

  const importFile = () => command(target.environment, 'import', '--all-service-tokens', file);

  /** The line with the counts. The number of changes that are not sealed yet depends on the time. */
  const counts = (done: string, clients: string): RegExp =>
    new RegExp(
      `^${done} 1 service, 1 api access token of all services, 1 initial access token, ${clients}, ` +
        '1 audit chain(, \\d+ audit entr(y|ies))?(, \\d+ pending audit entr(y|ies))?\\.\\n$',
    );

  const WAS_IMPORTED = { code: 0, stderr: `Service ${SERVICE_ID} was imported before. Nothing was changed.\n` };
  const HAS_CHANGED = {
    code: 1,
    stderr: expect.stringMatching(/was imported before and has changed since/) as unknown,
  };

  /** Changes the expiration time of every response in the file, as if it had been exported at another time. */
  const setExpirationInFile = (expiresAt: number): void => {
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    const before = lines.slice(0, -1).map((line) => {
      const record = JSON.parse(line) as { kind?: string; row: object };
      if (record.kind !== 'idempotent_registration') return line;
      return JSON.stringify({ ...record, row: { ...record.row, expires_at: expiresAt } });
    });
    const text = before.map((line) => `${line}\n`).join('');
    const trailer = JSON.parse(lines.at(-1)!) as object;
    const sha256 = createHash('sha256').update(text).digest('hex');
    writeFileSync(file, `${text}${JSON.stringify({ ...trailer, sha256 })}\n`);
  };

  beforeAll(async () => {
    source = await newKeptStore(from, key);
    await command(source.environment, 'migrate', 'up');
    const baseUrl = await serve(source.environment);
    await api(baseUrl, '/service/update', { protocolRegistration: 'INITIAL_ACCESS_TOKEN' });
    ({ initialAccessToken } = await api<{ initialAccessToken: string }>(baseUrl, '/initial_access_token/create', {
      uses: 4,
      label: 'ラベル',
    }));
    responses = [
      await registerOnce(baseUrl, 'first', { initialAccessToken }),
      await registerOnce(baseUrl, 'second', { initialAccessToken, metadata: { ...MINIMAL, client_name: 'Second' } }),
    ];
    await stopServers();
    // A response that has expired, but is not removed yet.
    await inStore(
      source.environment,
      `INSERT INTO idempotent_registration (service_id, key_hash, request_hash, entity_tag, response, expires_at)
        SELECT service_id, 'expired', request_hash, entity_tag, response, 1 FROM idempotent_registration LIMIT 1`,
    );
  });

  beforeEach(async () => {
    file = join(folder.path, 'export.ndjson');
    target = await newKeptStore(to, key);
    await command(target.environment, 'migrate', 'up');
    expect(await command(source.environment, 'export', SERVICE_ID, file, '--all-service-tokens')).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(counts('Exported', '2 clients, 2 idempotent registrations')) as unknown,
    });
  });

  afterEach(async () => {
    await stopServers();
    await target.drop();
  });

  afterAll(() => source.drop());

  it('an initial access token has its remaining uses, and a repeated registration returns its first response', async () => {
    expect(await importFile()).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(counts('Imported', '2 clients, 2 idempotent registrations')) as unknown,
    });
    const baseUrl = await serve(target.environment);

    expect(await registerOnce(baseUrl, 'first', { initialAccessToken })).toBe(responses[0]);
    expect(
      await registerOnce(baseUrl, 'second', { initialAccessToken, metadata: { ...MINIMAL, client_name: 'Second' } }),
    ).toBe(responses[1]);
    await expect(
      registerOnce(baseUrl, 'first', { initialAccessToken, metadata: { ...MINIMAL, client_name: 'Another' } }),
    ).rejects.toThrow('has been used for another registration');

    for (const usesLeft of [1, 0]) {
      const response = await registerOnce(baseUrl, `use ${usesLeft}`, { initialAccessToken });
      expect(responses).not.toContain(response);
      const { initialAccessTokens } = await api<TokenList>(baseUrl, '/initial_access_token/get/list');
      expect(initialAccessTokens).toMatchObject([{ uses: 4, usesLeft, label: 'ラベル' }]);
    }
    await expect(registerOnce(baseUrl, 'one too many', { initialAccessToken })).rejects.toThrow('invalid_token');
    await stopServers();

    expect(await importFile()).toMatchObject(HAS_CHANGED);
  });

  it('an import can be repeated after responses expire, before and after they are removed', async () => {
    expect((await importFile()).code).toBe(0);
    expect(await importFile()).toMatchObject(WAS_IMPORTED);

    // Simulates that the responses expire.
    setExpirationInFile(1);
    await inStore(target.environment, 'UPDATE idempotent_registration SET expires_at = 1');
    expect(await importFile()).toMatchObject(WAS_IMPORTED);
    await inStore(target.environment, 'DELETE FROM idempotent_registration');
    expect(await importFile()).toMatchObject(WAS_IMPORTED);
  });

  it('a response that expires after the export is not imported', async () => {
    setExpirationInFile(1);
    expect(await importFile()).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(counts('Imported', '2 clients')) as unknown,
    });
    expect(await inStore(target.environment, 'SELECT key_hash FROM idempotent_registration')).toEqual([]);
    expect(await importFile()).toMatchObject(WAS_IMPORTED);
  });

  it.each([
    ['was removed', 'DELETE FROM idempotent_registration'],
    ['was changed', "UPDATE idempotent_registration SET request_hash = 'x'"],
    [
      'was added',
      `INSERT INTO idempotent_registration (service_id, key_hash, request_hash, entity_tag, response, expires_at)
        SELECT service_id, 'additional', request_hash, entity_tag, response, expires_at FROM idempotent_registration LIMIT 1`,
    ],
  ])('a repeated import is rejected if an unexpired response %s', async (_what, change) => {
    expect((await importFile()).code).toBe(0);
    await inStore(target.environment, change);

    expect(await importFile()).toMatchObject(HAS_CHANGED);
  });
});
