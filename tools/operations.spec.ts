import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ServerProcess } from './crash/server-process.ts';
import { codeBlocks } from './docs/code-blocks.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SERVICE_ID = '986126671';
const ACCESS_TOKEN = 'an-api-access-token-for-all-services';

/** The commands of docs/operations.md for the embedded store, by the first two words after `clientele`. */
const blocks = new Map(
  codeBlocks('docs/operations.md', 'bash').map((block) => [/^clientele (\w+ ?\w*)/.exec(block)?.[1]?.trim(), block]),
);

describe('the commands of docs/operations.md', () => {
  const folder = mkdtempSync(join(tmpdir(), 'clientele-operations-'));
  const dataDir = join(folder, 'data');
  const otherDataDir = join(folder, 'other');

  const pasted = new Set<string>();
  /** The latest server, and its port. */
  let server: ServerProcess | undefined;
  let port = '0';

  afterAll(async () => {
    // It still runs if the test failed.
    await server?.kill();
    rmSync(folder, { recursive: true });
  });

  /** Runs the block that begins with a command, and returns its output. */
  const paste = async (first: string, DATA_DIR = dataDir, variables: NodeJS.ProcessEnv = {}): Promise<string> => {
    const block = blocks.get(first);
    if (block === undefined) throw new Error(`No block of docs/operations.md begins with clientele ${first}.`);
    pasted.add(first);
    const PATH = [join(ROOT, 'node_modules/.bin'), process.env.PATH].join(delimiter);
    const { stdout, stderr } = await promisify(execFile)('bash', ['--norc', '-c', block], {
      cwd: folder,
      env: { PATH, DATA_DIR, SERVICE_ID, PORT: port, ...variables },
    });
    return stdout + stderr;
  };

  it('work in the order of the page', async () => {
    expect(await paste('config print')).toMatch(/^DATA_DIR +environment +\S+data$/m);
    expect(await paste('migrate status')).toMatch(/pending: [^]*BEGIN;[^]*COMMIT;[^]*The schema is up to date\.\n$/);

    server = new ServerProcess({
      DATA_DIR: dataDir,
      BOOTSTRAP_SERVICE_ID: SERVICE_ID,
      BOOTSTRAP_ACCESS_TOKEN: ACCESS_TOKEN,
    });
    ({ port } = new URL((await server.listening()).baseUrl));
    expect(await paste('doctor')).toMatch(/^ok +discovery +The metadata of 1 service matches the configuration/m);
    expect(await paste('audit list')).toMatch(
      /^1 +\S+Z +service\.created +986126671 +server +.* and \d+ more\n[^]*service 986126671: verified: 1 entry, 0 not sealed yet, 0 clients\n$/m,
    );
    expect(await paste('backup backup')).toContain('backup.db: 1 service, 0 clients');
    expect(await paste('export')).toMatch(
      /^Exported 1 service, 1 api access token of all services, 1 audit chain, 1 audit (entry|pending)\.\n$/,
    );
    await server.stop();

    expect(await paste('restore')).toContain('clientele.db: 1 service, 0 clients');
    mkdirSync(otherDataDir);
    copyFileSync(join(dataDir, 'encryption.key'), join(otherDataDir, 'encryption.key'));
    expect(await paste('audit new')).toMatch(/^The new epoch \d+ is in 2 chains of entries\.\n$/);
    expect(await paste('import service', otherDataDir)).toMatch(
      /^Imported 1 service, 1 api access token of all services, 1 audit chain, 1 audit (entry|pending)\.\n$/,
    );
    const rotation = await paste('key rotate');
    expect(rotation).toContain('now the first key in ');
    const [, KEY_ID] = /stay in the file: ([\w-]{8})\./.exec(rotation)!;
    expect(await paste('key remove', dataDir, { KEY_ID })).toContain(KEY_ID);
    server = new ServerProcess({ DATA_DIR: dataDir });
    const { baseUrl } = await server.listening();
    const connection = { CLIENTELE_URL: baseUrl, CLIENTELE_TOKEN: ACCESS_TOKEN };
    expect(await paste('service create', dataDir, connection)).toMatch(
      /^Service ID +\d+\nAPI access token +[\w-]{43}\nRegistration +holders of an initial access token, at http:\S+\n[^]*My Service$/m,
    );
    expect(await paste('token list', dataDir, connection)).toMatch(
      /^Service 986126671 has no tokens of its own; [^\n]*\nThe ID of the token is [\da-f]{12}; .*: USE_SERVICE\.\n/,
    );
    const created = await paste('token list', dataDir, connection);
    const [TOKEN_ID] = /^[\da-f]{12}/.exec(created)!;
    expect(await paste('token revoke', dataDir, { ...connection, TOKEN_ID })).toBe(
      `The token ${TOKEN_ID} is revoked.\n`,
    );
    await server.stop();
    expect(pasted).toEqual(new Set(blocks.keys()));
  });
});
