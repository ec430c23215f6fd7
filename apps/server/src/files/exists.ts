import { statSync, type Stats } from 'node:fs';
import { dirname } from 'node:path';

/** The status of a file or folder; `undefined` if there is none. Throws if this user cannot find out, which `existsSync` hides. */
export function statusOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw withFolderOf(path, error);
  }
}

/** Makes an error of the system name the folder of a file, which is at fault or full. Other errors stay as they are. */
export function withFolderOf(file: string, error: unknown): unknown {
  if (typeof error === 'object' && error !== null && 'syscall' in error) Object.assign(error, { path: dirname(file) });
  return error;
}

/** Whether there is a file or folder. Throws if this user cannot find out. */
export function exists(path: string): boolean {
  return statusOf(path) !== undefined;
}

/** The folder itself, or the nearest existing one above it. */
export function nearestExisting(folder: string): string {
  return exists(folder) || dirname(folder) === folder ? folder : nearestExisting(dirname(folder));
}
