import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { publint } from 'publint';
import { codeBlocks } from '../docs/code-blocks.ts';
import { documentedUpdate } from './documented-update.ts';
import { InstalledServer } from './installed-server.ts';
import { json, lockDependencies } from './lock-dependencies.ts';
import { INSTALL_LIMIT, npm, pack, type Packed } from './npm.ts';
import { installationOf } from './package-server.ts';

/**
 * Installs the tarballs of the four packages in an empty folder. Their dependencies have the versions of the workspace, and come
 * from npm's cache, which the `npm ci` of the workspace has filled.
 */
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PROJECTS = {
  model: 'libs/model',
  client: 'libs/client',
  'oidc-provider': 'libs/oidc-provider',
  server: 'apps/server',
};

type Name = keyof typeof PROJECTS;
const names = Object.keys(PROJECTS) as Name[];

const consumer = mkdtempSync(join(tmpdir(), 'clientele-tarballs-'));
const packed = Object.fromEntries(
  Object.entries(PROJECTS).map(([name, project]) => [name, pack(join(ROOT, project), consumer)]),
) as Record<Name, Packed>;
const tarball = (name: Name): Uint8Array => new Uint8Array(readFileSync(join(consumer, packed[name].filename)));

beforeAll(() => {
  const dependencies = Object.fromEntries(
    Object.entries(packed).map(([name, { filename }]) => [`@clientele/${name}`, `file:${filename}`]),
  );
  const manifest = { name: 'consumer', private: true, dependencies, ...installationOf(PROJECTS.server) };
  writeFileSync(join(consumer, 'package.json'), json(manifest));
  const tarballs = Object.fromEntries(names.map((name) => [PROJECTS[name], packed[name]]));
  lockDependencies(consumer, '', tarballs);
  npm(consumer, 'ci', '--ignore-scripts', '--prefer-offline');
}, INSTALL_LIMIT);

afterAll(() => {
  rmSync(consumer, { recursive: true });
});

it('the packages have the same version, and depend on exactly this version of each other', () => {
  const manifests = names.map((name) => manifestOf(name));
  const versions = new Set(manifests.map(({ version }) => version));
  for (const { dependencies } of manifests) {
    for (const [name, range] of Object.entries(dependencies ?? {})) {
      if (name.startsWith('@clientele/')) versions.add(range);
    }
  }
  expect([...versions]).toEqual([expect.stringMatching(/^\d+\.\d+\.\d+/)]);
});

describe.each(names)('@clientele/%s', (name) => {
  it('satisfies publint', async () => {
    const { messages } = await publint({ pack: { tarball: tarball(name).buffer as ArrayBuffer }, strict: true });
    expect(messages).toEqual([]);
  });

  it('has a README and the license, no tests, and no source map without its source', () => {
    const folder = join(consumer, 'node_modules/@clientele', name);
    const paths = packed[name].files.map(({ path }) => path);

    expect(paths).toContain('README.md');
    expect(readFileSync(join(folder, 'LICENSE'))).toEqual(readFileSync(join(ROOT, 'LICENSE')));
    expect(paths.filter((path) => /\.(spec|e2e-spec)\.|(^|\/)test\/|tsconfig|\.config\./.test(path))).toEqual([]);
    for (const path of paths.filter((each) => each.endsWith('.map'))) {
      const map = JSON.parse(readFileSync(join(folder, path), 'utf8')) as {
        readonly sources: [];
        readonly sourcesContent?: [];
      };
      expect([path, map.sourcesContent?.length]).toEqual([path, map.sources.length]);
    }
  });
});

it.each(['model', 'client'] as const)('@clientele/%s satisfies Are the types wrong?', async (name) => {
  const analysis = await checkPackage(createPackageFromTarballData(tarball(name)));
  expect(analysis).toMatchObject({ problems: [] });
});

it('@clientele/oidc-provider satisfies Are the types wrong?, but is an ES module, as oidc-provider is', async () => {
  const analysis = await checkPackage(createPackageFromTarballData(tarball('oidc-provider')));
  expect(analysis).toMatchObject({ problems: [expect.objectContaining({ kind: 'CJSResolvesToESM' })] });
});

describe('@clientele/oidc-provider', () => {
  it('can be imported', () => {
    const printed = execFileSync(
      process.execPath,
      ['--input-type=module', '--eval', "console.log(Object.keys(await import('@clientele/oidc-provider')).join())"],
      { cwd: consumer, encoding: 'utf8' },
    );
    expect(printed).toBe('RegistryUnavailableError,UnsupportedClientError,clienteleAdapter,useClientele\n');
  });
});

describe('@clientele/model', () => {
  it('runs the example of its README without reflect-metadata, imported and required', () => {
    const [example] = codeBlocks('libs/model/README.md', 'js');
    const required = example!.replace(/^import (.*) from (.*);$/gm, 'const $1 = require($2);');
    for (const [type, script] of [
      ['module', example!],
      ['commonjs', required],
    ] as const) {
      const printed = execFileSync(process.execPath, [`--input-type=${type}`, '--eval', script], {
        cwd: consumer,
        // Without the colours that Nx asks for.
        env: {},
        encoding: 'utf8',
      });

      expect(printed).toMatch(/^redirectUris\nfalse \[/);
      expect(printed).toContain("members: [ 'grant_types' ]");
    }
  });
});

describe('@clientele/server', () => {
  it('has an executable command, and nothing to import', async () => {
    const command = packed.server.files.find(({ path }) => path === 'bin/clientele.mjs');
    expect(command!.mode & 0o111).toBe(0o111);

    const importing = promisify(execFile)(
      process.execPath,
      ['--input-type=module', '--eval', "await import('@clientele/server')"],
      { cwd: consumer },
    );
    await expect(importing).rejects.toThrow('ERR_PACKAGE_PATH_NOT_EXPORTED');
  });

  it('starts with npx clientele serve, and performs the documented update with curl and with the SDK', async () => {
    const server = new InstalledServer({
      command: ['npx', 'clientele', 'serve'],
      folder: consumer,
      environment: { PATH: process.env.PATH!, HOME: consumer },
    });
    const { baseUrl, serviceId, accessToken } = await server.firstStart();

    expect(await documentedUpdate(baseUrl, serviceId, accessToken)).toMatchObject({ action: 'UPDATED' });
    const [script] = codeBlocks('README.md', 'js');
    writeFileSync(join(consumer, 'first-update.mjs'), script!.replaceAll('http://127.0.0.1:3000', baseUrl));
    const { stdout } = await promisify(execFile)(process.execPath, ['first-update.mjs'], {
      cwd: consumer,
      env: { SERVICE_ID: serviceId, ACCESS_TOKEN: accessToken },
    });
    expect(stdout).toMatch(/^UPDATED \{/);

    // As Ctrl-C in a terminal. An empty or deleted log shows that the server had time to write everything into the file.
    await server.stop('SIGINT');
    expect(statSync(join(consumer, 'data/clientele.db-wal'), { throwIfNoEntry: false })?.size ?? 0).toBe(0);
  });
});

function manifestOf(name: string): {
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
} {
  const path = join(consumer, 'node_modules/@clientele', name, 'package.json');
  return JSON.parse(readFileSync(path, 'utf8')) as ReturnType<typeof manifestOf>;
}
