import { fileSystemFinding } from './sqlite.ts';

describe('file-system', () => {
  it.each([
    [0xef53, 'ok', /without known problems/],
    [0x9123683e, 'ok', /without known problems/],
    [0x01021994, 'warning', /tmpfs, which is memory/],
    [0x794c7630, 'warning', /overlayfs, which a container loses/],
    [0x6969, 'warning', /NFS, a network file system/],
    [0xff534d42, 'warning', /CIFS, a network file system/],
    // The same type as a signed integer of 32 bits.
    [0xff534d42 | 0, 'warning', /CIFS, a network file system/],
  ])('of type %d is %s', (type, result, seen) => {
    expect(fileSystemFinding('/data', type)).toMatchObject({
      check: 'file-system',
      result,
      seen: expect.stringMatching(seen) as unknown,
    });
  });
});
