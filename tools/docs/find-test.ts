import { titlesIn } from './conformance/titles.ts';
import { ROOT, sourceFile } from './root.ts';

interface FoundTest {
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
  const file = name.endsWith('.e2e-spec.ts') ? `apps/server/test/${name}` : sourceFile(name);
  const wanted = titles.join(' > ');
  const title = titlesIn(new URL(file, ROOT).pathname).find((title) => ` > ${title}`.endsWith(` > ${wanted}`));
  if (title === undefined) throw new Error(`${file} has no test with the title "${wanted}".`);
  return { file, title };
}
