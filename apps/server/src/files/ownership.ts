import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  mkdirSync,
  openSync,
  statSync,
  type Stats,
} from 'node:fs';
import { dirname } from 'node:path';
import { nearestExisting, statusOf, withFolderOf } from './exists.ts';

/** The mode of files and folders that only their owner may use. */
const PRIVATE_FILE = 0o600;
const PRIVATE_FOLDER = 0o700;

/**
 * Creates an empty file that only its owner may use. If root creates it, it belongs to the owner of its folder, as whom the server
 * runs. `like`: the file that it will replace, whose owner and mode it gets instead.
 */
export function createPrivateFile(path: string, like?: string): void {
  // The owner of the folder could replace the path by a link, so the file is changed through its descriptor.
  const file = openNew(path);
  try {
    const model = statSync(like ?? dirname(path));
    if (adoptOwner(file, model) && like !== undefined) fchmodSync(file, model.mode & 0o777);
  } finally {
    closeSync(file);
  }
}

function openNew(path: string): number {
  try {
    return openSync(path, 'wx', PRIVATE_FILE);
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'EEXIST' ? error : withFolderOf(path, error);
  }
}

/** The same, unless there is a file of this name. */
export function ensurePrivateFile(path: string): void {
  try {
    createPrivateFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** Creates a folder, and the folders above it, which only their owner may use: the owner of the existing folder above them. */
export function ensurePrivateFolder(path: string): void {
  if (statusOf(path)?.isDirectory()) return;
  const existing = nearestExisting(path);
  const missing = [path];
  for (let each = dirname(path); each !== existing && path !== existing; each = dirname(each)) missing.unshift(each);
  const model = statSync(existing);
  for (const each of missing) {
    createFolder(each);
    if (process.platform === 'win32') continue;
    const folder = openSync(each, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
    try {
      adoptOwner(folder, model);
    } finally {
      closeSync(folder);
    }
  }
}

/** Creates one folder, unless another process has just done that. With `recursive`, Node.js names wrong causes and hangs in /proc. */
function createFolder(path: string): void {
  try {
    mkdirSync(path, PRIVATE_FOLDER);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || !statSync(path).isDirectory()) throw error;
  }
}

/** Gives an open file the owner and the group of the model. Returns whether it has them: only root can give files away. */
function adoptOwner(file: number, { uid, gid }: Stats): boolean {
  const own = fstatSync(file);
  if (own.uid === uid && own.gid === gid) return true;
  if (process.getuid?.() !== 0) return false;
  fchownSync(file, uid, gid);
  return true;
}
