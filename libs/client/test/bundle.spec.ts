import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { rolldown, type OutputChunk } from 'rolldown';

/** The most bytes of a program that makes one call, compressed with gzip. */
const LIMIT = 4_800;

const project = join(import.meta.dirname, '..');

/** Bundles a module for browsers that imports `@clientele/client`. */
async function bundle(source: string): Promise<OutputChunk> {
  const entry = join(project, 'test/entry.js');
  const build = await rolldown({
    input: entry,
    platform: 'browser',
    resolve: { conditionNames: ['@clientele/source', 'browser', 'import'] },
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === entry ? id : undefined),
        load: (id) => (id === entry ? source : undefined),
      },
    ],
    onLog: (_level, { message }) => {
      throw new Error(message);
    },
  });
  // The default is a regular expression of another realm, which the bundler does not recognize in a test.
  const { output } = await build.generate({ format: 'esm', minify: true, sourcemapIgnoreList: false });
  await build.close();
  expect(output).toHaveLength(1);
  return output[0];
}

const construct = `
  import { Clientele } from '@clientele/client';
  const clientele = new Clientele({ baseUrl: 'https://clientele.example', serviceId: 1, accessToken: 't' });`;

describe('a program that makes one call', () => {
  it.each([
    ['register', `console.log(await clientele.registration.register({ metadata: {} }));`],
    ['resolve', `console.log(await clientele.clients.resolve({ clientId: 'a' }));`],
  ])('is small: %s', async (_, call) => {
    const { code, imports, moduleIds } = await bundle(construct + call);
    expect(imports).toEqual([]);
    expect(moduleIds.filter((id) => id.includes('/cache/'))).toEqual([]);
    expect(code).not.toContain('subtle');
    const size = gzipSync(code).length;
    if (size > LIMIT) throw new Error(`The program has ${size} bytes; at most ${LIMIT} are wanted.`);
  });
});
