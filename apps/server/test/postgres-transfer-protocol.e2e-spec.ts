import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ACCESS_TOKEN, FIRST_START, registerOnce, SERVICE_ID } from './support/clients.ts';
import { command, inStore, newKey, newKeptStore, type Engine, type Environment } from './support/command.ts';
import type { NewStore } from './support/engine.ts';
import { MINIMAL } from './support/protocol.ts';
import { ServerProcess } from './support/server-process.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

interface Grants {
  readonly initialAccessTokens: readonly { readonly uses: number; readonly usesLeft: number }[];
}

describe.each<[Engine, Engine]>([
  ['sqlite', 'postgresql'],
  ['postgresql', 'sqlite'],
])('what client applications may do, exported and imported from %s to %s', (from, to) => {
  const folder = temporaryFolder();
  const key = newKey();
  const servers: ServerProcess[] = [];
  let source: NewStore;
  let target: NewStore;
  let file: string;
  let initialAccessToken: string;
  let answers: readonly string[];

  const serve = async (environment: Environment): Promise<string> => {
    const server = new ServerProcess({ ...FIRST_START, BASE_URL: 'https://clients.example.com', ...environment });
    servers.push(server);
    return server.listening();
  };

  const stopServers = async (): Promise<void> => {
    await Promise.all(servers.splice(0).map((server) => server.stop()));
  };

  /** A call of the API; throws unless it succeeded. */
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

  const importing = () => command(target.environment, 'import', '--all-service-tokens', file);

  const WAS_IMPORTED = { code: 0, stderr: `Service ${SERVICE_ID} was imported before. Nothing was changed.\n` };
  const HAS_CHANGED = {
    code: 1,
    stderr: expect.stringMatching(/was imported before and has changed since/) as unknown,
  };

  /** Gives every answer in the file another time at which it ends, as if it had been exported at another time. */
  const endInFile = (expiresAt: number): void => {
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
    await api(baseUrl, '/service/update', { dynamicRegistrationSupported: true, initialAccessTokenRequired: true });
    ({ initialAccessToken } = await api<{ initialAccessToken: string }>(baseUrl, '/initial_access_token/create', {
      uses: 4,
      label: 'ラベル',
    }));
    answers = [
      await registerOnce(baseUrl, 'first', { initialAccessToken }),
      await registerOnce(baseUrl, 'second', { initialAccessToken, metadata: { ...MINIMAL, client_name: 'Second' } }),
    ];
    await stopServers();
    // One that has ended, and that no server has removed yet.
    await inStore(
      source.environment,
      `INSERT INTO idempotent_registration (service_id, key_hash, request_hash, response, expires_at)
        SELECT service_id, 'ended', request_hash, response, 1 FROM idempotent_registration LIMIT 1`,
    );
  });

  beforeEach(async () => {
    file = join(folder.path, 'export.ndjson');
    target = await newKeptStore(to, key);
    await command(target.environment, 'migrate', 'up');
    expect(await command(source.environment, 'export', SERVICE_ID, file, '--all-service-tokens')).toMatchObject({
      code: 0,
      stderr:
        'Exported 1 service, 1 api_access_token_of_all_services, 1 initial_access_token, 2 client, ' +
        '2 idempotent_registration.\n',
    });
  });

  afterEach(async () => {
    await stopServers();
    await target.drop();
  });

  afterAll(() => source.drop());

  it('a token goes on counting, and a registration that is repeated gets the answer that it had', async () => {
    expect(await importing()).toMatchObject({
      code: 0,
      stderr:
        'Imported 1 service, 1 api_access_token_of_all_services, 1 initial_access_token, 2 client, ' +
        '2 idempotent_registration.\n',
    });
    const baseUrl = await serve(target.environment);

    expect(await registerOnce(baseUrl, 'first', { initialAccessToken })).toBe(answers[0]);
    expect(
      await registerOnce(baseUrl, 'second', { initialAccessToken, metadata: { ...MINIMAL, client_name: 'Second' } }),
    ).toBe(answers[1]);
    await expect(
      registerOnce(baseUrl, 'first', { initialAccessToken, metadata: { ...MINIMAL, client_name: 'Another' } }),
    ).rejects.toThrow('has been used for another registration');

    for (const usesLeft of [1, 0]) {
      const answer = await registerOnce(baseUrl, `use ${usesLeft}`, { initialAccessToken });
      expect(answers).not.toContain(answer);
      const { initialAccessTokens } = await api<Grants>(baseUrl, '/initial_access_token/get/list');
      expect(initialAccessTokens).toMatchObject([{ uses: 4, usesLeft, label: 'ラベル' }]);
    }
    await expect(registerOnce(baseUrl, 'one too many', { initialAccessToken })).rejects.toThrow('invalid_token');
    await stopServers();

    expect(await importing()).toMatchObject(HAS_CHANGED);
  });

  it('an import can be repeated when answers have ended since, removed or not', async () => {
    expect((await importing()).code).toBe(0);
    expect(await importing()).toMatchObject(WAS_IMPORTED);

    // As a day later.
    endInFile(1);
    await inStore(target.environment, 'UPDATE idempotent_registration SET expires_at = 1');
    expect(await importing()).toMatchObject(WAS_IMPORTED);
    await inStore(target.environment, 'DELETE FROM idempotent_registration');
    expect(await importing()).toMatchObject(WAS_IMPORTED);
  });

  it('an answer that has ended since it was exported is not kept', async () => {
    endInFile(1);
    expect(await importing()).toMatchObject({
      code: 0,
      stderr: 'Imported 1 service, 1 api_access_token_of_all_services, 1 initial_access_token, 2 client.\n',
    });
    expect(await inStore(target.environment, 'SELECT key_hash FROM idempotent_registration')).toEqual([]);
    expect(await importing()).toMatchObject(WAS_IMPORTED);
  });

  it.each([
    ['is missing', 'DELETE FROM idempotent_registration'],
    ['is another one', "UPDATE idempotent_registration SET request_hash = 'x'"],
    [
      'is there besides',
      `INSERT INTO idempotent_registration (service_id, key_hash, request_hash, response, expires_at)
        SELECT service_id, 'besides', request_hash, response, expires_at FROM idempotent_registration LIMIT 1`,
    ],
  ])('an answer that can be had and %s is a change of the service', async (_what, change) => {
    expect((await importing()).code).toBe(0);
    await inStore(target.environment, change);

    expect(await importing()).toMatchObject(HAS_CHANGED);
  });
});
