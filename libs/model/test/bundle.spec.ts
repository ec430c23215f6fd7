import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { rolldown, type OutputChunk } from 'rolldown';
import { decide, readRequest, type DecisionContext, type RegistrationSettings } from '../src/decision.ts';
import { acceptedBy, fieldOf, NAMES, refusedBy } from './samples.ts';

/** The most bytes of the decision in a browser, compressed with gzip. */
const LIMIT = 31_000;

const model = join(import.meta.dirname, '..');

/** Bundles a module for browsers that imports `@clientele/model/decision`. */
async function bundle(source: string): Promise<OutputChunk> {
  const entry = join(model, 'test/entry.js');
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
  const { output } = await build.generate({
    format: 'iife',
    name: 'decision',
    minify: true,
    sourcemapIgnoreList: false,
  });
  await build.close();
  expect(output).toHaveLength(1);
  return output[0];
}

/** Valid and invalid values of each member. */
const members = Object.fromEntries(
  NAMES.map((name) => [
    name,
    fc.oneof(
      { weight: 12, arbitrary: fc.constant(acceptedBy(name)) },
      { weight: 2, arbitrary: fc.constantFrom(...(fieldOf(name).values ?? ['x'])) },
      { weight: 1, arbitrary: fc.constantFrom(...refusedBy(name).map(([value]) => value)) },
      { weight: 1, arbitrary: fc.jsonValue() },
    ),
  ]),
);
const few = fc.subarray(Object.keys(members), { maxLength: 8 }).chain((names) =>
  fc.record({
    redirect_uris: fc.oneof(
      { weight: 6, arbitrary: fc.constant(['https://client.example.org/a', 'http://localhost/callback']) },
      { weight: 1, arbitrary: fc.array(fc.oneof(fc.webUrl(), fc.string()), { maxLength: 3 }) },
    ),
    ...Object.fromEntries(names.map((name) => [name, members[name]!])),
  }),
);
const documents = fc.oneof(
  { weight: 18, arbitrary: few.map((each) => JSON.stringify(each)) },
  { weight: 1, arbitrary: fc.json() },
  { weight: 1, arbitrary: fc.string() },
);
const settings: fc.Arbitrary<RegistrationSettings> = fc.record(
  {
    unsupportedValues: fc.constantFrom('STRICT', 'NARROW'),
    supportedGrantTypes: fc.subarray(['AUTHORIZATION_CODE', 'REFRESH_TOKEN', 'IMPLICIT']),
    supportedScopes: fc.subarray([{ name: 'openid', defaultEntry: true }, { name: 'email' }]),
    supportedCustomClientMetadata: fc.constant(['billing']),
    dcrDuplicateSoftwareIdBlocked: fc.boolean(),
  },
  { requiredKeys: [] },
);
const contexts: fc.Arbitrary<DecisionContext> = fc.record({
  plane: fc.constantFrom('api', 'protocol'),
  operation: fc.constant('register'),
  findings: fc.constantFrom('first', 'all'),
});

describe('the decision in a browser', () => {
  it('is one small script without any module of Node', async () => {
    const { code, imports, dynamicImports, moduleIds } = await bundle(`export * from '@clientele/model/decision';`);

    expect([...imports, ...dynamicImports]).toEqual([]);
    expect(moduleIds.filter((id) => !id.startsWith(model))).toEqual([]);
    expect(code).not.toMatch(/\brequire\(|node:|class-validator/);
    const size = gzipSync(code).length;
    if (size > LIMIT) throw new Error(`The decision has ${size} bytes; at most ${LIMIT} are wanted.`);
  });

  it('decides as it does in Node, without any global of a host', async () => {
    const { code } = await bundle(`
      import { decide, readRequest } from '@clientele/model/decision';
      export const decided = (text, settings, context) =>
        JSON.stringify(decide(readRequest(text), JSON.parse(settings), JSON.parse(context)));`);
    const inBrowser = runInContext(`${code}\ndecision.decided`, createContext({})) as (...texts: string[]) => string;
    let refused = 0;

    fc.assert(
      fc.property(documents, settings, contexts, (text, service, context) => {
        const decision = decide(readRequest(text), service, context);
        if (!decision.accepted) refused++;
        expect(inBrowser(text, JSON.stringify(service), JSON.stringify(context))).toBe(JSON.stringify(decision));
      }),
      { numRuns: 1000 },
    );
    // Some documents must be accepted, and some must be refused.
    expect(refused).toBeGreaterThan(100);
    expect(refused).toBeLessThan(900);
  });

  it('does what docs/decision.md shows', async () => {
    const page = readFileSync(join(model, '../../docs/decision.md'), 'utf8');
    const [[, example] = [], [, expected] = []] = ['js', 'text'].map(
      (language) => new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(page) ?? [],
    );
    const { code } = await bundle(example!);
    const lines: string[] = [];
    const console = { log: (...words: readonly unknown[]) => lines.push(words.map(String).join(' ')) };
    runInContext(code, createContext({ console }));
    expect(`${lines.join('\n')}\n`).toBe(expected);
  });
});
