import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { npm } from './npm.ts';

/** A package in a lockfile. */
interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
}

interface Lockfile {
  readonly packages: Readonly<Record<string, Locked>>;
}

const WORKSPACE_LOCKFILE = fileURLToPath(new URL('../../package-lock.json', import.meta.url));

/**
 * Writes the lockfile of a folder that has a `package.json`: what its dependencies need, in the versions that the workspace
 * was tested with, and nothing else. npm chooses among the packages of the workspace's lockfile, and without the network.
 */
export function lockDependencies(folder: string): void {
  const workspace = readLockfile(WORKSPACE_LOCKFILE);
  const path = join(folder, 'package-lock.json');
  // What lies in projects is left to npm to place: as a whole the others fit together, and npm does not look whether they do.
  const candidates = Object.entries(workspace.packages).filter(
    ([place, { link }]) => place.startsWith('node_modules/') && link !== true,
  );
  const packages = { '': readJson(join(folder, 'package.json')), ...Object.fromEntries(candidates) };
  writeFileSync(path, json({ lockfileVersion: 3, requires: true, packages }));

  npm(folder, 'install', '--package-lock-only', '--offline', '--ignore-scripts', '--omit-lockfile-registry-resolved');

  const known = new Set(Object.values(workspace.packages).map(({ version, integrity }) => `${version} ${integrity}`));
  for (const [place, { version, resolved, integrity }] of Object.entries(readLockfile(path).packages)) {
    if (place === '' || resolved?.startsWith('file:') === true) continue;
    if (!known.has(`${version} ${integrity}`)) throw new Error(`${place}@${version} is not what the workspace has.`);
  }
}

function readLockfile(path: string): Lockfile {
  return readJson(path) as Lockfile;
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}

export function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
