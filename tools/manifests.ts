import { readFileSync } from 'node:fs';
import { ROOT } from './docs/root.ts';

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly engines: { readonly node: string };
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

const { packages } = read('package-lock.json') as { readonly packages: object };

/** The manifest of the workspace and of each project, by path. */
export const MANIFESTS: ReadonlyMap<string, Manifest> = new Map(
  Object.keys(packages)
    .filter((place) => !place.includes('node_modules/'))
    .map((place) => (place === '' ? 'package.json' : `${place}/package.json`))
    .map((path) => [path, read(path) as Manifest]),
);

function read(path: string): unknown {
  return JSON.parse(readFileSync(new URL(path, ROOT), 'utf8'));
}
