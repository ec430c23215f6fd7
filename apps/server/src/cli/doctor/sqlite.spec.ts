import { fileSystemFinding } from './sqlite.ts';

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
