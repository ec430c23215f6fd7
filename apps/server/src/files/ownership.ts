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
import { dirname, resolve } from 'node:path';

/** The mode of files and folders that only their owner may use. */
const PRIVATE_FILE = 0o600;
const PRIVATE_FOLDER = 0o700;

/**
 * Creates an empty file that only its owner may use. If root creates it, it belongs to the owner of its folder, as whom the server
 * runs. `like`: the file that it will replace, whose owner and mode it gets instead.
 */
export function createPrivateFile(path: string, like?: string): void {
  // The owner of the folder could replace the path by a link, so the file is changed through its descriptor.
  const file = openSync(path, 'wx', PRIVATE_FILE);
  try {
    const model = statSync(like ?? dirname(path));
    if (adoptOwner(file, model) && like !== undefined) fchmodSync(file, model.mode & 0o777);
  } finally {
    closeSync(file);
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
  const first = mkdirSync(path, { recursive: true, mode: PRIVATE_FOLDER });
  if (first === undefined || process.platform === 'win32') return;
  const model = statSync(dirname(first));
  for (let each = resolve(path); each.length >= first.length; each = dirname(each)) {
    const folder = openSync(each, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
    try {
      adoptOwner(folder, model);
    } finally {
      closeSync(folder);
    }
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
