import { titlesIn } from './conformance/titles.ts';
import { ROOT } from './root.ts';

/** The folders of test files, by their names. */
const FOLDERS: readonly (readonly [pattern: RegExp, folder: string])[] = [
  [/^model\//, 'libs/model/src/'],
  [/\.e2e-spec\.ts$/, 'apps/server/test/'],
  [/\.spec\.ts$/, 'apps/server/src/'],
];

export interface FoundTest {
  /** Path below the root. */
  readonly file: string;
  /** With the titles of the groups around it. */
  readonly title: string;
}

/**
 * Finds a test by its file and title: `file > title`, with enough titles of groups to be unique. An `e2e-spec` of the server is named
 * without folder, a file of the model is `model/path`, any other is below `apps/server/src`. Throws if there is no such test.
 */
export function findTest(reference: string): FoundTest {
  const [name = '', ...titles] = reference.split(' > ');
  const [pattern, folder] = FOLDERS.find(([pattern]) => pattern.test(name)) ?? [/^/, ''];
  const file = folder + (name.startsWith('model/') ? name.replace(pattern, '') : name);
  const wanted = titles.join(' > ');
  const title = titlesIn(new URL(file, ROOT).pathname).find((title) => ` > ${title}`.endsWith(` > ${wanted}`));
  if (title === undefined) throw new Error(`${file} has no test with the title "${wanted}".`);
  return { file, title };
}
