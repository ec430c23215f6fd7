import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { validate } from 'dockerfile-utils';
import { ServerProcess } from '../crash/server-process.ts';
import { ROOT } from '../docs/root.ts';
import { configured } from './accepted-settings.ts';
import { DOCKERFILE, IMAGE_ENVIRONMENT, inImage, stages } from './dockerfile.ts';

interface Manifest {
  readonly workspaces: readonly string[];
  readonly engines: { readonly node: string };
}

const workspace = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8')) as Manifest;

describe('the Dockerfile', () => {
  it('satisfies the linter', () => {
    expect(validate(DOCKERFILE)).toEqual([]);
  });

  it('starts from one version of Node.js that the server supports', () => {
    const [, version] = /^ARG NODE_IMAGE=node:(\d+\.\d+\.\d+)-\w+-slim$/m.exec(DOCKERFILE) ?? [];
    const [, oldest] = /^>=(\d+)\./.exec(workspace.engines.node) ?? [];

    expect(Number(version?.split('.')[0])).toBeGreaterThanOrEqual(Number(oldest));
    for (const [from] of stages()) expect(from!.words).toMatch(/^\$\{NODE_IMAGE\}( AS \w+)?$/);
  });

  it('copies nothing that is not there, and the manifest of every project before it installs', () => {
    const [build] = stages();
    const copied = build!
      .filter(({ keyword }) => keyword === 'COPY')
      .flatMap(({ words }) => words.split(' ').slice(0, -1));

    for (const path of copied) expect([path, existsSync(new URL(path, ROOT))]).toEqual([path, true]);
    for (const project of ['apps/server', 'libs/client', 'libs/model', 'tools']) {
      expect(copied).toContain(`${project}/package.json`);
    }
    const { packages } = JSON.parse(readFileSync(new URL('package-lock.json', ROOT), 'utf8')) as { packages: object };
    const projects = Object.keys(packages).filter((place) => /^(apps|libs|tools)(\/\w+)?$/.test(place));
    expect(projects.every((project) => copied.includes(`${project}/package.json`))).toBe(true);
  });

  it('makes an image whose user is not root, and is known by number', () => {
    expect(inImage('USER')).toEqual(['1000:1000']);
  });

  it('has settings that the server accepts, the port that it listens on, and the volume that it writes', () => {
    const { host, port, dataDir } = configured(IMAGE_ENVIRONMENT);

    expect(host).toBe('0.0.0.0');
    expect(inImage('EXPOSE')).toEqual([String(port)]);
    expect(inImage('VOLUME')).toEqual([dataDir]);
  });

  it('starts the command of the operator, with serve where nothing else is asked for', () => {
    expect(inImage('ENTRYPOINT')).toEqual(['["node", "/app/bin/clientele.mjs"]']);
    expect(inImage('CMD')).toEqual(['["serve"]']);
    expect(existsSync(new URL('apps/server/bin/clientele.mjs', ROOT))).toBe(true);
    expect(inImage('STOPSIGNAL')).toEqual(['SIGTERM']);
  });

  describe('asks for the health of the server', () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'clientele-image-'));
    const [, command] = /CMD (\[.*\])$/.exec(inImage('HEALTHCHECK')[0]!) ?? [];
    const [program, ...words] = JSON.parse(command!) as [string, ...string[]];

    /** Runs the command of the health check as the engine would: in the environment of the container. */
    const check = (settings: Readonly<Record<string, string>>): Promise<unknown> =>
      promisify(execFile)(program === 'node' ? process.execPath : program, words, { env: settings });

    afterAll(() => {
      rmSync(dataDir, { recursive: true });
    });

    it.each(['PORT', 'MANAGEMENT_PORT'])('which is well while it can be called, and else is not (%s)', async (name) => {
      const port = await freePort();
      const server = new ServerProcess({ DATA_DIR: dataDir, [name]: String(port) });
      await server.listening();

      await expect(check({ [name]: String(port) })).resolves.toBeDefined();
      await server.stop();
      await expect(check({ [name]: String(port) })).rejects.toMatchObject({ code: 1 });
    });
  });
});

describe('what is sent to the builder', () => {
  const patterns = readFileSync(new URL('.dockerignore', ROOT), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));

  it('is nothing but what is named', () => {
    expect(patterns[0]).toBe('*');
    const named = patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1));
    for (const path of named) expect([path, existsSync(new URL(path, ROOT))]).toEqual([path, true]);
    expect(named).toEqual(
      expect.arrayContaining(['package.json', 'package-lock.json', '.npmrc', 'apps', 'libs', 'tools']),
    );
  });

  it('has no dependency, no data and no secret in it', () => {
    expect(patterns).toEqual(expect.arrayContaining(['**/node_modules', '**/data', '**/secrets']));
    expect(readFileSync(new URL('.gitignore', ROOT), 'utf8')).toMatch(/^secrets\/$/m);
  });
});

async function freePort(): Promise<number> {
  const { createServer } = await import('node:net');
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
