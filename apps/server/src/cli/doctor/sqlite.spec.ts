import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkFiles, fileSystemFinding, spaceFinding } from './sqlite.ts';

describe('fileSystemFinding', () => {
  it.each([
    [0xef53, 'ok', /without known problems/],
    [0x9123683e, 'ok', /without known problems/],
    [0x01021994, 'warning', /tmpfs, which is memory/],
    [0x794c7630, 'warning', /overlayfs, which a container loses/],
    [0x6969, 'warning', /NFS, a network file system/],
    [0xff534d42, 'warning', /CIFS, a network file system/],
    // The previous type as a signed 32-bit integer.
    [0xff534d42 | 0, 'warning', /CIFS, a network file system/],
  ])('reports the file system type %d as %s', (type, result, seen) => {
    expect(fileSystemFinding('/data', type)).toMatchObject({
      check: 'file-system',
      result,
      seen: expect.stringMatching(seen) as unknown,
    });
  });
});

describe('spaceFinding', () => {
  const MEGABYTE = 1e6;

  it.each([
    [500, 1_000, 'ok', '500 MB (50 %) free.'],
    [100, 1_000, 'ok', '100 MB (10 %) free.'],
    [99, 1_000, 'warning', '99 MB (9 %) free.'],
    [4_999, 100_000, 'warning', '4999 MB (4 %) free.'],
    [0, 1_000, 'failed', '0 MB (0 %) free: every change fails.'],
  ])('reports %d free of %d MB as %s', (bavail, blocks, result, seen) => {
    expect(spaceFinding('/data', { bavail, blocks, bsize: MEGABYTE })).toMatchObject({
      check: 'file-system',
      result,
      seen: `The file system of /data has ${seen}`,
    });
  });
});

// Only root can create files of other users.
(process.getuid?.() === 0 ? it : it.skip)(
  'checkFiles reports a file that belongs to another user than its folder',
  () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'clientele-files-'));
    const path = join(dataDir, 'clientele.db');
    writeFileSync(path, '', { mode: 0o600 });
    const permissions = () => checkFiles({ dataDir }, path).filter(({ check }) => check === 'permissions');

    expect(permissions()).toMatchObject([{ result: 'ok' }]);
    chownSync(dataDir, 1234, 1234);
    expect(permissions()).toMatchObject([{ result: 'warning', advice: `chown 1234:1234 ${path}` }]);
    rmSync(dataDir, { recursive: true });
  },
);
