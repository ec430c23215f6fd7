import { execFile } from 'node:child_process';
import { chmodSync, chownSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { RegistrationResponse } from '@clientele/model/metadata';
import { openSqlite } from '../src/database/sqlite-driver.ts';
import { ServerProcess } from './support/server-process.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const TOKEN = 'an-access-token-of-the-environment';

const isRoot = process.getuid?.() === 0;

/** Whether other users can enter all folders above the code. They cannot enter temporary folders of root. */
function isReachable(folder: string): boolean {
  const isOpen = (statSync(folder).mode & 0o001) !== 0;
  return isOpen && (dirname(folder) === folder || isReachable(dirname(folder)));
}

/** Root can write to read-only files. As root, the test runs the server as another user, who must be able to read the code. */
const itReadOnly = !isRoot || isReachable(import.meta.dirname) ? it : it.skip;

/** The user that owns nothing. */
const NOBODY = 65_534;

interface CallResult {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly body: RegistrationResponse;
}

interface RegisteredClient {
  readonly clientId: number;
  readonly token: string;
  readonly name: string;
}

describe('a server on a disk', () => {
  const folder = temporaryFolder();
  const started: ServerProcess[] = [];

  const dataDir = () => join(folder.path, 'data');
  const file = () => join(dataDir(), 'clientele.db');
  const allPaths = () => [dataDir(), ...readdirSync(dataDir()).map((name) => join(dataDir(), name))];

  const start = async (options: { uid?: number } = {}): Promise<[ServerProcess, string]> => {
    const server = new ServerProcess(
      { DATA_DIR: dataDir(), BOOTSTRAP_SERVICE_ID: '12345', BOOTSTRAP_ACCESS_TOKEN: TOKEN, LOG_LEVEL: 'info' },
      options,
    );
    started.push(server);
    return [server, await server.listening()];
  };

  afterEach(async () => {
    await Promise.all(started.splice(0).map((server) => server.stop('SIGKILL')));
  });

  const call = async (baseUrl: string, operation: string, body: object): Promise<CallResult> => {
    const response = await fetch(`${baseUrl}/api/12345/client/registration${operation}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const responseBody = (await response.json()) as RegistrationResponse;
    return { status: response.status, retryAfter: response.headers.get('retry-after'), body: responseBody };
  };

  const register = (baseUrl: string, name: string): Promise<CallResult> =>
    call(baseUrl, '', {
      json: JSON.stringify({ client_name: name, client_uri: `https://example.org/${'x'.repeat(1500)}` }),
    });

  const registeredClient = ({ body }: CallResult): RegisteredClient => {
    if (body.action !== 'CREATED') throw new Error(body.resultMessage);
    const {
      client_id,
      registration_access_token: token,
      client_name: name,
    } = JSON.parse(body.responseContent) as Record<'client_id' | 'registration_access_token' | 'client_name', string>;
    return { clientId: Number(client_id), token, name };
  };

  const expectUnavailable = ({ status, retryAfter, body }: CallResult): void => {
    expect({ status, retryAfter, action: body.action, resultCode: body.resultCode }).toEqual({
      status: 503,
      retryAfter: '1',
      action: 'INTERNAL_SERVER_ERROR',
      resultCode: 'A001102',
    });
  };

  const expectAllStored = async (baseUrl: string, clients: readonly RegisteredClient[]): Promise<void> => {
    for (const { clientId, token, name } of clients) {
      const { body } = await call(baseUrl, '/get', { clientId, token });
      expect(body).toMatchObject({ action: 'OK', client: { clientName: name } });
    }
  };

  /** The problems that SQLite finds in the file, and the names of its clients. */
  const inspectFile = async (): Promise<{ problems: unknown; names: string[] }> => {
    const connection = await openSqlite(file());
    const problems = connection.prepare('PRAGMA integrity_check').all();
    const rows = connection.prepare('SELECT metadata FROM client').all() as { metadata: string }[];
    connection.close();
    return {
      problems,
      names: rows.map(({ metadata }) => (JSON.parse(metadata) as { client_name: string }).client_name),
    };
  };

  /** Waits until the server has this readiness. */
  const readiness = async (baseUrl: string, status: 200 | 503): Promise<void> => {
    while ((await fetch(`${baseUrl}/health/ready`)).status !== status);
  };

  const limitFiles = (pid: number, limit: string) =>
    promisify(execFile)('prlimit', [`--pid=${pid}`, `--fsize=${limit}:`]);

  // `prlimit` exists only on Linux.
  (process.platform === 'linux' ? it : it.skip)(
    'returns 503 if the disk is full, stores all acknowledged and no refused writes, and recovers',
    async () => {
      const [server, baseUrl] = await start();
      const acknowledged: RegisteredClient[] = [];
      for (let n = 0; n < 10; n++) acknowledged.push(registeredClient(await register(baseUrl, `before ${n}`)));

      for (let round = 0; round < 3; round++) {
        // In each round, a write fails at a different position.
        const limit = statSync(`${file()}-wal`).size + 9_000 + round * 1_234;
        await limitFiles(server.pid, String(limit));
        const refused: CallResult[] = [];
        for (let n = 0; refused.length < 5; n++) {
          const responses = await Promise.all([0, 1, 2].map((i) => register(baseUrl, `full ${round}.${n}.${i}`)));
          for (const response of responses) {
            if (response.status === 200) acknowledged.push(registeredClient(response));
            else refused.push(response);
          }
        }
        refused.forEach(expectUnavailable);
        await readiness(baseUrl, 503);
        await expectAllStored(baseUrl, acknowledged);

        await limitFiles(server.pid, 'unlimited');
        await readiness(baseUrl, 200);
        for (let n = 0; n < 5; n++) acknowledged.push(registeredClient(await register(baseUrl, `after ${round}.${n}`)));
      }
      await expectAllStored(baseUrl, acknowledged);
      await server.stop('SIGKILL');

      const { problems, names } = await inspectFile();
      expect(problems).toEqual([{ integrity_check: 'ok' }]);
      expect(names.sort()).toEqual(acknowledged.map(({ name }) => name).sort());
    },
  );

  itReadOnly('does not start on a read-only disk, says how to correct that, and changes nothing', async () => {
    const [first, baseUrl] = await start();
    const client = registeredClient(await register(baseUrl, 'before'));
    await first.stop();
    const options = isRoot ? { uid: NOBODY } : {};
    if (isRoot) {
      chmodSync(folder.path, 0o755);
      for (const path of allPaths()) chownSync(path, NOBODY, NOBODY);
    }
    for (const path of allPaths()) chmodSync(path, path === dataDir() ? 0o500 : 0o400);

    await expect(start(options)).rejects.toThrow(
      /cannot start\.\nThe store \S+ cannot be opened for writing\. Make its disk, its folder/,
    );

    for (const path of allPaths()) chmodSync(path, path === dataDir() ? 0o700 : 0o600);
    const [writable, writableUrl] = await start(options);
    await expectAllStored(writableUrl, [client]);
    const after = registeredClient(await register(writableUrl, 'after'));
    await writable.stop();

    const { problems, names } = await inspectFile();
    expect(problems).toEqual([{ integrity_check: 'ok' }]);
    expect(names.sort()).toEqual([after.name, client.name]);
  });
});
