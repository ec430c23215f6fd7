import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import ts from 'typescript';
import { resolved } from './source.ts';
import { CLIENT, envelope } from './support.ts';

/** Tests of the published package, installed alone in an empty project. */

const project = join(import.meta.dirname, '..');
const workspace = join(project, '../..');
const consumer = mkdtempSync(join(tmpdir(), 'clientele-client-'));
const installed = join(consumer, 'node_modules/@clientele/client');
let tarball: string;

function run(command: string, args: string[], cwd: string): string {
  try {
    // Nx turns colours on; the escape codes would break the comparisons of the output.
    const env = { ...process.env, FORCE_COLOR: '0' };
    return execFileSync(command, args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${command} ${args[0]!} failed:\n${stdout}${stderr}`, { cause: error });
  }
}

function write(name: string, content: string): void {
  writeFileSync(join(consumer, name), content);
}

/** Runs an ES module in the project of the consumer. */
function runModule(source: string): string {
  return run(process.execPath, ['--input-type=module', '--eval', source], consumer);
}

/**
 * Type-checks files of the consumer and the declarations of the package with the compiler of the workspace. The libraries of
 * TypeScript itself are not checked, because that would take most of the time.
 */
function compile(name: string, files: string[], compilerOptions: object): void {
  const config = `tsconfig.${name}.json`;
  const common = {
    strict: true,
    skipLibCheck: false,
    skipDefaultLibCheck: true,
    noEmit: true,
    target: 'es2022',
    lib: ['es2022', 'dom'],
    types: [],
  };
  write(config, JSON.stringify({ compilerOptions: { ...common, ...compilerOptions }, files }));
  run(process.execPath, [join(workspace, 'node_modules/typescript/bin/tsc'), '-p', config], consumer);
}

/** All TypeScript examples of the README, as one module. */
const readme = [...readFileSync(join(project, 'README.md'), 'utf8').matchAll(/```ts\n(.*?)```/gs)]
  .map(([, code]) => code!)
  .join('\n');

beforeAll(() => {
  const packed = run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', consumer], project);
  const [{ filename }] = JSON.parse(packed) as [{ filename: string }];
  tarball = join(consumer, filename);
  write('package.json', JSON.stringify({ name: 'consumer', private: true }));
  run('npm', ['install', '--offline', '--no-audit', '--no-fund', '--ignore-scripts', tarball], consumer);
});

afterAll(() => {
  rmSync(consumer, { recursive: true, force: true });
});

describe('the package', () => {
  it('has no dependencies', () => {
    const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as Record<string, unknown>;
    expect(manifest).not.toHaveProperty('dependencies');
    expect(manifest).not.toHaveProperty('peerDependencies');
    expect(manifest).not.toHaveProperty('optionalDependencies');
    const folders = ['.', '@clientele'].flatMap((folder) => readdirSync(join(consumer, 'node_modules', folder)));
    expect(folders.filter((name) => !name.startsWith('.'))).toEqual(['@clientele', 'client']);
  });

  it('contains no import of the model or Node.js, and no tests', () => {
    for (const file of readdirSync(join(installed, 'dist'))) {
      const text = readFileSync(join(installed, 'dist', file), 'utf8');
      expect(text).not.toMatch(
        /@clientele\/model|class-validator|class-transformer|reflect-metadata|node:|sourceMappingURL/,
      );
    }
    const sources = readdirSync(join(installed, 'src'));
    expect(sources).toContain('index.ts');
    expect(sources.filter((name) => name.includes('.spec.'))).toEqual([]);
  });

  it('stays below its size limits', () => {
    expect(statSync(tarball).size).toBeLessThanOrEqual(120_000);
    expect(gzipSync(readFileSync(join(installed, 'dist/index.js')), { level: 9 }).length).toBeLessThanOrEqual(14_000);
    expect(statSync(join(installed, 'dist/models.d.ts')).size).toBeLessThanOrEqual(47_000);
  });
});

describe('at run time', () => {
  const names = [
    'ApiError',
    'ClientCache',
    'Clientele',
    'ClienteleError',
    'ConnectionError',
    'TimeoutError',
    'UnavailableError',
    'isOutage',
    'toHttp',
  ];

  it('can be imported', () => {
    const printed = runModule(`
      import * as client from '@clientele/client';
      import * as models from '@clientele/client/models';
      console.log(JSON.stringify([Object.keys(client), Object.keys(models)]));`);
    expect(JSON.parse(printed)).toEqual([names, []]);
  });

  it('can be required', () => {
    const printed = run(
      process.execPath,
      [
        '--eval',
        `const client = require('@clientele/client');
         const models = require('@clientele/client/models');
         const { version } = require('@clientele/client/package.json');
         console.log(JSON.stringify([Object.keys(client).sort(), Object.keys(models), version]));`,
      ],
      consumer,
    );
    const { version } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as { version: string };
    expect(JSON.parse(printed)).toEqual([names, [], version]);
  });

  it('runs the examples of the README', () => {
    const actions = { '': 'CREATED', '/get': 'OK', '/update': 'UPDATED', '/delete': 'DELETED' };
    const responses = Object.entries(actions).map(([path, action]) => [`registration${path}`, envelope(action)]);
    const secrets = [{ createdAt: 0, expiresAt: 0 }];
    const clients = { resolve: resolved('v1', { secrets }), 'secret/verify/904520': { action: 'OK', expiresAt: 0 } };
    const all: Record<string, unknown> = {
      ...(Object.fromEntries(responses) as object),
      ...clients,
      'get/904520': CLIENT,
      '904520': CLIENT,
      'get/list?limit=100&redirectHost=app.example&locked=false': { clients: [{ ...CLIENT, clientName: 'Listed' }] },
      'get/my-client': CLIENT,
      'update/my-client': CLIENT,
      'secret/refresh/my-client': {
        resultCode: 'A148001',
        resultMessage: '',
        newClientSecret: 'x'.repeat(43),
        overlapEndsAt: 1_795_806_600,
        expiresAt: 0,
      },
    };
    const service = { apiKey: 715948317, serviceName: 'Listed service' };
    Object.assign(all, {
      'service/create': service,
      'service/get/list?start=0&end=100': { start: 0, end: 1, totalCount: 1, services: [service] },
      '715948317/service/get': service,
      '715948317/service/update': { ...service, serviceName: 'New name' },
      '715948317/api_access_token/create': { id: 'a1b2', apiAccessToken: 'x'.repeat(43) },
      '715948317/initial_access_token/create': { id: 1, initialAccessToken: 'x'.repeat(43) },
    });
    const { outputText } = ts.transpileModule(readme, { compilerOptions: { module: ts.ModuleKind.ESNext } });
    const printed = runModule(`
      const responses = ${JSON.stringify(all)};
      globalThis.fetch = async (url, { headers }) => {
        const path = url.split(/\\/client\\/|\\/api\\//).at(-1);
        if (headers['If-Match']) console.log('If-Match:', headers['If-Match'], path);
        return Response.json(responses[path], { headers: { ETag: '"v1"' } });
      };
      ${outputText}
      const request = new Request('https://as.example/register', { method: 'POST', body: '{}' });
      console.log((await registrationEndpoint(request)).status);`);
    expect(printed).toContain(`904520 ${CLIENT.clientId}`);
    expect(printed).toContain("[ 'https://app.example/cb' ]");
    expect(printed).toContain('If-Match: "v1" 904520\n');
    expect(printed).toContain('904520 Listed\nIf-Match: "v1" update/my-client\n43 1795806600\n');
    expect(printed).toContain('If-Match: "v1" 715948317/service/update\n715948317 Listed service\na1b2 43 43\n');
    expect(printed.trimEnd()).toMatch(/\n201$/);
  });
});

describe('the types compile', () => {
  /** The example in the documentation of Authlete's generated SDK. */
  const example = `
    import { ApiServiceIdClientRegistrationUpdate } from "@clientele/client/models";

    let value: ApiServiceIdClientRegistrationUpdate = {
      clientId: 904520,
      token: "<value>",
      json: "{key: 3378765542787724, key1: null, key2: \\"<value>\\"}",
    };`;
  const modules = ['readme.mts', 'result-types.mts', 'example.mts'];
  const scripts = ['example.cts', 'required.cts'];

  beforeAll(() => {
    const resultTypes = readFileSync(join(project, 'test/result-types.ts'), 'utf8');
    write('readme.mts', readme);
    write('result-types.mts', resultTypes.replaceAll('../src/index.ts', '@clientele/client'));
    write('example.mts', example);
    write('example.cts', example);
    write('example.ts', example);
    write(
      'required.cts',
      `import client = require('@clientele/client');
       const { Clientele } = client;
       const result: Promise<client.DeleteResult> = new Clientele({ baseUrl: '', serviceId: 1, accessToken: '' })
         .registration.delete({ clientId: 1, token: '' });`,
    );
  });

  it('as ES modules and CommonJS in Node.js', () => {
    compile('nodenext', [...modules, ...scripts], { module: 'nodenext' });
  });

  it('with a bundler', () => {
    compile('bundler', [...modules, 'example.ts'], { module: 'esnext', moduleResolution: 'bundler' });
  });

  it('without the DOM types', () => {
    const typeRoots = [join(workspace, 'node_modules/@types')];
    compile('node', [...modules, ...scripts], { module: 'nodenext', lib: ['es2022'], types: ['node'], typeRoots });
  });

  it('with the module resolution of Node.js 10', () => {
    compile('node10', ['example.ts'], {
      module: 'commonjs',
      moduleResolution: 'node10',
      ignoreDeprecations: '6.0',
    });
  });

  it('with the strictest compiler options', () => {
    compile('strictest', modules, {
      module: 'nodenext',
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      noPropertyAccessFromIndexSignature: true,
    });
  });

  it('and are equal to those of @clientele/model', () => {
    const names = [...readFileSync(join(project, 'src/models.ts'), 'utf8').matchAll(/^ {2}(\w+),$/gm)].map(
      ([, name]) => name!,
    );
    expect(names.length).toBeGreaterThan(15);
    write(
      'models.mts',
      `import type * as Model from '${join(workspace, 'libs/model/src/index.ts')}';
       import type * as Published from '@clientele/client/models';
       type Named<T> = keyof { [K in keyof T as string extends K ? never : K]: T };
       type Both<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
       type Equal<A, B> = [Both<A, B>, Both<Named<A>, Named<B>>];
       ${names.map((name) => `export const ${name}: Equal<Model.${name}, Published.${name}> = [true, true];`).join('\n')}`,
    );
    compile('models', ['models.mts'], {
      module: 'nodenext',
      lib: ['es2023', 'es2024.string', 'dom'],
      exactOptionalPropertyTypes: true,
      allowImportingTsExtensions: true,
      experimentalDecorators: true,
      emitDecoratorMetadata: true,
      useDefineForClassFields: false,
      skipLibCheck: true,
    });
  });
});
