import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ServerProcess } from '../crash/server-process.ts';
import { ROOT } from '../docs/root.ts';
import { MANIFESTS } from '../manifests.ts';
import { configured } from './accepted-settings.ts';
import { DOCKERFILE, IMAGE_ENVIRONMENT, instructions, STAGES } from './dockerfile.ts';

describe('the Dockerfile', () => {
  it('uses one version of Node.js, which the server supports', () => {
    const [, version] = /^ARG NODE_IMAGE=node:(\d+)\.\d+\.\d+-\w+-slim$/m.exec(DOCKERFILE) ?? [];
    const [, oldest] = /^>=(\d+)\./.exec(MANIFESTS.get('package.json')!.engines.node) ?? [];

    expect(Number(version)).toBeGreaterThanOrEqual(Number(oldest));
    for (const [from] of STAGES) expect(from).toMatch(/^FROM \$\{NODE_IMAGE\}( AS \w+)?$/);
  });

  it('copies existing files only, and the manifest of every project before the installation', () => {
    const copied = instructions('COPY', STAGES[0]).flatMap((words) => words.split(' ').slice(0, -1));

    expect(copied.filter((path) => !existsSync(new URL(path, ROOT)))).toEqual([]);
    expect(copied).toEqual(expect.arrayContaining([...MANIFESTS.keys()]));
  });

  it('creates an image that runs as a user other than root, given by number', () => {
    expect(instructions('USER')).toEqual(['1000:1000']);
  });

  it('sets what the server accepts, and declares its port and its volume', () => {
    const { host, port, dataDir } = configured(IMAGE_ENVIRONMENT);

    expect(host).toBe('0.0.0.0');
    expect(instructions('EXPOSE')).toEqual([String(port)]);
    expect(instructions('VOLUME')).toEqual([dataDir]);
  });

  it('starts the command clientele, by default with serve', () => {
    expect(instructions('ENTRYPOINT')).toEqual(['["node", "/app/bin/clientele.mjs"]']);
    expect(instructions('CMD')).toEqual(['["serve"]']);
    expect(existsSync(new URL('apps/server/bin/clientele.mjs', ROOT))).toBe(true);
    expect(instructions('STOPSIGNAL')).toEqual(['SIGTERM']);
  });

  it('checks the health of the server, on MANAGEMENT_PORT if it is set, otherwise on PORT', async () => {
    const [, command] = /CMD (\[.*\])$/.exec(instructions('HEALTHCHECK')[0]!) ?? [];
    const [, ...words] = JSON.parse(command!) as string[];
    const check = (env: Readonly<Record<string, string>>) => promisify(execFile)(process.execPath, words, { env });
    const dataDir = mkdtempSync(join(tmpdir(), 'clientele-image-'));
    const server = new ServerProcess({ DATA_DIR: dataDir });
    const { port } = new URL((await server.listening()).baseUrl);

    await expect(check({ PORT: port })).resolves.toBeDefined();
    await expect(check({ MANAGEMENT_PORT: port, PORT: '1' })).resolves.toBeDefined();
    await server.stop();
    await expect(check({ PORT: port })).rejects.toMatchObject({ code: 1 });
    rmSync(dataDir, { recursive: true });
  });
});

describe('.dockerignore', () => {
  const patterns = readFileSync(new URL('.dockerignore', ROOT), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));

  it('sends only files to the builder that it names, and that exist', () => {
    expect(patterns[0]).toBe('*');
    const named = patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1));
    expect(named.filter((path) => !existsSync(new URL(path, ROOT)))).toEqual([]);
    expect(named).toEqual(
      expect.arrayContaining(['package.json', 'package-lock.json', '.npmrc', 'apps', 'libs', 'tools']),
    );
  });

  it('keeps out dependencies, data and secrets', () => {
    expect(patterns).toEqual(expect.arrayContaining(['**/node_modules', '**/data', '**/secrets']));
    expect(readFileSync(new URL('.gitignore', ROOT), 'utf8')).toMatch(/^secrets\/$/m);
  });
});
