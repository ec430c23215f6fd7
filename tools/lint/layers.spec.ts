import { Linter } from 'eslint';
import { layers } from './layers.mjs';

const ROOT = '/repository/src';

/** The messages of the rule for a file with the folders `top`, `.` and `ground`, from top to bottom. */
function problemsOf(file: string, code: string): string[] {
  const options = { root: ROOT, order: ['top', '.', 'ground'] };
  const rules = { 'layers/order': ['error', options] } satisfies Linter.RulesRecord;
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
    ['ground/deep/a.ts', "import '../b.ts';"],
  ])('accepts in %s: %s', (file, code) => {
    expect(problemsOf(file, code)).toEqual([]);
  });

  it.each([
    ['ground/a.ts', "import '../top/b.ts';"],
    ['ground/deep/a.ts', "export * from '../../main.ts';"],
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

    expect(applied.map(({ basePath }) => basePath?.split('/').slice(-3).join('/'))).toEqual([
      'apps/server/src',
      'libs/model/src',
    ]);
  });
});
