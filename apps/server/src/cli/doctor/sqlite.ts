import { accessSync, constants, statfsSync, statSync, type StatsFs } from 'node:fs';
import { dirname } from 'node:path';
import type { Config } from '../../config/config.ts';
import { keyFileOf } from '../../crypto/encryption-key-file.ts';
import type { SqlSession } from '../../database/database.ts';
import { lockFileOf } from '../../database/sqlite-database.ts';
import { exists, nearestExisting, statusOf } from '../../files/exists.ts';
import { failed, ok, warning, type Finding } from './finding.ts';

/** Types of Linux file systems (statfs(2)) that are not suitable for a store. */
const FILE_SYSTEMS: Readonly<Record<number, readonly [name: string, problem: keyof typeof PROBLEMS]>> = {
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

/** The least free space without a warning: bytes, and a part of the file system. */
const LEAST_FREE = 100e6;
const LEAST_FREE_PART = 0.05;

const PROBLEMS = {
  memory: ['which is memory: the store is lost when the machine stops.', 'Put DATA_DIR on a disk.'],
  container: [
    'which a container loses when it is removed.',
    'Mount a volume at DATA_DIR, or set DATABASE_URL to PostgreSQL.',
  ],
  network: [
    'a network file system: the locks and shared memory of SQLite may not work, and a flush may not reach a disk.',
    'Put DATA_DIR on a local disk, or set DATABASE_URL to PostgreSQL.',
  ],
} as const;

/** Checks the write-ahead log, which some file systems do not support. */
export async function checkJournal(session: SqlSession): Promise<Finding> {
  const [row] = await session.query('PRAGMA journal_mode');
  const mode = String(row?.journal_mode);
  if (mode === 'wal') return ok('durability', 'The write-ahead log is on, and every commit is flushed.');
  return failed(
    'durability',
    `The journal of the store is '${mode}', not the write-ahead log.`,
    'Start the server on a local file system, which enables the log. Do not open the store with other programs.',
  );
}

/** Checks the file system, its free space, and the permissions of the store and its key. Throws if they cannot be found out. */
export function checkFiles(config: Pick<Config, 'dataDir' | 'encryptionKeys'>, path: string): readonly Finding[] {
  const folder = dirname(path);
  // Before the first start, the nearest existing folder is on the same file system.
  const existing = nearestExisting(folder);
  return [
    ...checkFileSystem(existing),
    ...(process.platform === 'win32' ? [] : [checkAccess(config, existing, path) ?? checkPermissions(config, folder)]),
  ];
}

function checkFileSystem(folder: string): readonly Finding[] {
  const status = statfsSync(folder);
  return [
    ...(process.platform === 'linux' ? [fileSystemFinding(folder, status.type)] : []),
    spaceFinding(folder, status),
  ];
}

/** The finding for the space that is free for users other than root. */
export function spaceFinding(folder: string, status: Pick<StatsFs, 'bavail' | 'bsize' | 'blocks'>): Finding {
  const free = status.bavail * status.bsize;
  const part = free / (status.blocks * status.bsize);
  const seen = `The file system of ${folder} has ${Math.floor(free / 1e6)} MB (${Math.floor(part * 100)} %) free`;
  if (free === 0) return failed('file-system', `${seen}: every change fails.`, 'Free space, or enlarge it.');
  if (free < LEAST_FREE || part < LEAST_FREE_PART)
    return warning('file-system', `${seen}.`, 'Free space, or enlarge it.');
  return ok('file-system', `${seen}.`);
}

/** A file of the store that cannot be written, or that belongs to another user than its folder; `undefined` if there is none. */
function checkAccess(
  config: Pick<Config, 'dataDir' | 'encryptionKeys'>,
  folder: string,
  path: string,
): Finding | undefined {
  const files = [path, `${path}-wal`, `${path}-shm`, lockFileOf(path)].filter(exists);
  const readOnly = [folder, ...files].find((each) => !isWritable(each));
  if (readOnly !== undefined) {
    const message = `This user cannot write to ${readOnly}, so a server of this user does not start.`;
    return failed('permissions', message, 'Make the disk and the file writable, or use the user of the server.');
  }
  const { uid, gid } = statSync(folder);
  const keyFile = keyFileOf(config);
  const used = config.encryptionKeys === undefined && exists(keyFile) ? [...files, keyFile] : files;
  const foreign = used.find((file) => statSync(file).uid !== uid);
  if (foreign === undefined) return undefined;
  const message = `${foreign} belongs to the user ${statSync(foreign).uid}, and ${folder} to the user ${uid}, who may be unable to use it.`;
  return warning('permissions', message, `chown ${uid}:${gid} ${foreign}`);
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** The finding for a folder on a file system of this type (`f_type` of statfs(2)). */
export function fileSystemFinding(folder: string, type: number): Finding {
  // A type can be a negative integer of 32 bits.
  const known = FILE_SYSTEMS[type >>> 0];
  if (known === undefined) return ok('file-system', `${folder} is on a file system without known problems.`);
  const [name, problem] = known;
  const [description, advice] = PROBLEMS[problem];
  return warning('file-system', `${folder} is on ${name}, ${description}`, advice);
}

/** Access of the group is only a warning, because the group can belong to the owner or to a mounted volume. */
function checkPermissions(config: Pick<Config, 'dataDir' | 'encryptionKeys'>, folder: string): Finding {
  const keyFile = keyFileOf(config);
  const key = config.encryptionKeys === undefined ? modeOf(keyFile) : 0;
  const store = modeOf(folder);
  if ((key & 0o007) !== 0) {
    const message = `Every user of this machine can read or change ${keyFile} (mode ${octal(key)}), which decrypts every secret.`;
    return failed('permissions', message, `chmod 600 ${keyFile}`);
  }
  if ((store & 0o002) !== 0) {
    const message = `Every user of this machine can write to ${folder} (mode ${octal(store)}), and so replace the store.`;
    return failed('permissions', message, `chmod 700 ${folder}`);
  }
  if ((key & 0o070) !== 0) {
    const message = `The group of ${keyFile} may use it (mode ${octal(key)}). It decrypts every secret.`;
    return warning('permissions', message, `chmod 600 ${keyFile}`);
  }
  if ((store & 0o075) !== 0) {
    const message = `Other users than the owner may use ${folder} (mode ${octal(store)}), which contains the store.`;
    return warning('permissions', message, `chmod 700 ${folder}`);
  }
  return ok('permissions', 'Only their owner may use the store and its key.');
}

/** The permissions of a file; none if it does not exist. */
function modeOf(path: string): number {
  return (statusOf(path)?.mode ?? 0) & 0o777;
}

function octal(mode: number): string {
  return `0${mode.toString(8)}`;
}
