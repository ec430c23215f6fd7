import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, linkSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export interface UnfinishedFileOptions {
  /** Whether a file that has the name already makes way. */
  readonly replace: boolean;
}

/**
 * A file, readable by its owner only, that gets its name when all of it is on the disk: whenever this process or the machine
 * stops, there is the whole file or none (or, where it replaces one, that one).
 */
export class UnfinishedFile {
  private constructor(
    /** Where it is as long as it is not finished: beside its place. */
    readonly path: string,
    private readonly place: string,
    private readonly replace: boolean,
  ) {}

  /** Makes an empty one. Throws `FileExistsError` when the name is taken and nothing may be replaced. */
  static create(place: string, { replace }: UnfinishedFileOptions): UnfinishedFile {
    if (!replace && existsSync(place)) throw new FileExistsError(place);
    const path = `${place}.${randomBytes(4).toString('hex')}.unfinished`;
    closeSync(openSync(path, 'wx', 0o600));
    return new UnfinishedFile(path, place, replace);
  }

  write(content: string): void {
    writeFileSync(this.path, content);
  }

  /** Gives the file its name, durably. Throws `FileExistsError` when somebody else has taken it. */
  finish(): void {
    flush(this.path);
    if (this.replace) renameSync(this.path, this.place);
    else this.takeFreeName();
    flushDirectory(dirname(this.place));
  }

  /** Removes what there is of an unfinished file. */
  discard(): void {
    rmSync(this.path, { force: true });
  }

  private takeFreeName(): void {
    try {
      linkSync(this.path, this.place);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST' || existsSync(this.place)) throw new FileExistsError(this.place);
      // A file system without hard links, as on many portable disks.
      renameSync(this.path, this.place);
      return;
    }
    rmSync(this.path);
  }
}

/** A file is in the way. */
export class FileExistsError extends Error {
  override readonly name = 'FileExistsError';

  constructor(path: string) {
    super(`${path} is there already.`);
  }
}

/** Makes the names in a directory durable. */
export function flushDirectory(path: string): void {
  flush(path);
}

function flush(path: string): void {
  const opened = openSync(path, 'r');
  try {
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}
