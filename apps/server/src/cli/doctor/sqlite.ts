import { existsSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Config } from '../../config/config.ts';
import { keyFileOf } from '../../crypto/encryption-key-file.ts';
import type { SqlSession } from '../../database/database.ts';
import { failed, ok, warning, type Finding } from './finding.ts';

/** File systems of Linux that a store should not be on (statfs(2)), and what becomes of it there. */
const FILE_SYSTEMS: Readonly<Record<number, readonly [name: string, trouble: 'network' | 'memory' | 'container']>> = {
  0x01021994: ['tmpfs', 'memory'],
  0x858458f6: ['ramfs', 'memory'],
  0x794c7630: ['overlayfs', 'container'],
  0x61756673: ['aufs', 'container'],
  0x6969: ['NFS', 'network'],
  0x517b: ['SMB', 'network'],
  0xfe534d42: ['SMB', 'network'],
  0xff534d42: ['CIFS', 'network'],
  0x01021997: ['9P', 'network'],
  0x00c36400: ['Ceph', 'network'],
  0x5346414f: ['AFS', 'network'],
  0x0bd00bd0: ['Lustre', 'network'],
  0x786f4256: ['VirtualBox shared folders', 'network'],
  0x65735546: ['FUSE', 'network'],
};

const TROUBLE = {
  memory: ['which is memory: the store is gone when the machine stops.', 'Put DATA_DIR on a disk.'],
  container: [
    'which in a container is gone with the container.',
    'Mount a volume at DATA_DIR, or use PostgreSQL by DATABASE_URL.',
  ],
  network: [
    'where locks and shared memory, on which SQLite relies, may not work, and a flush may not reach a disk.',
    'Put DATA_DIR on a local disk, or use PostgreSQL by DATABASE_URL.',
  ],
} as const;

/** The write-ahead log, which the server asks for, is not there where the file system cannot have it. */
export async function checkJournal(session: SqlSession): Promise<Finding> {
  const [row] = await session.query('PRAGMA journal_mode');
  const mode = String(row?.journal_mode);
  if (mode === 'wal') return ok('durability', 'The write-ahead log is on, and the server flushes it at every commit.');
  return failed(
    'durability',
    `The journal of the store is '${mode}', not the write-ahead log that the server keeps.`,
    'Start the server on a local file system, which brings the log back; do not open the store with other programs.',
  );
}

/** Where the store and its key are, and who may read them. */
export function checkPlace(config: Pick<Config, 'dataDir' | 'encryptionKeys'>, path: string): readonly Finding[] {
  const folder = dirname(path);
  // Before the first start, what holds the folder says the same.
  const found = existsSync(folder) ? folder : dirname(folder);
  return [
    ...(existsSync(found) ? checkFileSystem(found) : []),
    ...(process.platform === 'win32' ? [] : [checkPermissions(config, folder)]),
  ];
}

function checkFileSystem(folder: string): readonly Finding[] {
  if (process.platform !== 'linux') return [];
  return [judgeFileSystem(folder, statfsSync(folder).type)];
}

/** The finding for a folder on a file system of this type (`f_type` of statfs(2)). */
export function judgeFileSystem(folder: string, type: number): Finding {
  // A type with its highest bit set is negative where it is read as 32 bits.
  const known = FILE_SYSTEMS[type >>> 0];
  if (known === undefined) return ok('file-system', `${folder} is on a file system of which no trouble is known.`);
  const [name, trouble] = known;
  const [seen, advice] = TROUBLE[trouble];
  return warning('file-system', `${folder} is on ${name}, ${seen}`, advice);
}

/** The group may be one that the owner is alone in, or that a volume is mounted with; everybody else is nobody's choice. */
function checkPermissions(config: Pick<Config, 'dataDir' | 'encryptionKeys'>, folder: string): Finding {
  const keyFile = keyFileOf(config);
  const key = config.encryptionKeys === undefined ? modeOf(keyFile) : 0;
  const store = modeOf(folder);
  if ((key & 0o007) !== 0) {
    const seen = `Everybody on this machine may use ${keyFile} (mode ${octal(key)}), which decrypts every secret.`;
    return failed('permissions', seen, `chmod 600 ${keyFile}`);
  }
  if ((store & 0o002) !== 0) {
    const seen = `Everybody on this machine may write to ${folder} (mode ${octal(store)}), and so replace the store.`;
    return failed('permissions', seen, `chmod 700 ${folder}`);
  }
  if ((key & 0o070) !== 0) {
    const seen = `The group of ${keyFile} may use it (mode ${octal(key)}); it decrypts every secret.`;
    return warning('permissions', seen, `chmod 600 ${keyFile}`);
  }
  if ((store & 0o075) !== 0) {
    const seen = `Others than its owner may use ${folder} (mode ${octal(store)}), which holds the store.`;
    return warning('permissions', seen, `chmod 700 ${folder}`);
  }
  return ok('permissions', 'The store and its key are for their owner alone.');
}

/** The permissions of what is there; none of what is not. */
function modeOf(path: string): number {
  return existsSync(path) ? statSync(path).mode & 0o777 : 0;
}

function octal(mode: number): string {
  return `0${mode.toString(8)}`;
}
