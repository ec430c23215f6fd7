import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exists, nearestExisting } from './exists.ts';
import { ensurePrivateFolder } from './ownership.ts';
import { UnfinishedFile } from './unfinished-file.ts';

describe('files', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'clientele-exists-'));
    writeFileSync(join(folder, 'file'), '');
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('are missing only if nothing has their name, not if this user cannot find out', () => {
    expect(exists(join(folder, 'file'))).toBe(true);
    expect(exists(join(folder, 'none/none'))).toBe(false);
    expect(nearestExisting(join(folder, 'none/none'))).toBe(folder);
    expect(() => exists(join(folder, 'file/none'))).toThrow(
      expect.objectContaining({ code: 'ENOTDIR', path: join(folder, 'file') }) as Error,
    );
  });

  it('that cannot be created name the folder', () => {
    expect(() => UnfinishedFile.create(join(folder, 'none/backup.db'), { replace: false })).toThrow(
      expect.objectContaining({ code: 'ENOENT', path: join(folder, 'none') }) as Error,
    );
    expect(() => {
      ensurePrivateFolder(join(folder, 'file'));
    }).toThrow(expect.objectContaining({ code: 'EEXIST', path: join(folder, 'file') }) as Error);
    mkdirSync(join(folder, 'data'));
    ensurePrivateFolder(join(folder, 'data/a/b/'));
    expect(exists(join(folder, 'data/a/b'))).toBe(true);
  });

  // Node.js creates folders in /proc forever.
  (process.platform === 'linux' ? it : it.skip)('cannot be in a folder whose file system refuses them', () => {
    expect(() => {
      ensurePrivateFolder('/proc/data/a');
    }).toThrow(expect.objectContaining({ code: 'ENOENT', syscall: 'mkdir', path: '/proc/data' }) as Error);
  });
});
