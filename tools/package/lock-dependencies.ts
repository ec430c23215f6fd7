import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Packed } from './npm.ts';

/** The used members of a package in a lockfile. */
interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly dependencies?: Ranges;
  readonly optionalDependencies?: Ranges;
  readonly peerDependencies?: Ranges;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

type Ranges = Readonly<Record<string, string>>;

interface Manifest {
  readonly dependencies: Ranges;
}

/** A package: its place in the workspace, and its place in the folder. */
interface Placed {
  readonly from: string;
  readonly at: string;
}

const WORKSPACE = readJson(fileURLToPath(new URL('../../package-lock.json', import.meta.url))) as {
  readonly packages: Readonly<Record<string, Locked>>;
};

/** Members that depend on who needs the package, which differs between the workspace and the folder. */
const PURPOSE = ['dev', 'devOptional', 'peer', 'extraneous', 'devDependencies'];

/**
 * Writes the lockfile of a folder that has a `package.json`. It contains the dependencies with the versions and hashes of the
 * workspace's lockfile. npm would need the network for it, and could choose other versions.
 *
 * @param project the folder in the workspace from which dependencies are resolved, as in Node.js
 * @param tarballs projects of the workspace that are tarballs in the folder, by their paths in the workspace
 */
export function lockDependencies(folder: string, project: string, tarballs: Readonly<Record<string, Packed>>): void {
  const manifest = readJson(join(folder, 'package.json')) as Manifest;
  const installed = new Map<string, string>();
  const waiting: Placed[] = [{ from: project, at: '' }];
  // Breadth first: the packages of all outer folders are placed before a package, so no package is ever moved.
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const needed = next.at === '' ? Object.keys(manifest.dependencies) : neededBy(next.from);
    for (const name of needed) {
      const from = lookFor(name, next.from, (place) => place in WORKSPACE.packages);
      if (from === undefined)
        throw new Error(`${next.from} needs ${name}, which is not in the lockfile of the workspace.`);
      const source = sourceOf(from);
      const visible = lookFor(name, next.at, (place) => installed.has(place));
      if (visible !== undefined && installed.get(visible) === source) continue;
      const at = inside(visible === undefined ? '' : next.at, name);
      installed.set(at, source);
      waiting.push({ from: source, at });
    }
  }

  const entries = [...installed].sort(([a], [b]) => (a < b ? -1 : 1)).map(([at, from]) => [at, entry(from, tarballs)]);
  const packages = { '': manifest, ...(Object.fromEntries(entries) as object) };
  writeFileSync(
    join(folder, 'package-lock.json'),
    json({ ...names(manifest), lockfileVersion: 3, requires: true, packages }),
  );
}

/** The required dependencies of a package, and its optional ones that are in the workspace. */
function neededBy(from: string): string[] {
  const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta } = WORKSPACE.packages[from]!;
  const peers = Object.keys(peerDependencies ?? {}).filter((name) => peerDependenciesMeta?.[name]?.optional !== true);
  const optional = Object.keys(optionalDependencies ?? {}).filter(
    (name) => lookFor(name, from, (place) => place in WORKSPACE.packages) !== undefined,
  );
  return [...new Set([...Object.keys(dependencies ?? {}), ...peers, ...optional])];
}

/** Resolves a package as Node.js does: in the `node_modules` of a place, then of each outer folder. */
function lookFor(name: string, from: string, isThere: (place: string) => boolean): string | undefined {
  for (let around: string | undefined = from; around !== undefined; around = outside(around)) {
    const place = inside(around, name);
    if (isThere(place)) return place;
  }
  return undefined;
}

function inside(place: string, name: string): string {
  return place === '' ? `node_modules/${name}` : `${place}/node_modules/${name}`;
}

/** The package or project that contains a place; finally the root, which is in nothing. */
function outside(place: string): string | undefined {
  if (place === '') return undefined;
  const end = place.lastIndexOf('/node_modules/');
  return end === -1 ? '' : place.slice(0, end);
}

/** The place of the files: links lead to projects of the workspace. */
function sourceOf(place: string): string {
  const { link, resolved } = WORKSPACE.packages[place]!;
  return link === true ? resolved! : place;
}

function entry(from: string, tarballs: Readonly<Record<string, Packed>>): object {
  const kept = Object.entries(WORKSPACE.packages[from]!).filter(([member]) => !PURPOSE.includes(member));
  const tarball = tarballs[from];
  if (tarball === undefined && !from.includes('node_modules/')) throw new Error(`There is no tarball of ${from}.`);
  return {
    ...Object.fromEntries(kept.filter(([member]) => tarball === undefined || member !== 'name')),
    ...(tarball && { resolved: `file:${tarball.filename}`, integrity: tarball.integrity }),
  };
}

function names({ name, version }: { readonly name?: string; readonly version?: string } & object): object {
  return { name, version };
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}

export function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
