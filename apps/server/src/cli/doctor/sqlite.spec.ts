import { judgeFileSystem } from './sqlite.ts';

describe('file-system', () => {
  it.each([
    [0xef53, 'ok', /no trouble/],
    [0x9123683e, 'ok', /no trouble/],
    [0x01021994, 'warning', /tmpfs, which is memory/],
    [0x794c7630, 'warning', /overlayfs, which in a container is gone/],
    [0x6969, 'warning', /NFS, where locks/],
    [0xff534d42, 'warning', /CIFS, where locks/],
    // The same as 32 bits with a sign.
    [0xff534d42 | 0, 'warning', /CIFS, where locks/],
  ])('of type %d is %s', (type, result, seen) => {
    expect(judgeFileSystem('/data', type)).toMatchObject({
      check: 'file-system',
      result,
      seen: expect.stringMatching(seen) as unknown,
    });
  });
});
