import { execFile } from 'node:child_process';
import { chmodSync, chownSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { RegistrationResponse } from '@clientele/model/metadata';
import { openSqlite } from '../src/database/sqlite-driver.ts';
import { ServerProcess } from './support/server-process.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const TOKEN = 'a-token-from-the-environment';

const isRoot = process.getuid?.() === 0;

/** Whether others may enter all folders above the code: root's own temporary folders let nobody in. */
function isReachable(folder: string): boolean {
  const isOpen = (statSync(folder).mode & 0o001) !== 0;
  return isOpen && (dirname(folder) === folder || isReachable(dirname(folder)));
}

/** Nothing is read-only to root, who has to run the server as somebody else, and that one to reach it. */
const itReadOnly = !isRoot || isReachable(import.meta.dirname) ? it : it.skip;

/** The user that owns nothing; nothing is read-only to root. */
const NOBODY = 65_534;

interface Answered {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly body: RegistrationResponse;
}

interface Known {
  readonly clientId: number;
  readonly token: string;
  readonly name: string;
}

describe('a server on a disk', () => {
  const folder = temporaryFolder();
  const started: ServerProcess[] = [];

  const dataDir = () => join(folder.path, 'data');
  const file = () => join(dataDir(), 'clientele.db');
  const everything = () => [dataDir(), ...readdirSync(dataDir()).map((name) => join(dataDir(), name))];

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

  const call = async (baseUrl: string, operation: string, body: object): Promise<Answered> => {
    const response = await fetch(`${baseUrl}/api/12345/client/registration${operation}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const answer = (await response.json()) as RegistrationResponse;
    return { status: response.status, retryAfter: response.headers.get('retry-after'), body: answer };
  };

  const register = (baseUrl: string, name: string): Promise<Answered> =>
    call(baseUrl, '', {
      json: JSON.stringify({ client_name: name, client_uri: `https://example.org/${'x'.repeat(1500)}` }),
    });

  const known = ({ body }: Answered): Known => {
    if (body.action !== 'CREATED') throw new Error(body.resultMessage);
    const {
      client_id,
      registration_access_token: token,
      client_name: name,
    } = JSON.parse(body.responseContent) as Record<'client_id' | 'registration_access_token' | 'client_name', string>;
    return { clientId: Number(client_id), token, name };
  };

  const expectUnavailable = ({ status, retryAfter, body }: Answered): void => {
    expect({ status, retryAfter, action: body.action, resultCode: body.resultCode }).toEqual({
      status: 503,
      retryAfter: '1',
      action: 'INTERNAL_SERVER_ERROR',
      resultCode: 'A001102',
    });
  };

  const expectAllThere = async (baseUrl: string, clients: readonly Known[]): Promise<void> => {
    for (const { clientId, token, name } of clients) {
      const { body } = await call(baseUrl, '/get', { clientId, token });
      expect(body).toMatchObject({ action: 'OK', client: { clientName: name } });
    }
  };

  /** What SQLite finds wrong with the file, and the clients in it. */
  const stopped = async (): Promise<{ problems: unknown; names: string[] }> => {
    const connection = await openSqlite(file());
    const problems = connection.prepare('PRAGMA integrity_check').all();
    const rows = connection.prepare('SELECT properties FROM client').all() as { properties: string }[];
    connection.close();
    return {
      problems,
      names: rows.map(({ properties }) => (JSON.parse(properties) as { clientName: string }).clientName),
    };
  };

  const limitFiles = (pid: number, limit: string) =>
    promisify(execFile)('prlimit', [`--pid=${pid}`, `--fsize=${limit}:`]);

  // As util-linux has it: only on Linux can the limits of a running process be changed.
  (process.platform === 'linux' ? it : it.skip)(
    'that has no room answers 503, loses nothing that it acknowledged, keeps nothing that it refused, and goes on when there is room',
    async () => {
      const [server, baseUrl] = await start();
      const acknowledged: Known[] = [];
      for (let n = 0; n < 10; n++) acknowledged.push(known(await register(baseUrl, `before ${n}`)));

      for (let round = 0; round < 3; round++) {
        // A write fails in the middle of what it writes, wherever that is in this round.
        const room = statSync(`${file()}-wal`).size + 9_000 + round * 1_234;
        await limitFiles(server.pid, String(room));
        const refused: Answered[] = [];
        for (let n = 0; refused.length < 5; n++) {
          const answers = await Promise.all([0, 1, 2].map((i) => register(baseUrl, `full ${round}.${n}.${i}`)));
          for (const answer of answers) {
            if (answer.status === 200) acknowledged.push(known(answer));
            else refused.push(answer);
          }
        }
        refused.forEach(expectUnavailable);
        await expectAllThere(baseUrl, acknowledged);

        await limitFiles(server.pid, 'unlimited');
        for (let n = 0; n < 5; n++) acknowledged.push(known(await register(baseUrl, `after ${round}.${n}`)));
      }
      await expectAllThere(baseUrl, acknowledged);
      await server.stop('SIGKILL');

      const { problems, names } = await stopped();
      expect(problems).toEqual([{ integrity_check: 'ok' }]);
      expect(names.sort()).toEqual(acknowledged.map(({ name }) => name).sort());
    },
  );

  itReadOnly(
    'that is read-only answers gets, every change with 503, and has everything when it can be written again',
    async () => {
      const [first, baseUrl] = await start();
      const client = known(await register(baseUrl, 'before'));
      await first.stop();
      const options = isRoot ? { uid: NOBODY } : {};
      if (isRoot) {
        chmodSync(folder.path, 0o755);
        for (const path of everything()) chownSync(path, NOBODY, NOBODY);
      }
      for (const path of everything()) chmodSync(path, path === dataDir() ? 0o500 : 0o400);

      const [readOnly, readOnlyUrl] = await start(options);
      await expectAllThere(readOnlyUrl, [client]);
      expectUnavailable(await register(readOnlyUrl, 'refused'));
      const { clientId, token } = client;
      const json = JSON.stringify({ client_id: String(clientId), client_name: 'refused' });
      expectUnavailable(await call(readOnlyUrl, '/update', { clientId, token, json }));
      expectUnavailable(await call(readOnlyUrl, '/delete', { clientId, token }));
      await expectAllThere(readOnlyUrl, [client]);
      await readOnly.stop();

      for (const path of everything()) chmodSync(path, path === dataDir() ? 0o700 : 0o600);
      const [writable, writableUrl] = await start(options);
      await expectAllThere(writableUrl, [client]);
      const after = known(await register(writableUrl, 'after'));
      await writable.stop();

      const { problems, names } = await stopped();
      expect(problems).toEqual([{ integrity_check: 'ok' }]);
      expect(names.sort()).toEqual([after.name, client.name]);
    },
  );
});
