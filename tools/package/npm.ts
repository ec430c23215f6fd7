import { execFileSync } from 'node:child_process';

/** Milliseconds for an installation in tests, on a slow disk and a busy machine. */
export const INSTALL_LIMIT = 300_000;

/** Runs npm in a folder and returns its standard output. Throws with the complete output if npm fails. */
export function npm(folder: string, ...args: readonly string[]): string {
  try {
    return execFileSync('npm', args, {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      // On Windows, npm is a script that needs a shell.
      shell: process.platform === 'win32',
    });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`npm ${args.join(' ')} failed:\n${stdout}${stderr}`, { cause: error });
  }
}

/** A packed package. */
export interface Packed {
  /** File name of the tarball. */
  readonly filename: string;
  /** Hash in the format of lockfiles. */
  readonly integrity: string;
  /** Paths inside the package. */
  readonly files: readonly { readonly path: string; readonly mode: number }[];
}

/** Packs a project into the folder as for a release; without a folder, only lists the files. */
export function pack(project: string, folder?: string): Packed {
  const destination = folder === undefined ? ['--dry-run'] : ['--pack-destination', folder];
  const [packed] = JSON.parse(npm(project, 'pack', '--json', '--ignore-scripts', ...destination)) as [Packed];
  return packed;
}
