import { Linter } from 'eslint';
import { layers } from './layers.mjs';

const ROOT = '/repository/src';

/** The messages of the rule for a file with the folders `top`, `.` and `ground`, and `upper` and `lower` in `ground`. */
function problemsOf(file: string, code: string): string[] {
  const folders = { root: ROOT, order: ['top', '.', 'ground'] };
  const nested = { root: `${ROOT}/ground`, order: ['.', 'upper', 'lower'] };
  const rules = { 'layers/order': ['error', folders, nested] } satisfies Linter.RulesRecord;
  const messages = new Linter({ cwd: '/' }).verify(
    code,
    [{ files: ['**/*.ts'], plugins: { layers: { rules: { order: layers } } }, rules }],
    {
      filename: `${ROOT}/${file}`,
    },
  );
  return messages.map(({ message }) => message);
}

describe('the rule of layers', () => {
  it.each([
    ['top/a.ts', "import '../ground/b.ts';"],
    ['top/a.ts', "import './b.ts'; import '../main.ts'; import 'node:fs';"],
    ['main.ts', "import './ground/b.ts';"],
    ['ground/upper/a.ts', "import '../lower/b.ts';"],
  ])('accepts in %s: %s', (file, code) => {
    expect(problemsOf(file, code)).toEqual([]);
  });

  it.each([
    ['ground/a.ts', "import '../top/b.ts';"],
    ['ground/lower/a.ts', "export * from '../../main.ts';"],
    ['ground/lower/a.ts', "import '../upper/b.ts';"],
    ['main.ts', "export { b } from './top/b.ts';"],
    ['ground/a.ts', "await import('../top/b.ts');"],
  ])('refuses in %s: %s', (file, code) => {
    expect(problemsOf(file, code)).toEqual([expect.stringContaining('above it in the table of layers')]);
  });

  it('refuses a folder that is not in the table', () => {
    expect(problemsOf('top/a.ts', "import '../new/b.ts';")).toEqual([
      'new is not in the table of layers (eslint.config.mjs).',
    ]);
  });

  it('applies to the server and the model', async () => {
    const { href } = new URL('../../eslint.config.mjs', import.meta.url);
    const { default: config } = (await import(href)) as { default: readonly Linter.Config[] };
    const applied = config.filter(({ rules }) => rules?.['layers/order'] !== undefined);

    expect(applied.map(({ files }) => files)).toEqual([
      ['apps/server/src/**/*.ts', 'apps/server/src/administration/**/*.ts', 'libs/model/src/**/*.ts'],
    ]);
  });
});
