import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { json, lockDependencies } from './lock-dependencies.ts';
import { pack } from './npm.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const SERVER = 'apps/server';
/** The projects that the server needs, by the names of their packages. */
const LIBRARIES = { '@clientele/client': 'libs/client', '@clientele/model': 'libs/model' };

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly allowScripts: Readonly<Record<string, boolean>>;
  readonly overrides: Readonly<Record<string, unknown>>;
}

/**
 * Creates a folder from which the server runs without the workspace, after `npm ci --omit=dev`: the published files, the libraries of
 * the workspace as tarballs, a lockfile of the dependencies at run time, and `main.js` to start it. All of them must be built.
 */
export function packageServer(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const project = join(ROOT, SERVER);
  for (const { path, mode } of pack(project).files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    copyFileSync(join(project, path), join(folder, path));
    chmodSync(join(folder, path), mode);
  }
  const packed = Object.entries(LIBRARIES).map(([name, path]) => ({
    name,
    path,
    tarball: pack(join(ROOT, path), folder),
  }));
  const files = packed.map(({ name, tarball }) => [name, `file:${tarball.filename}`]);
  writeFileSync(join(folder, 'package.json'), json(manifest(Object.fromEntries(files) as Manifest['dependencies'])));
  writeFileSync(join(folder, 'main.js'), "import './dist/main.js';\n");
  lockDependencies(folder, SERVER, Object.fromEntries(packed.map(({ path, tarball }) => [path, tarball])));
}

/** The manifest of the server, without the members that only its development needs. */
function manifest(libraries: Manifest['dependencies']): object {
  const server = read(SERVER);
  const { dependencies, ...rest } = server;
  const kept = Object.entries(rest).filter(([name]) => !['devDependencies', 'scripts', 'files', 'nx'].includes(name));
  return {
    ...Object.fromEntries(kept),
    // Prevents that the folder is published by mistake.
    private: true,
    dependencies: { ...dependencies, ...libraries },
    ...installationOf(SERVER),
  };
}

/** The members of the workspace's manifest that decide how npm installs the dependencies of a project. */
export function installationOf(project: string): object {
  const { dependencies } = read(project);
  const { allowScripts, overrides } = read('.');
  const used = (members: object) =>
    Object.fromEntries(Object.entries(members).filter(([name]) => Object.hasOwn(dependencies, name)));
  return { allowScripts: used(allowScripts), overrides: used(overrides) };
}

function read(project: string): Manifest {
  return JSON.parse(readFileSync(join(ROOT, project, 'package.json'), 'utf8')) as Manifest;
}
