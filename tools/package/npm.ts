import { execFileSync } from 'node:child_process';

/** Milliseconds that an installation is given in tests: disks may be slow, and others be at work. */
export const INSTALL_LIMIT = 300_000;

/** Runs npm in a folder; what it printed. Throws with all of its output when it fails. */
export function npm(folder: string, ...args: readonly string[]): string {
  try {
    return execFileSync('npm', args, {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      // On Windows npm is a script, which only a shell can start.
      shell: process.platform === 'win32',
    });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`npm ${args.join(' ')} failed:\n${stdout}${stderr}`, { cause: error });
  }
}

/** A package as it is packed. */
export interface Packed {
  /** The name of the tarball. */
  readonly filename: string;
  /** Its hash, as lockfiles have it. */
  readonly integrity: string;
  /** What is in it; paths in the package. */
  readonly files: readonly { readonly path: string; readonly mode: number }[];
}

/** Makes the tarball of a project, as it would be published, in the folder; without a folder, only says what would be in it. */
export function pack(project: string, folder?: string): Packed {
  const destination = folder === undefined ? ['--dry-run'] : ['--pack-destination', folder];
  const [packed] = JSON.parse(npm(project, 'pack', '--json', '--ignore-scripts', ...destination)) as [Packed];
  return packed;
}
