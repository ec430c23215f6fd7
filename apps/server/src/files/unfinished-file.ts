import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { exists, withFolderOf } from './exists.ts';
import { createPrivateFile } from './ownership.ts';

export interface UnfinishedFileOptions {
  /** Whether an existing file of this name is replaced. */
  readonly replace: boolean;
}

/**
 * A file that gets its name after all of it is on the disk. If the process or the machine stops before, there is no file of this name,
 * or still the previous one. Only its owner can read it; if it replaces a file, it gets the owner and the mode of that file.
 */
export class UnfinishedFile {
  private constructor(
    /** Its path until it is finished: in the folder of `place`. */
    readonly path: string,
    private readonly place: string,
    private readonly replace: boolean,
  ) {}

  /** Creates an empty file. Throws `FileExistsError` if the name is taken and `replace` is false. */
  static create(place: string, { replace }: UnfinishedFileOptions): UnfinishedFile {
    const taken = exists(place);
    if (!replace && taken) throw new FileExistsError(place);
    const path = `${place}.${randomBytes(4).toString('hex')}.unfinished`;
    createPrivateFile(path, taken ? place : undefined);
    return new UnfinishedFile(path, place, replace);
  }

  write(content: string): void {
    inFolderOf(this.place, () => {
      writeFileSync(this.path, content);
    });
  }

  /** Gives the file its name, durably. Throws `FileExistsError` if the name was taken meanwhile. */
  finish(): void {
    inFolderOf(this.place, () => {
      flush(this.path);
      if (this.replace) renameSync(this.path, this.place);
      else this.takeFreeName();
      flush(dirname(this.place));
    });
  }

  /** Removes the unfinished file. */
  discard(): void {
    rmSync(this.path, { force: true });
  }

  private takeFreeName(): void {
    try {
      linkSync(this.path, this.place);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST' || exists(this.place)) throw new FileExistsError(this.place);
      // Some file systems, for example of portable disks, have no hard links.
      renameSync(this.path, this.place);
      return;
    }
    rmSync(this.path);
  }
}

/** Does a part of the work. Its errors name the folder, because nobody knows the unfinished file, and errors of writing have no path. */
function inFolderOf(place: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    throw withFolderOf(place, error);
  }
}

/** A file of this name exists. */
export class FileExistsError extends Error {
  override readonly name = 'FileExistsError';

  constructor(path: string) {
    super(`${path} already exists.`);
  }
}

/** Flushes a file, or the names in a directory, to the disk. */
export function flush(path: string): void {
  const opened = openSync(path, 'r');
  try {
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}
