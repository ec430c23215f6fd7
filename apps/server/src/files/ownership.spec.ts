import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteDatabase } from '../database/sqlite-database.ts';
import { ensurePrivateFolder } from './ownership.ts';
import { UnfinishedFile } from './unfinished-file.ts';

/** Users that own nothing else. */
const SERVER = 1234;
const OTHER = 4321;

// Only root can create files of other users.
(process.getuid?.() === 0 ? describe : describe.skip)('as root, in a folder of the user of the server', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'clientele-owner-'));
    chownSync(folder, SERVER, SERVER);
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const inFolder = (name: string): string => join(folder, name);
  const ownerOf = (name: string): string => {
    const { uid, gid, mode } = statSync(inFolder(name));
    return `${uid}:${gid} ${(mode & 0o777).toString(8)}`;
  };
  const write = (name: string, replace: boolean): void => {
    const file = UnfinishedFile.create(inFolder(name), { replace });
    file.write('new');
    file.finish();
  };

  it('a replaced file keeps its owner and mode', () => {
    writeFileSync(inFolder('key'), 'old');
    chownSync(inFolder('key'), OTHER, SERVER);
    chmodSync(inFolder('key'), 0o640);
    write('key', true);

    expect(ownerOf('key')).toBe(`${OTHER}:${SERVER} 640`);
  });

  it.each([true, false])('a new file belongs to the owner of the folder (replace: %s)', (replace) => {
    write('key', replace);

    expect(ownerOf('key')).toBe(`${SERVER}:${SERVER} 600`);
  });

  it('every file of a new store belongs to the owner of the folder, also while it is open', async () => {
    const database = await SqliteDatabase.open(inFolder('clientele.db'));
    await database.changeSchema(({ query }) => query('CREATE TABLE x (y TEXT)'));

    for (const name of ['clientele.db', 'clientele.db-wal', 'clientele.db-shm', 'clientele.db.lock'])
      expect([name, ownerOf(name)]).toEqual([name, `${SERVER}:${SERVER} 600`]);
    await database.close();
  });

  it('an existing store keeps its owner', async () => {
    await (await SqliteDatabase.open(inFolder('clientele.db'))).close();
    chownSync(inFolder('clientele.db'), OTHER, SERVER);
    const before = ownerOf('clientele.db');
    await (await SqliteDatabase.open(inFolder('clientele.db'))).close();

    expect(ownerOf('clientele.db')).toBe(before);
  });

  it('new folders belong to the owner of the folder above them', () => {
    mkdirSync(inFolder('root'));
    ensurePrivateFolder(inFolder('a/b'));
    ensurePrivateFolder(inFolder('root'));

    expect(ownerOf('a')).toBe(`${SERVER}:${SERVER} 700`);
    expect(ownerOf('a/b')).toBe(`${SERVER}:${SERVER} 700`);
    expect(ownerOf('root')).toMatch(/^0:0 /);
  });
});
