import { CommandError } from './command-error.ts';
import { FileExistsError, UnfinishedFile } from '../files/unfinished-file.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Makes a file that is there whole or not at all: nothing remains of it when the work fails or somebody stops the command.
 * Gives back what the work does. Throws `CommandError` when the name is taken and it was not to be replaced.
 */
export async function makeWholeFile<T>(
  path: string,
  { force = false }: { readonly force?: boolean },
  work: (file: UnfinishedFile) => Promise<T>,
): Promise<T> {
  let stop: ((signal: NodeJS.Signals) => void) | undefined;
  let file: UnfinishedFile | undefined;
  try {
    const unfinished = UnfinishedFile.create(path, { replace: force });
    file = unfinished;
    stop = (signal) => {
      unfinished.discard();
      // No listener is left, so this time it does what it does by itself.
      process.kill(process.pid, signal);
    };
    for (const signal of SIGNALS) process.once(signal, stop);
    const result = await work(unfinished);
    unfinished.finish();
    return result;
  } catch (error) {
    file?.discard();
    if (error instanceof FileExistsError) throw new CommandError(`${error.message} Use --force to replace it.`);
    throw error;
  } finally {
    if (stop !== undefined) for (const signal of SIGNALS) process.off(signal, stop);
  }
}
