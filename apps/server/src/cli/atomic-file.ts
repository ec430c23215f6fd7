import { CommandError } from './command-error.ts';
import { withFolderOf } from '../files/exists.ts';
import { FileExistsError, UnfinishedFile } from '../files/unfinished-file.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Creates a file completely or not at all: a failure or a signal removes the unfinished file. Returns the result of `write`.
 * Throws `CommandError` if the file exists and `force` is not set.
 */
export async function createAtomically<T>(
  path: string,
  { force = false }: { readonly force?: boolean },
  write: (file: UnfinishedFile) => Promise<T>,
): Promise<T> {
  let file: UnfinishedFile | undefined;
  const stop = (signal: NodeJS.Signals): void => {
    file?.discard();
    // The listener is gone, so this signal ends the process.
    process.kill(process.pid, signal);
  };
  for (const signal of SIGNALS) process.once(signal, stop);
  try {
    file = UnfinishedFile.create(path, { replace: force });
    const result = await write(file);
    file.finish();
    return result;
  } catch (error) {
    file?.discard();
    if (error instanceof FileExistsError) throw new CommandError(`${error.message} Use --force to replace it.`);
    // Only errors of writing have no path.
    throw (error as NodeJS.ErrnoException).path === undefined ? withFolderOf(path, error) : error;
  } finally {
    for (const signal of SIGNALS) process.off(signal, stop);
  }
}
