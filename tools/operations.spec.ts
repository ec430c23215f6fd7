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

/** The commands of docs/operations.md that can be run on an embedded store, in their order. */
const [migrate, backup, restore, exporting, importing, rotate] = codeBlocks('docs/operations.md', 'bash');

describe('the commands of docs/operations.md', () => {
  const folder = mkdtempSync(join(tmpdir(), 'clientele-operations-'));
  const dataDir = join(folder, 'data');
  const otherDataDir = join(folder, 'other');

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  /** Runs a block as it would be pasted; what it printed. */
  const paste = async (block: string, DATA_DIR = dataDir): Promise<string> => {
    const PATH = [join(ROOT, 'node_modules/.bin'), process.env.PATH].join(delimiter);
    const { stdout, stderr } = await promisify(execFile)('bash', ['--norc', '-c', block], {
      cwd: folder,
      env: { PATH, DATA_DIR, SERVICE_ID },
    });
    return stdout + stderr;
  };

  it('work one after another, as the page tells them', async () => {
    expect(await paste(migrate!)).toMatch(/pending: [^]*BEGIN;[^]*COMMIT;[^]*The schema is up to date\.\n$/);

    const server = new ServerProcess({ DATA_DIR: dataDir, BOOTSTRAP_SERVICE_ID: SERVICE_ID });
    await server.listening();
    expect(await paste(backup!)).toContain('backup.db: 1 services, 0 clients');
    expect(await paste(exporting!)).toBe('Exported 1 service, 1 api_access_token_of_all_services.\n');
    await server.stop();

    expect(await paste(restore!)).toContain('clientele.db: 1 services, 0 clients');
    mkdirSync(otherDataDir);
    copyFileSync(join(dataDir, 'encryption.key'), join(otherDataDir, 'encryption.key'));
    expect(await paste(importing!, otherDataDir)).toBe('Imported 1 service, 1 api_access_token_of_all_services.\n');
    expect(await paste(rotate!)).toContain('It is the only one there now.');
    const rotated = new ServerProcess({ DATA_DIR: dataDir });
    await rotated.listening();
    await rotated.stop();
  });
});
